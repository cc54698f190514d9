namespace Eigenscope.Testing.Files;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("eigenscope-").FullName;

    /// <summary>The path of something in it.</summary>
    /// <param name="name">Relative path.</param>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Everything in it by relative path, to see that nothing was left behind.</summary>
    public IReadOnlyList<string> Entries => [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Select(entry => System.IO.Path.GetRelativePath(Path, entry)).Order(StringComparer.Ordinal)];

    /// <summary>Writes a file, with the folders above it.</summary>
    /// <param name="name">Relative path.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Its full path.</returns>
    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Writes a text file, with the folders above it.</summary>
    /// <param name="name">Relative path.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Its full path.</returns>
    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
