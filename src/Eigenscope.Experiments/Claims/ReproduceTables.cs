using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Claims;

/// <summary>Judged claims as sentences and tables.</summary>
internal static class ReproduceTables
{
    // Of so many claims it is said what they claim; of more the list does.
    private const int Few = 5;

    /// <summary>What came of all, and what did not come out.</summary>
    public static IReadOnlyList<string> Findings(ReproduceResult result) =>
    [
        .. result.Slurm is { } slurm ? SlurmReporting.Describe(slurm, result.Partial, States(result), "reproduce CLAIM") : [],
        $"{Format.Text(result.Reproduced)} of {Axes.Count(result.Claims.Count, "claim")} reproduced, {Format.Text(result.NotReproduced)} not reproduced, {Format.Text(result.NotJudged)} not judged.",
        .. result.Claims.Count <= Few
            ? result.Claims.SelectMany(Told)
            : result.Claims.Where(static claim => claim.Verdict is ClaimResult.NotReproduced).Select(static claim => $"Not reproduced: {claim.Id}: {claim.Reason}."),
    ];

    private static IEnumerable<string> Told(ClaimResult claim)
    {
        yield return $"{claim.Id} ({claim.Paper}): {claim.Statement}";
        string how = claim.Set.Count > 0 ? $" with {ClaimText.Changes(claim.Set)}" : "";
        string why = claim.Reason is { } reason ? $": {reason}" : "";
        yield return $"{Capital(Verdict(claim))}{how}{why}.";
        if (claim is { Verdict: ClaimResult.Reproduced, Set.Count: 0 })
            yield return $"To refute it: eigenscope reproduce {claim.Id} {ClaimText.Changes(claim.RefutedBy)}. That must end in 'not reproduced'.";
        else if (claim.Verdict is ClaimResult.NotReproduced && claim.RefutedBy.Count == claim.Set.Count && !claim.RefutedBy.Except(claim.Set).Any())
            yield return "This is the change that must refute it.";
    }

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    // A run that claims share is told once.
    private static IReadOnlyList<SlurmRun> States(ReproduceResult result) =>
        [.. result.Claims.SelectMany(static claim => claim.Runs).DistinctBy(static run => run.Id, StringComparer.Ordinal).Select(static run => run.Slurm).OfType<SlurmRun>()];

    /// <summary>The catalogue.</summary>
    public static SummaryTable List(ReproduceResult result) => new(
        "Claims",
        [new SummaryColumn("claim", false), new SummaryColumn("paper", false), new SummaryColumn("cost", false), new SummaryColumn("core seconds", true), new SummaryColumn("runs", true), new SummaryColumn("statement", false)],
        [.. result.Claims.Select(static claim => (IReadOnlyList<string>)[claim.Id, claim.Paper, claim.Cost, Format.Text(claim.EstimatedSeconds), Format.Text(claim.Runs.Count), claim.Statement])],
        ["'eigenscope reproduce CLAIM' derives one again; a paper's number, or 'oracles' for all whose expectation is exact, means several.", "core seconds: about what its runs take, on one core each."]);

    /// <summary>The verdicts, and every number that was compared.</summary>
    public static IReadOnlyList<SummaryTable> Build(ReproduceResult result)
    {
        List<SummaryTable> tables = [Verdicts(result, static claim => claim.Reason ?? "")];
        if (result.Claims.Any(static claim => claim.Checks.Count > 0))
            tables.Add(Checks(result.Claims));
        return tables;
    }

    /// <summary>Every number of some claims that was compared.</summary>
    public static SummaryTable Checks(IReadOnlyList<ClaimResult> claims) => new(
        "What was compared",
        [new SummaryColumn("claim", false), new SummaryColumn("measured", false), new SummaryColumn("numbers", false), new SummaryColumn("expected", false), new SummaryColumn("holds", false), new SummaryColumn("expected by", false)],
        [.. claims.SelectMany(static claim => claim.Checks.Select(check => (IReadOnlyList<string>)[claim.Id, check.Along.Length > 0 ? $"{check.Name}, by {check.Along}" : check.Name, ClaimText.List(check.Measured), check.Expected, check.Holds ? "yes" : "no", check.Source]))],
        [$"{(claims.Any(static claim => claim.Checks.Any(static check => check.Measured.Contains(null))) ? "undefined: the run's report says why. " : "")}Tolerances are part of the claim, and were written before the run."]);

    /// <summary>The same of one claim, for a page that draws lists of numbers.</summary>
    public static SummaryTable ChecksOf(ClaimResult claim) => new(
        "What was compared",
        [new SummaryColumn("measured", false), new SummaryColumn("numbers", false), new SummaryColumn("expected", false), new SummaryColumn("holds", false), new SummaryColumn("expected by", false)],
        [.. claim.Checks.Select(static check => (IReadOnlyList<string>)[check.Along.Length > 0 ? $"{check.Name}, by {check.Along}" : check.Name, ClaimText.Short(check.Measured), check.Expected, check.Holds ? "yes" : "no", check.Source])],
        []);

    /// <summary>The verdicts in short, for a page that tells the reasons beside the claims.</summary>
    public static SummaryTable VerdictsInShort(ReproduceResult result) =>
        Verdicts(result, static claim => claim.Verdict is ClaimResult.NotReproduced ? $"{Format.Text(claim.Checks.Count(static check => !check.Holds))} of {Axes.Count(claim.Checks.Count, "check")} not as expected" : claim.Reason ?? "");

    private static SummaryTable Verdicts(ReproduceResult result, Func<ClaimResult, string> why) => new(
        "Verdicts",
        [new SummaryColumn("claim", false), new SummaryColumn("paper", false), new SummaryColumn("verdict", false), new SummaryColumn("seconds", true), new SummaryColumn("why", false)],
        [.. result.Claims.Select(claim => (IReadOnlyList<string>)[claim.Id, claim.Paper, Verdict(claim), Format.Text(claim.Seconds), why(claim)])],
        ["seconds: of the claim's runs, added up; runs that claims share are counted in each."]);

    /// <summary>A verdict as people read it.</summary>
    public static string Verdict(ClaimResult claim) => claim.Verdict switch
    {
        ClaimResult.Reproduced => "reproduced",
        ClaimResult.NotReproduced => "not reproduced",
        _ => "not judged",
    };
}
