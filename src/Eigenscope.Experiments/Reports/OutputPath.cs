namespace Eigenscope.Experiments.Reports;

/// <summary>Finds out before hours of work that a result could not be written after them. Nothing that exists is opened or changed.</summary>
public static class OutputPath
{
    /// <summary>Checks that a file can be written: its folder exists and takes a new file, and the path is not a folder, a device or a read-only file.</summary>
    /// <param name="option">The option that named the path, for the message: "--json".</param>
    /// <param name="path">The path.</param>
    /// <exception cref="UsageException">It cannot be written; one line that names option and path and says why.</exception>
    public static void RequireWritable(string option, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(option);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new UsageException($"{option}: expected the path of a file to write, got an empty or unusable one");
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
            throw new UsageException($"{option}: expected the path of a file to write, '{path}' is a folder");
        // Writing is done by renaming a finished file: over a device, that would replace the device.
        if (!OperatingSystem.IsWindows() && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal)))
            throw new UsageException($"{option}: expected the path of a file to write, '{path}' is a device");
        if (File.Exists(full) && File.GetAttributes(full).HasFlag(FileAttributes.ReadOnly))
            throw new UsageException($"{option}: cannot write '{path}': the file is read-only");
        string folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            throw new UsageException($"{option}: cannot write '{path}': there is no folder '{folder}'; create it first");
        if (FolderProblem(folder) is { } problem)
            throw new UsageException($"{option}: cannot write '{path}': {problem}");
    }

    /// <summary>Tries to create a file in a folder, and removes it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>Why it cannot be done, in one line; null when it can.</returns>
    internal static string? FolderProblem(string folder)
    {
        try
        {
            string probe = Path.Combine(folder, $".eigenscope.{Path.GetRandomFileName()}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"the folder '{folder}' takes no new file ({failure.Message.ReplaceLineEndings(" ").TrimEnd('.')})";
        }
    }
}
