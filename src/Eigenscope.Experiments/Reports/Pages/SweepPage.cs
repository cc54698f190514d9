using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of a sweep.</summary>
internal static class SweepPage
{
    private const int MostBest = 8;
    private const int MostTableRows = 600;
    private const int FewSeeds = 5;

    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Sweep", ["name", "command", "recipe", "store", "arrays", "models"]),
        ("Carrying out", ["engine", "jobs", "threadsPerRun", "resubmit", "status"]),
    ];

    public static ReportPage Build(SweepResult result, Report report)
    {
        SweepGrid grid = new(result);
        PageSection?[] sections =
        [
            Glance(grid),
            SweepPhaseSection.Build(grid),
            SweepLayerSection.Build(grid),
            SweepBoundSection.Build(grid),
            SweepEndingSection.Build(grid),
            DoubtSection.Build([.. Doubts(grid)], report.Environment, [], null, []),
            Tables(grid, report.Tables),
        ];
        return new ReportPage
        {
            Title = $"Sweep {result.Name}",
            Subtitle = $"{result.Command}: {Axes.Count(grid.Cells.Count, "combination")} of {(grid.Axes.Count == 0 ? "options" : string.Join(", ", grid.Axes.Select(static axis => axis.Option)))}, {Axes.Count(Seeds(result), "seed")}; {Format.Text(result.Done)} of {Format.Text(result.Runs.Count)} runs done",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = [.. Differing(grid), .. PageFacts.Build(report.Config.Where(static entry => entry.Key is not ("seed" or "precision")).ToDictionary(StringComparer.Ordinal), Groups, report.Environment, report.Version)],
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    private static int Seeds(SweepResult result) => result.Runs.Select(static run => run.Seed).Distinct().Count();

    private static IEnumerable<PageFactGroup> Differing(SweepGrid grid)
    {
        if (grid.Axes.Count > 0)
            yield return new PageFactGroup("What differs", [.. grid.Axes.Select(static axis => new PageFact(axis.Option, string.Join(", ", axis.Names)))]);
        (string Option, string Value)[] same = [.. grid.Result.Runs[0].Options.Where(option => grid.Axes.All(axis => !string.Equals(axis.Option, option.Key, StringComparison.Ordinal))).Select(static option => (option.Key, option.Value))];
        if (same.Length > 0)
            yield return new PageFactGroup("What is the same", [.. same.Select(static option => new PageFact(option.Option, option.Value))]);
    }

    private static PageSection Glance(SweepGrid grid)
    {
        SweepResult result = grid.Result;
        double seconds = result.Runs.Where(static run => run.Seconds is not null).Sum(static run => run.Seconds!.Value);
        return new PageSection
        {
            Title = "At a glance",
            Anchor = "glance",
            Sentence = $"{Format.Text(result.Done)} runs done, {Format.Text(result.Failed)} failed, {Format.Text(result.Missing)} missing; they took {Format.Text(seconds)} s in all, one after the other.",
            Tables = SweepBest.Measure(grid) is { } measure && SweepBest.Tells(grid, measure.Value) ? [Best(grid, measure)] : [],
        };
    }

    private static SummaryTable Best(SweepGrid grid, (string Name, Func<SweepRunReport, double?> Value) measure)
    {
        IReadOnlyList<(SweepCell Cell, SeedMean Mean)> ranked = SweepBest.Ranked(grid, measure.Value);
        return new SummaryTable(
            $"Combinations with the highest {measure.Name}",
            [.. grid.Axes.Select(static axis => new SummaryColumn(axis.Option, IsNumeric: true)), new SummaryColumn(measure.Name, IsNumeric: true), new SummaryColumn("seeds", IsNumeric: true)],
            [.. ranked.Take(MostBest).Select(static entry => (IReadOnlyList<string>)[.. entry.Cell.Values.Select(SweepGridAxis.Text), SweepLines.Text(entry.Mean), Format.Text(entry.Cell.Done.Count)])],
            [
                "Mean over the seeds, ± the standard error of that mean.",
                .. ranked.Count > MostBest ? [$"{Format.Text(MostBest)} of {Format.Text(ranked.Count)} combinations{(ranked[MostBest].Mean.Value == ranked[MostBest - 1].Mean.Value ? "; others share the last one's accuracy" : "")}."] : Array.Empty<string>(),
            ]);
    }

    private static PageSection Tables(SweepGrid grid, IReadOnlyList<SummaryTable> tables)
    {
        List<SummaryTable> all = [.. tables];
        if (grid.Cells.Any(static cell => cell.LayerCount > 0))
        {
            SummaryTable layers = SweepTables.Layers(grid);
            all.Add(layers.Rows.Count <= MostTableRows ? layers : layers with { Rows = [.. layers.Rows.Take(MostTableRows)], Notes = [.. layers.Notes, $"The first {Format.Text(MostTableRows)} of {Format.Text(layers.Rows.Count)} lines; --json and --csv have all."] });
        }
        return new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = all };
    }

    private static IEnumerable<string> Doubts(SweepGrid grid)
    {
        SweepResult result = grid.Result;
        if (result.Partial)
            yield return "The sweep was interrupted: runs that are missing here were not reached.";
        if (result.Missing > 0)
            yield return $"{Axes.Count(result.Missing, "run")} of {Format.Text(result.Runs.Count)} {(result.Missing == 1 ? "is" : "are")} missing: no number here is of them.";
        if (result.Failed > 0)
            yield return $"{Axes.Count(result.Failed, "run")} of {Format.Text(result.Runs.Count)} failed, and no number here is of them: a mean over the seeds of such a combination is one over those that did not fail. The reasons are among the tables.";
        if (NotConverged(grid) is { } open)
            yield return open;
        if (Repetitions(grid) is { } few)
            yield return few;
        if (SweepBest.Measure(grid) is { Name: "held-out accuracy" } && grid.Cells.Count > 1)
            yield return $"The highest of {Format.Text(grid.Cells.Count)} held-out accuracies was chosen by the samples that it is measured on: it is likely to be too high for samples that nothing was chosen by.";
        if (Rounding(grid) is { } rounding)
            yield return rounding;
        if (result.TcvBound is { } bound && bound.Held < bound.Layers)
            yield return $"Distance ≤ middle + slack failed at {Format.Text(bound.Layers - bound.Held)} of {Format.Text(bound.Layers)} layers: the derivation, or its numbers there, are in doubt.";
    }

    private static string? NotConverged(SweepGrid grid)
    {
        (SweepCell Cell, int Open)[] open = [.. grid.Cells.Select(static cell => (cell, cell.Done.Count(static run => !run.Facts!.Converged))).Where(static entry => entry.Item2 > 0)];
        int runs = open.Sum(static entry => entry.Open);
        return runs == 0 ? null : $"In {Format.Text(runs)} of {Format.Text(grid.Result.Done)} runs that are done an iterative number did not converge, most at {grid.Name(open.MaxBy(static entry => entry.Open).Cell)} ({Format.Text(open.Max(static entry => entry.Open))}).";
    }

    private static string? Repetitions(SweepGrid grid)
    {
        int[] done = [.. grid.Cells.Select(static cell => cell.Done.Count).Where(static count => count > 0)];
        if (done.Length == 0)
            return "No run is done: there is nothing to show.";
        int single = done.Count(static count => count == 1);
        return single > 0 ? $"{Axes.Count(single, "combination")} of {Format.Text(grid.Cells.Count)} {(single == 1 ? "has" : "have")} one run, and no standard error: how much they depend on the seed is not known."
            : done.Min() < FewSeeds ? $"Combinations have {(done.Min() == done.Max() ? Format.Text(done.Min()) : $"{Format.Text(done.Min())} to {Format.Text(done.Max())}")} runs each: standard errors of so few are themselves uncertain, by half or so."
            : null;
    }

    private static string? Rounding(SweepGrid grid)
    {
        LayerFacts[] last = [.. grid.Cells.SelectMany(static cell => cell.Done).Select(static run => run.Facts!.Layers.LastOrDefault()).OfType<LayerFacts>().Where(static layer => layer.Nc1 is not null)];
        int equal = last.Count(static layer => layer.Nc1 <= SweepCell.LeastNc1);
        return equal == 0 ? null : $"In {Format.Text(equal)} of {Format.Text(last.Length)} runs the features of a class are equal to rounding at the last layer (NC1 at most {Format.Text(SweepCell.LeastNc1)}): their TCV and NC1 are in the tables and drawn nowhere.";
    }
}
