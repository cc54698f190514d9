using System.Text.Json;
using Eigenscope.Experiments.Claims;
using Eigenscope.Testing.Files;

namespace Eigenscope.Acceptance.Tests;

/// <summary>Every claim that costs little comes out as it did when it was added.</summary>
public sealed class CheapClaimTests(CheapClaims claims) : IClassFixture<CheapClaims>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => [.. KnownClaims.Cheap.Select(static claim => claim.Id)];

    /// <summary>The claims that do not come out.</summary>
    public static TheoryData<string> NotReproduced => [.. KnownClaims.NotReproduced.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_keeps_its_verdict(string id)
    {
        JsonElement claim = claims.Results[id];

        string expected = KnownClaims.NotReproduced.ContainsKey(id) ? ClaimResult.NotReproduced : ClaimResult.Reproduced;
        Assert.True(expected == claim.GetProperty("verdict").GetString(), claim.ToString());
    }

    [Theory]
    [MemberData(nameof(NotReproduced))]
    public void The_refutation_of_a_claim_that_does_not_come_out_breaks_what_holds(string id)
    {
        string[] changes = KnownClaims.NotReproduced[id];
        JsonElement with = changes.Length == 0 ? claims.Results[id] : ProgramRun.Reproduce(_folder, id, changes);
        JsonElement without = ProgramRun.Reproduce(_folder, id, KnownClaims.Find(id).RefutedBy.Select(static change => $"{change.Key}={change.Value}"));

        string[] broken = [.. Holding(with).Except(Holding(without), StringComparer.Ordinal)];
        Assert.True(broken.Length > 0, $"{with}\n{without}");
    }

    // Every number that is as expected, by check and place.
    private static IEnumerable<string> Holding(JsonElement claim) =>
        from check in claim.GetProperty("checks").EnumerateArray()
        from number in check.GetProperty("places").EnumerateArray().Zip(check.GetProperty("holdsEach").EnumerateArray())
        where number.Second.GetBoolean()
        select $"{check.GetProperty("name").GetString()} at {number.First.GetString()}";
}

/// <summary>The claims that cost little and need no data from elsewhere, judged once.</summary>
public sealed class CheapClaims : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheapClaims() => Results = ProgramRun.Reproduce(_folder, [.. KnownClaims.Cheap.Select(static claim => claim.Id)]);

    /// <summary>What became of them, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Results { get; }

    public void Dispose() => _folder.Dispose();
}
