using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of judged claims: for each what is claimed, the verdict, and what was measured beside what was expected.</summary>
internal static class ReproducePage
{
    // Commands of a claim that are shown.
    private const int MostCommands = 4;

    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("What was asked", ["claims", "all", "list", "budget", "set", "strict", "seed", "precision"]),
        ("Carrying out", ["store", "engine", "jobs", "threadsPerRun", "resubmit", "status", "cancel", "wait", "slurm"]),
    ];

    public static ReportPage Build(ReproduceResult result, Report report) => new()
    {
        Title = "The papers' claims, derived again",
        Subtitle = $"{Format.Text(result.Reproduced)} of {Axes.Count(result.Claims.Count, "claim")} reproduced, {Format.Text(result.NotReproduced)} not reproduced, {Format.Text(result.NotJudged)} not judged",
        Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
        IsPartial = result.Partial,
        Findings = report.Findings,
        Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
        Sections =
        [
            new PageSection { Title = "Verdicts", Anchor = "verdicts", Tables = [ReproduceTables.VerdictsInShort(result)] },
            .. result.Claims.GroupBy(static claim => claim.Paper, StringComparer.Ordinal).Select(Paper),
        ],
    };

    private static PageSection Paper(IGrouping<string, ClaimResult> claims) => new()
    {
        Title = $"{claims.First().PaperTitle} ({claims.Key})",
        Anchor = $"paper-{Anchors.Of(claims.Key)}",
        Parts = [.. claims.Select(Claim)],
    };

    private static PageSection Claim(ClaimResult claim) => new()
    {
        Title = claim.Id,
        Badge = new PageBadge(ReproduceTables.Verdict(claim), claim.Verdict switch { ClaimResult.Reproduced => PageBadgeKind.Good, ClaimResult.NotReproduced => PageBadgeKind.Failed, _ => PageBadgeKind.Neutral }),
        Anchor = $"claim-{Anchors.Of(claim.Id)}",
        Sentence = claim.Statement,
        Summary = claim.Reason,
        IsOpen = claim.Verdict is not ClaimResult.NotJudged,
        Figures = ClaimFigures.All(claim),
        Tables = claim.Checks.Count > 0 ? [ReproduceTables.ChecksOf(claim)] : [],
        Points =
        [
            .. claim.Set.Count > 0 ? [$"Changed: {ClaimText.Changes(claim.Set)}."] : Array.Empty<string>(),
            .. claim.Caveats,
        ],
        Commands =
        [
            .. claim.Runs.Take(MostCommands).Select(run => new PageCommand(Name(claim, run), $"eigenscope {string.Join(' ', run.CommandLine)}")),
            new PageCommand("What must refute it", $"eigenscope reproduce {claim.Id} {ClaimText.Changes(claim.RefutedBy)}"),
        ],
    };

    // A run's own name tells it from others; of several seeds only the first are shown.
    private static string Name(ClaimResult claim, ClaimRunResult run) =>
        claim.Runs.Count == 1 ? "The run" : $"{run.Name}, seed {Format.Text((long)run.Seed)}{(claim.Runs.Count > MostCommands && run == claim.Runs[MostCommands - 1] ? $" (and {Axes.Count(claim.Runs.Count - MostCommands, "more run")})" : "")}";
}
