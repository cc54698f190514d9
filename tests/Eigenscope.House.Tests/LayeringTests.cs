using System.Xml.Linq;

namespace Eigenscope.House.Tests;

/// <summary>The arrows between projects, read from the project files; that code cannot go around them is the compiler's business.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Eigenscope.Numerics"] = [],
        ["Eigenscope.Formats"] = [],
        ["Eigenscope.Theory"] = ["Eigenscope.Numerics"],
        ["Eigenscope.Learning"] = ["Eigenscope.Formats", "Eigenscope.Numerics"],
        ["Eigenscope.Analysis"] = ["Eigenscope.Learning", "Eigenscope.Numerics"],
        ["Eigenscope.Experiments"] = ["Eigenscope.Analysis", "Eigenscope.Formats", "Eigenscope.Learning", "Eigenscope.Numerics", "Eigenscope.Theory"],
        ["Eigenscope.Pages"] = ["Eigenscope.Experiments", "Eigenscope.Formats"],
        ["Eigenscope.Cli"] = ["Eigenscope.Experiments", "Eigenscope.Pages"],
        ["Eigenscope.Dashboard"] = ["Eigenscope.Experiments"],
    };

    public static TheoryData<string> Projects() => [.. Repository.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_go_down_only(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} has no place in the layering: add it here and to ARCHITECTURE.md");

        IEnumerable<string> references = XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed!, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_is_in_the_solution(string path) => Assert.Contains($"Path=\"{path}\"", Repository.Read("Eigenscope.slnx"), StringComparison.Ordinal);

    [Fact]
    public void Package_versions_are_in_one_place()
    {
        IEnumerable<string> versioned = new[] { "src", "tests", "bench", "docs" }.SelectMany(folder => Repository.Files(folder, "*.csproj"))
            .Where(path => XDocument.Parse(Repository.Read(path)).Descendants("PackageReference").Any(reference => reference.Attribute("Version") is not null));

        Assert.Empty(versioned);
    }
}
