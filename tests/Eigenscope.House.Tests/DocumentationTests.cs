using System.Text.RegularExpressions;

namespace Eigenscope.House.Tests;

/// <summary>What the documents promise is there: links, launchers, commands, and code that is compiled elsewhere.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Documents() => [.. MarkdownFiles()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_to_files_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(document) ?? "";
        IEnumerable<string> broken = Link().Matches(Repository.Read(document)).Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
            .Where(target => !Path.Exists(Repository.PathOf(Path.Combine(folder, target.Split('#')[0]))));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Code_is_the_compiled_snippet(string document)
    {
        string text = Repository.Read(document);
        MatchCollection blocks = SnippetBlock().Matches(text);
        Assert.Equal(text.Split("```csharp").Length - 1, blocks.Count);

        foreach (Match block in blocks)
            Assert.Equal(SnippetFiles.Region(block.Groups["name"].Value), block.Groups["code"].Value.TrimEnd('\n'));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_are_described_in_the_reference(string document)
    {
        string reference = Repository.Read("docs/cli.md");
        IEnumerable<string> unknown = Command().Matches(Repository.Read(document)).Select(match => match.Groups["command"].Value).Distinct(StringComparer.Ordinal)
            .Where(command => !reference.Contains($"\n## `{command}`\n", StringComparison.Ordinal));

        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("eigenscope")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void Launchers_can_be_run(string launcher)
    {
        Assert.StartsWith("#!/usr/bin/env bash\n", Repository.Read(launcher), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.True(File.GetUnixFileMode(Repository.PathOf(launcher)).HasFlag(UnixFileMode.UserExecute));
    }

    private static IEnumerable<string> MarkdownFiles() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Select(path => Path.GetFileName(path)).Concat(Repository.Files("docs", "*.md")).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SnippetBlock();

    [GeneratedRegex(@"(?<![\w/])(?:\./)?eigenscope (?<command>[a-z]+)(?=[ `\n])")]
    private static partial Regex Command();
}
