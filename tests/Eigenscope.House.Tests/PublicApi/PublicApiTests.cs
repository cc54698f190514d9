using System.Reflection;

namespace Eigenscope.House.Tests.PublicApi;

/// <summary>The public interface of every library against the listing kept beside this file: a change of it is meant, and seen in review.</summary>
public sealed class PublicApiTests
{
    private const string UpdateVariable = "EIGENSCOPE_UPDATE_SNAPSHOTS";
    private const string Folder = "tests/Eigenscope.House.Tests/PublicApi";

    [Theory]
    [InlineData("Eigenscope.Numerics")]
    [InlineData("Eigenscope.Formats")]
    [InlineData("Eigenscope.Learning")]
    [InlineData("Eigenscope.Analysis")]
    [InlineData("Eigenscope.Experiments")]
    public void Public_interface_is_the_one_that_was_agreed(string library)
    {
        string path = Repository.PathOf($"{Folder}/{library}.txt");
        string actual = ApiListing.Of(Assembly.Load(library));
        if (string.Equals(Environment.GetEnvironmentVariable(UpdateVariable), "1", StringComparison.Ordinal))
            File.WriteAllText(path, actual);

        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

        Assert.True(string.Equals(expected, actual, StringComparison.Ordinal), Difference(library, expected, actual));
    }

    [Fact]
    public void Every_library_has_its_listing()
    {
        IEnumerable<string> libraries = Repository.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !name.EndsWith(".Cli", StringComparison.Ordinal));

        IEnumerable<string> listings = Repository.Files(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Equal(libraries.Order(StringComparer.Ordinal), listings.Order(StringComparer.Ordinal));
    }

    private static string Difference(string library, string expected, string actual)
    {
        string[] before = expected.Split('\n');
        string[] after = actual.Split('\n');
        IEnumerable<string> removed = before.Except(after, StringComparer.Ordinal).Select(line => $"- {line.Trim()}");
        IEnumerable<string> added = after.Except(before, StringComparer.Ordinal).Select(line => $"+ {line.Trim()}");
        string lines = string.Join('\n', removed.Concat(added));
        return $"the public interface of {library} changed:\n{(lines.Length == 0 ? "(the same lines in another order)" : lines)}\n"
            + $"If that is meant: {UpdateVariable}=1 ./test --filter PublicApi, and commit {Folder}/{library}.txt.";
    }
}
