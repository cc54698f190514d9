using System.Text.RegularExpressions;

namespace Eigenscope.House.Tests;

/// <summary>The limits on size, and what no file of the project may hold.</summary>
public sealed partial class SourceShapeTests
{
    private const int MaxFileLines = 500;
    private const int MaxMethodLines = 90;
    private static readonly string[] Folders = ["src", "tests", "bench", "docs", "build", ".ci"];
    private static readonly string[] TextExtensions = [".cs", ".csproj", ".props", ".targets", ".slnx", ".md", ".json", ".cff", ".txt", ".py", ".sh", ".editorconfig", ""];

    [Fact]
    public void No_source_file_is_longer_than_the_limit()
    {
        IEnumerable<string> tooLong = Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"))
            .Select(path => (Path: path, Lines: Repository.Read(path).Count(character => character == '\n')))
            .Where(file => file.Lines > MaxFileLines)
            .Select(file => $"{file.Path}: {file.Lines} lines, the limit is {MaxFileLines}");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_method_is_longer_than_the_limit() =>
        Assert.Empty(Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).SelectMany(path => LongMethods(path, Repository.Read(path))));

    [Fact]
    public void The_search_for_long_methods_finds_one()
    {
        string body = string.Concat(Enumerable.Repeat("        Step();\n", MaxMethodLines));
        string source = $"public sealed class Outer\n{{\n    private void Walk()\n    {{\n{body}    }}\n}}\n";

        Assert.Equal(["x.cs: 91 lines from \"private void Walk()\", the limit is 90"], LongMethods("x.cs", source));
        Assert.Empty(LongMethods("x.cs", source.Replace("private void Walk()", "private sealed class Inner", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_text_names_a_path_of_one_machine()
    {
        // Written in parts, so that this file does not find itself.
        string[] traces = ["/" + "work/", "/" + "tmp/", "/" + "root/", "/" + "home/", ".." + "/shared", "C:" + "\\Users"];
        IEnumerable<string> found = TextFiles().SelectMany(path => Repository.Read(path).Split('\n')
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(line => traces.Any(trace => line.Line.Contains(trace, StringComparison.Ordinal)))
            .Select(line => $"{path}:{line.Number}: {line.Line.Trim()}"));

        Assert.Empty(found);
    }

    private static IEnumerable<string> TextFiles() =>
        Folders.Where(folder => Directory.Exists(Repository.PathOf(folder))).SelectMany(folder => Repository.Files(folder))
            .Concat(Directory.EnumerateFiles(Repository.Root).Select(path => Path.GetFileName(path)))
            .Where(path => TextExtensions.Contains(Path.GetExtension(path), StringComparer.Ordinal));

    // A body is what lies between "{" and "}" alone on lines of the same indentation; the formatter sees to it that they are.
    private static IEnumerable<string> LongMethods(string path, string source)
    {
        string[] lines = source.Split('\n');
        for (int start = 1; start < lines.Length; start++)
        {
            string indent = lines[start].TrimEnd('{');
            if (lines[start].Length != indent.Length + 1 || indent.Trim().Length != 0 || TypeDeclaration().IsMatch(Declaration(lines, start)))
                continue;
            int length = Array.FindIndex(lines, start, line => string.Equals(line.TrimEnd(';', ',', ')'), indent + "}", StringComparison.Ordinal)) - start;
            if (length > MaxMethodLines)
                yield return $"{path}: {length} lines from \"{lines[start - 1].Trim()}\", the limit is {MaxMethodLines}";
        }
    }

    // A declaration may go over several lines: its base list and its constraints are indented further than its start.
    private static string Declaration(string[] lines, int brace)
    {
        int indent = lines[brace].Length - 1;
        int first = brace - 1;
        while (first > 0 && lines[first].Length > indent && lines[first][indent] == ' ')
            first--;
        return string.Join(' ', lines[first..brace]);
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace)\b")]
    private static partial Regex TypeDeclaration();
}
