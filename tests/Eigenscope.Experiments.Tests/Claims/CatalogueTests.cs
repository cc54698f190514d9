using System.Text.RegularExpressions;
using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>The catalogue as a whole.</summary>
public sealed partial class CatalogueTests
{
    /// <summary>The claims' names.</summary>
    public static TheoryData<string> Names => [.. Catalogue.All.Select(static claim => claim.Id)];

    [Fact]
    public void Names_are_different_and_none_is_that_of_a_paper()
    {
        string[] names = [.. Catalogue.All.Select(static claim => claim.Id)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(Catalogue.All, claim => names.Contains(claim.Paper.Key, StringComparer.Ordinal));
        Assert.All(Catalogue.All.GroupBy(static claim => claim.Paper.Key, StringComparer.Ordinal), static paper => Assert.Single(paper.Select(static claim => claim.Paper).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_says_what_it_needs_to(string id)
    {
        Claim claim = Catalogue.All.Single(claim => claim.Id == id);

        Assert.Matches(Name(), claim.Id);
        Assert.EndsWith(".", claim.Statement, StringComparison.Ordinal);
        Assert.NotEmpty(claim.Checks);
        Assert.NotEmpty(claim.RefutedBy);
        Assert.All(claim.Checks, static check => Assert.NotEmpty(check.Source));
        Assert.Equal(claim.Checks.Count, claim.Checks.Select(static check => check.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(claim.Runs.Count, claim.Runs.Select(static run => run.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(claim.Runs, static run => Assert.True(run is { Seeds: >= 1, Seconds: > 0.0 }));
        // What decides is known before: describing it needs no run.
        Assert.All(claim.Checks, static check => Assert.NotEmpty(check.Expected.Describe()));
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)+$")]
    private static partial Regex Name();
}
