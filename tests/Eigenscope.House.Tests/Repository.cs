namespace Eigenscope.House.Tests;

/// <summary>The checkout the tests run from.</summary>
internal static class Repository
{
    private static readonly string[] BuildOutput = ["bin", "obj", "artifacts", "BenchmarkDotNet.Artifacts", "TestResults", ".git", "node_modules"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    public static string Read(string relative) => File.ReadAllText(PathOf(relative)).ReplaceLineEndings("\n");

    /// <summary>Paths relative to the root, with forward slashes, of the files under a folder that are not build output.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*")
    {
        string start = PathOf(folder);
        foreach (string path in Directory.EnumerateFiles(start, pattern))
            yield return Path.GetRelativePath(Root, path).Replace('\\', '/');
        foreach (string inner in Directory.EnumerateDirectories(start).Where(inner => !BuildOutput.Contains(Path.GetFileName(inner), StringComparer.Ordinal)))
        {
            foreach (string path in Files(Path.GetRelativePath(Root, inner), pattern))
                yield return path;
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Eigenscope.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"no Eigenscope.slnx above {AppContext.BaseDirectory}: the house's tests read the checkout they were built in");
    }
}
