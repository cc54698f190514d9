using System.Text.Json;
using Eigenscope.Experiments.Claims;
using Eigenscope.Testing.Files;

namespace Eigenscope.Acceptance.Tests;

/// <summary>Every claim can come out otherwise: what nothing can refute says nothing.</summary>
/// <param name="runs">Where all of them keep their runs: claims of one network share one.</param>
public sealed class RefutationTests(RefutationRuns runs) : IClassFixture<RefutationRuns>
{
    /// <summary>The claims whose data is here.</summary>
    public static TheoryData<string> Names => [.. KnownClaims.Refutable.Select(static claim => claim.Id)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_can_be_refuted(string id)
    {
        JsonElement claim = ProgramRun.Reproduce(runs.Folder, id, KnownClaims.Find(id).RefutedBy.Select(static change => $"{change.Key}={change.Value}"));

        Assert.True(claim.GetProperty("verdict").GetString() is ClaimResult.NotReproduced, claim.ToString());
        // It was run and measured: a run that fails, or has nothing to measure, refutes nothing.
        Assert.All(claim.GetProperty("runs").EnumerateArray(), static run => Assert.Equal("done", run.GetProperty("status").GetString()));
        Assert.Contains(claim.GetProperty("checks").EnumerateArray(), IsMissed);
    }

    // A number that is there and is not as expected; those that are undefined break a check as well.
    private static bool IsMissed(JsonElement check) =>
        check.GetProperty("measured").EnumerateArray().Zip(check.GetProperty("holdsEach").EnumerateArray()).Any(static number => number.First.ValueKind is JsonValueKind.Number && !number.Second.GetBoolean());
}

/// <summary>The store of the refutations.</summary>
public sealed class RefutationRuns : IDisposable
{
    /// <summary>The home folder's parent.</summary>
    internal TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();
}
