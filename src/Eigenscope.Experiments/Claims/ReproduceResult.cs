using System.Text.Json.Serialization;
using Eigenscope.Experiments.Engines.Slurm;

namespace Eigenscope.Experiments.Claims;

/// <summary>What <c>reproduce</c> came to.</summary>
public sealed record ReproduceResult
{
    /// <summary>The store's folder; null where nothing was looked up in one.</summary>
    public required string? Store { get; init; }

    /// <summary>Why there is none; null, and not written, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StoreReason => Store is null ? "no run was looked up" : null;

    /// <summary>Claims that came out as the paper says.</summary>
    public required int Reproduced { get; init; }

    /// <summary>Claims that did not.</summary>
    public required int NotReproduced { get; init; }

    /// <summary>Claims that could not be judged.</summary>
    public required int NotJudged { get; init; }

    /// <summary>The claims, in the order of the catalogue.</summary>
    public required IReadOnlyList<ClaimResult> Claims { get; init; }

    /// <summary>What was submitted or cancelled; null, and not written, where no cluster was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlurmReport? Slurm { get; init; }

    /// <summary>Whether it was interrupted.</summary>
    public required bool Partial { get; init; }
}

/// <summary>One claim and what became of it.</summary>
public sealed record ClaimResult
{
    /// <summary>The verdict of a claim whose checks all hold.</summary>
    public const string Reproduced = "reproduced";

    /// <summary>The verdict of a claim of which a check does not hold.</summary>
    public const string NotReproduced = "not-reproduced";

    /// <summary>The verdict of a claim whose numbers are not there.</summary>
    public const string NotJudged = "not-judged";

    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>The paper's number in the arXiv.</summary>
    public required string Paper { get; init; }

    /// <summary>What the paper is about.</summary>
    public required string PaperTitle { get; init; }

    /// <summary>What is claimed.</summary>
    public required string Statement { get; init; }

    /// <summary>Whether what is expected is exact, not a trend.</summary>
    public required bool IsOracle { get; init; }

    /// <summary>reproduced, not-reproduced or not-judged; null, and not written, where claims are only listed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verdict { get; init; }

    /// <summary>Why it was not judged, or what did not hold; null, and not written, where it is reproduced.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The numbers that decided: of the first check that does not hold, or of the first of all; null where none were measured.</summary>
    public IReadOnlyList<double?>? Measured { get; init; }

    /// <summary>Why there are none, or why some are null; null, and not written, where all are there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MeasuredReason => Measured is null ? Verdict is null ? "the claim was only listed" : "the claim was not judged" : CheckResult.OfGaps(Measured, CheckResult.Undefined);

    /// <summary>What they are expected to be, in words.</summary>
    public required string Expected { get; init; }

    /// <summary>Largest distance from expected values; null for ranges.</summary>
    public required double? Tolerance { get; init; }

    /// <summary>Why there is none; null, and not written, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToleranceReason => Tolerance is null ? "a range is expected: its ends stand in expected" : null;

    /// <summary>Seconds that its runs took, added up, those of other claims that share a run included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of one core that they were expected to take.</summary>
    public required double EstimatedSeconds { get; init; }

    /// <summary>seconds, minutes or hours.</summary>
    public required string Cost { get; init; }

    /// <summary>Everything that was compared.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Its runs.</summary>
    public required IReadOnlyList<ClaimRunResult> Runs { get; init; }

    /// <summary>What <c>--set</c> changed; empty for nothing.</summary>
    public required IReadOnlyDictionary<string, string> Set { get; init; }

    /// <summary>A change under which it must come out not reproduced, as <c>--set</c> takes it.</summary>
    public required IReadOnlyDictionary<string, string> RefutedBy { get; init; }

    /// <summary>Where the paper could not be followed, and which runs did not converge.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }
}

/// <summary>One comparison.</summary>
public sealed record CheckResult
{
    internal const string Undefined = "null is a number that is undefined: the run's report in the store says why";
    private const string NoEnd = "null is no end";

    /// <summary>What is measured.</summary>
    public required string Name { get; init; }

    /// <summary>Where the expectation is from.</summary>
    public required string Source { get; init; }

    /// <summary>Along what there are several numbers; empty where there is one.</summary>
    public required string Along { get; init; }

    /// <summary>Names of the numbers' places.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>The numbers; null where one is undefined in its run's report, which says why.</summary>
    public required IReadOnlyList<double?> Measured { get; init; }

    /// <summary>Why some are null; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MeasuredReason => OfGaps(Measured, Undefined);

    /// <summary>Standard errors over seeds; null where there are none.</summary>
    public required IReadOnlyList<double?>? StandardErrors { get; init; }

    /// <summary>Why there are none; null, and not written, where there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StandardErrorsReason => StandardErrors is null ? "the numbers are of single runs" : OfGaps(StandardErrors, "null is the error of a number that is undefined, or of one seed");

    /// <summary>What they are expected to be, in words.</summary>
    public required string Expected { get; init; }

    /// <summary>The values expected, one for all or one each; null, and not written, where a range or an order is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? ExpectedValues { get; init; }

    /// <summary>Lower ends of where each may lie; null for no end. Null, and not written, where numbers are compared with their neighbours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double?>? Low { get; init; }

    /// <summary>Why some are null; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LowReason => OfGaps(Low, NoEnd);

    /// <summary>Their upper ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double?>? High { get; init; }

    /// <summary>Why some are null; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HighReason => OfGaps(High, NoEnd);

    /// <summary>Largest distance from the expected values; null for ranges.</summary>
    public required double? Tolerance { get; init; }

    /// <summary>Why there is none; null, and not written, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToleranceReason => Tolerance is null ? "a range is expected" : null;

    /// <summary>Whether every number is as expected.</summary>
    public required bool Holds { get; init; }

    /// <summary>Which numbers are.</summary>
    public required IReadOnlyList<bool> HoldsEach { get; init; }

    /// <summary>Whether the figure has a logarithmic axis.</summary>
    [JsonIgnore]
    public bool IsLogarithmic { get; init; }

    /// <summary>The reason, where something is missing among the numbers.</summary>
    internal static string? OfGaps(IReadOnlyList<double?>? numbers, string reason) => numbers?.Contains(null) is true ? reason : null;
}

/// <summary>A run of a claim.</summary>
/// <param name="Name">Its name in the claim.</param>
/// <param name="Id">Its identity in the store.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="CommandLine">The command with its options.</param>
/// <param name="Status">done, failed or missing.</param>
public sealed record ClaimRunResult(string Name, string Id, ulong Seed, IReadOnlyList<string> CommandLine, string Status)
{
    /// <summary>Why it failed; null, and not written, when it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What a cluster says of it while the store has nothing of it; null, and not written, where it was not submitted or none was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlurmRun? Slurm { get; init; }
}
