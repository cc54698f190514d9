namespace Eigenscope.House.Tests;

/// <summary>The named regions of the compiled snippets.</summary>
internal static class SnippetFiles
{
    /// <summary>The text of a region without its common indentation.</summary>
    public static string Region(string name)
    {
        string[] lines = [.. Repository.Files("docs/snippets", "*.cs").SelectMany(path => Repository.Read(path).Split('\n'))];
        int start = Array.FindIndex(lines, line => string.Equals(line.Trim(), $"#region {name}", StringComparison.Ordinal));
        Assert.True(start >= 0, $"no \"#region {name}\" in docs/snippets");
        int end = Array.FindIndex(lines, start, line => string.Equals(line.Trim(), "#endregion", StringComparison.Ordinal));
        string[] body = lines[(start + 1)..end];
        int indent = body.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', body.Select(line => line.Length > 0 ? line[indent..] : line)).Trim('\n');
    }
}
