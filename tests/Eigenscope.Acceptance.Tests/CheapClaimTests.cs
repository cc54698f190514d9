using System.Text.Json;
using Eigenscope.Experiments.Claims;
using Eigenscope.Testing.Files;

namespace Eigenscope.Acceptance.Tests;

/// <summary>Every claim that costs little comes out as it did when it was added, and can come out otherwise.</summary>
public sealed class CheapClaimTests(CheapClaims claims) : IClassFixture<CheapClaims>, IDisposable
{
    // Claims that do not come out: docs/reproduce.md says why.
    private static readonly string[] NotReproduced = ["weight-decay-ranks-digits", "weight-decay-ranks-with-variability", "weight-decay-truncation-digits", "weight-decay-terms-gaussians", "persistence-relu"];
    private readonly TemporaryFolder _folder = new();

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => [.. CheapClaims.All.Select(static claim => claim.Id)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_keeps_its_verdict(string id)
    {
        JsonElement claim = claims.Results[id];

        string expected = NotReproduced.Contains(id, StringComparer.Ordinal) ? ClaimResult.NotReproduced : ClaimResult.Reproduced;
        Assert.True(expected == claim.GetProperty("verdict").GetString(), claim.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_can_be_refuted(string id)
    {
        IReadOnlyDictionary<string, string> changes = CheapClaims.All.Single(claim => claim.Id == id).RefutedBy;
        Assert.NotEmpty(changes);

        JsonElement claim = ProgramRun.Reproduce(_folder, [id, .. changes.SelectMany(static change => (string[])["--set", $"{change.Key}={change.Value}"])])[id];

        Assert.True(claim.GetProperty("verdict").GetString() is ClaimResult.NotReproduced, claim.ToString());
        Assert.NotEqual(0, claim.GetProperty("checks").GetArrayLength());
    }
}

/// <summary>The claims that cost little and need no data from elsewhere, judged once.</summary>
public sealed class CheapClaims : IDisposable
{
    private const double MostSeconds = 40.0;
    private readonly TemporaryFolder _folder = new();

    public CheapClaims() => Results = ProgramRun.Reproduce(_folder, [.. All.Select(static claim => claim.Id)]);

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } = [.. Catalogue.All.Where(static claim => claim.Seconds < MostSeconds && claim.Runs.All(static run => run.Options.GetValueOrDefault("data", "digits") is "digits" or "gaussian"))];

    /// <summary>What became of them, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Results { get; }

    public void Dispose() => _folder.Dispose();
}
