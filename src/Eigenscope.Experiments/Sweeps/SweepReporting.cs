using System.Globalization;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep as a report: findings, tables, page.</summary>
internal static class SweepReporting
{
    public static Report Report(SweepPlan plan, SweepResult result, SweepOptions options, RunSettings settings, RunHost host)
    {
        Report report = new()
        {
            Command = "sweep",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = Config(plan, options, settings),
            Result = result,
            IsConverged = result.Runs.All(static run => run.Facts is { Converged: true }),
            IsPartial = result.Partial,
            Findings = SweepFindings.Describe(result),
            Tables = SweepTables.Build(result),
        };
        return report;
    }

    private static Dictionary<string, object?> Config(SweepPlan plan, SweepOptions options, RunSettings settings) => new(StringComparer.Ordinal)
    {
        ["recipe"] = Path.GetFullPath(options.Recipe),
        ["store"] = Sweep.StoreFolder(options.Store, settings),
        ["engine"] = options.Engine,
        ["jobs"] = options.Jobs,
        ["resubmit"] = options.Resubmit,
        ["status"] = options.Status,
        ["cancel"] = options.Cancel,
        ["wait"] = options.Wait,
        ["slurm"] = options.Engine is SlurmSweep.Engine ? options.Slurm : null,
        ["name"] = plan.Name,
        ["command"] = plan.Command,
        ["threadsPerRun"] = plan.Threads,
        ["arrays"] = plan.KeepsArrays,
        ["models"] = plan.KeepsModels,
        ["seed"] = settings.Seed,
        ["precision"] = settings.Precision,
        ["threads"] = RunHost.ThreadsOf(settings),
    };
}

/// <summary>What a sweep found, in sentences.</summary>
internal static class SweepFindings
{
    public static IReadOnlyList<string> Describe(SweepResult result)
    {
        List<string> findings = [];
        if (result.Slurm is { } slurm)
            findings.AddRange(SlurmReporting.Describe(result, slurm));
        if (result is { Partial: true, Slurm: null })
            findings.Add("The sweep was interrupted: the runs under way kept how far they were, and the same command goes on from there.");
        findings.Add($"{Format.Text(result.Done)} of {Format.Text(result.Runs.Count)} runs are done{Count(result.Failed, "failed")}{Count(result.Missing, "missing")}; this command carried out {Format.Text(result.CarriedOut)}.");
        if (result.TcvBound is { } bound)
            findings.Add(Bound(bound));
        foreach (IGrouping<string, SweepRunReport> failure in result.Runs.Where(static run => run.Error is not null).GroupBy(static run => run.Error!, StringComparer.Ordinal).Take(5))
            findings.Add($"{Format.Text(failure.Count())} failed, the first {failure.First().Id}: {failure.Key}.");
        return findings;
    }

    private static string Bound(SweepBound bound) => string.Create(
        CultureInfo.InvariantCulture,
        $"The derived TCV bound held at {bound.Held} of {bound.Layers} layers, without the slack of unfinished training at {bound.HeldWithoutSlack}: the distance to rank K is at most {Format.Text(bound.LargestShare)} of it, the slack at most {Format.Text(bound.LargestSlack)} of its middle; middle ≤ right at {bound.RightHeld}.");

    private static string Count(int number, string what) => number == 0 ? "" : $", {Format.Text(number)} {what}";
}

/// <summary>A sweep as tables.</summary>
internal static class SweepTables
{
    private const int MostFailures = 20;

    public static IReadOnlyList<SummaryTable> Build(SweepResult result)
    {
        List<SummaryTable> tables = [Overview(result)];
        if (result.Runs.Any(static run => run.Error is not null))
            tables.Add(Failures(result));
        if (result.Runs.Any(static run => run.Slurm is not null))
            tables.Add(SlurmReporting.Queue(result));
        return tables;
    }

    private static SummaryTable Overview(SweepResult result)
    {
        SweepCell[] cells = [.. SweepCell.Group(result)];
        bool hasRanks = cells.Any(static cell => cell.Layers(static layer => layer.NumericalRank).Length > 0);
        List<SummaryColumn> columns = [.. result.Axes.Select(static axis => new SummaryColumn(axis.Option, IsNumeric: true)), Numeric("done"), Numeric("loss"), Numeric("accuracy"), Numeric("test")];
        if (hasRanks)
            columns.AddRange([Numeric("numerical ranks"), Numeric("TCV"), Numeric("NC1")]);
        return new SummaryTable(
            $"Sweep {result.Name}: {result.Command}",
            columns,
            [.. cells.Select(cell => Row(cell, hasRanks))],
            [
                "One line a combination of options: mean over its seeds, ± the standard error of that mean."
                + (hasRanks ? " Numerical ranks (σ > 1e-3 σ₁) of the weights, TCV and NC1 (trace ratio) of the layers' inputs, first layer to last." : ""),
            ]);
    }

    private static IReadOnlyList<string> Row(SweepCell cell, bool hasRanks)
    {
        List<string> row =
        [
            .. cell.Values,
            $"{Format.Text(cell.Done.Count)}/{Format.Text(cell.Runs.Count)}",
            Mean(cell, static run => run.Facts!.Loss),
            Mean(cell, static run => run.Facts!.Accuracy),
            Mean(cell, static run => run.Facts!.TestAccuracy),
        ];
        if (hasRanks)
            row.AddRange([List(cell.Layers(static layer => layer.NumericalRank)), List(cell.Layers(static layer => layer.Tcv)), List(cell.Layers(static layer => layer.Nc1))]);
        return row;
    }

    private static string Mean(SweepCell cell, Func<SweepRunReport, double?> value)
    {
        SeedMean mean = cell.Mean(value);
        return mean.Value is not { } number ? Format.Undefined : mean.StandardError is { } doubt ? $"{Format.Text(number)} ± {Format.Text(doubt)}" : Format.Text(number);
    }

    private static string List(double?[] values) => values.Length == 0 ? Format.Undefined : string.Join(" ", values.Select(static value => value is { } number ? Format.Text(number) : Format.Undefined));

    private static SummaryTable Failures(SweepResult result) => new(
        "Runs that failed",
        [new SummaryColumn("run", IsNumeric: false), Numeric("seed"), new SummaryColumn("options", IsNumeric: false), new SummaryColumn("why", IsNumeric: false)],
        [.. result.Runs.Where(static run => run.Error is not null).Take(MostFailures).Select(static run => (IReadOnlyList<string>)[run.Id, run.Seed.ToString(CultureInfo.InvariantCulture), Options(run.Options), run.Error!])],
        ["'sweep RECIPE --resubmit' carries them out again."]);

    private static string Options(IReadOnlyDictionary<string, string> options) => string.Join(" ", options.Select(static option => $"{option.Key}={option.Value}"));

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
