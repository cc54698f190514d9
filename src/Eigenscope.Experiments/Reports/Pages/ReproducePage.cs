using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of judged claims: for each what is claimed, the verdict, and what was measured beside what was expected.</summary>
internal static class ReproducePage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("What was asked", ["claims", "all", "budget", "set", "seed", "precision"]),
        ("Carrying out", ["store", "engine", "jobs", "threadsPerRun", "resubmit", "status"]),
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
            new PageSection { Title = "Verdicts", Anchor = "verdicts", Tables = [report.Tables[0]] },
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
        Title = $"{claim.Id}: {ReproduceTables.Verdict(claim)}",
        Anchor = $"claim-{Anchors.Of(claim.Id)}",
        Sentence = claim.Statement,
        Summary = claim.Reason,
        IsOpen = claim.Verdict is not ClaimResult.NotJudged,
        Figures = [.. claim.Checks.Select((check, i) => (Check: check, Index: i)).Where(static one => one.Check.Measured.Count > 1).Select(one => ClaimFigures.Build(claim, one.Check, one.Index))],
        Tables = claim.Checks.Count > 0 ? [ReproduceTables.Checks([claim])] : [],
        Points =
        [
            .. claim.Reason is { } reason ? [$"Why: {reason}."] : Array.Empty<string>(),
            .. claim.Caveats,
            $"It must come out not reproduced with {string.Join(' ', claim.RefutedBy.Select(static change => $"--set {change.Key}={change.Value}"))}.",
        ],
    };
}
