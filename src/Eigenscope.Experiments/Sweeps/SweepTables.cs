using System.Globalization;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep as tables.</summary>
internal static class SweepTables
{
    private const int MostFailures = 20;
    private const string RanksHeader = "numerical ranks";

    private static readonly (string Header, Func<SweepRunReport, double?> Value)[] OfRuns =
    [
        ("loss", static run => run.Facts!.Loss),
        ("accuracy", static run => run.Facts!.Accuracy),
        ("test", static run => run.Facts!.TestAccuracy),
    ];

    private static readonly (string Header, Func<LayerFacts, double?> Value)[] OfLayers =
    [
        (RanksHeader, static layer => layer.NumericalRank),
        ("TCV", static layer => layer.Tcv),
        ("NC1", static layer => layer.Nc1),
    ];

    private static readonly (string Header, Func<LayerFacts, double?> Value)[] OfOneLayer =
    [
        ("numerical rank", static layer => layer.NumericalRank),
        ("stable rank", static layer => layer.StableRank),
        ("effective rank", static layer => layer.EffectiveRank),
        ("TCV", static layer => layer.Tcv),
        ("NC1", static layer => layer.Nc1),
        ("to rank K", static layer => layer.RankKDistance),
        ("bound middle", static layer => layer.BoundMiddle),
        ("bound right", static layer => layer.BoundRight),
        ("slack", static layer => layer.BoundSlack),
    ];

    /// <summary>The tables of terminal and page.</summary>
    public static IReadOnlyList<SummaryTable> Build(SweepResult result)
    {
        SweepGrid grid = new(result);
        List<SummaryTable> tables = [Overview(grid)];
        IReadOnlyList<string> endings = SweepEndings.Occurring(grid);
        if (endings.Count > 0)
            tables.Add(Endings(grid, endings));
        if (result.Runs.Any(static run => run.Error is not null))
            tables.Add(Failures(result));
        if (result.Runs.Any(static run => run.Slurm is not null))
            tables.Add(SlurmReporting.Queue(result));
        return tables;
    }

    /// <summary>All numbers of all layers: one line a combination and layer.</summary>
    public static SummaryTable Layers(SweepGrid grid)
    {
        (string Header, Func<LayerFacts, double?> Value)[] columns = [.. OfOneLayer.Where(column => grid.Cells.Any(cell => cell.Layers(column.Value).Length > 0))];
        return new SummaryTable(
            "Layers",
            [.. grid.Axes.Select(static axis => Numeric(axis.Option)), new SummaryColumn("layer", IsNumeric: false), .. columns.Select(static column => Numeric(column.Header))],
            [
                .. grid.Cells.SelectMany(cell => Enumerable.Range(0, cell.LayerCount).Select(layer => (IReadOnlyList<string>)
                [
                    .. cell.Values.Select(SweepGridAxis.Text), Format.Text(layer + 1), .. columns.Select(column => Text(cell.Layer(layer, column.Value))),
                ])),
            ],
            ["Means over the seeds, ± the standard error of the mean. To rank K: distance of the weight in the Frobenius norm, at most middle + slack of the derived TCV bound in every run."]);
    }

    private static SummaryTable Overview(SweepGrid grid)
    {
        (string Header, Func<SweepRunReport, double?> Value)[] ofRuns = [.. OfRuns.Where(column => grid.Cells.Any(cell => cell.Mean(column.Value).Value is not null))];
        (string Header, Func<LayerFacts, double?> Value)[] ofLayers = [.. OfLayers.Where(column => grid.Cells.Any(cell => cell.Layers(column.Value).Length > 0))];
        string[] ofLists = [.. ofLayers.Select(static column => column.Header is RanksHeader ? "Numerical ranks (σ > 1e-3 σ₁) of the weights" : column.Header is "NC1" ? "NC1 (trace ratio) of their inputs" : "TCV of their inputs")];
        return new SummaryTable(
            $"Sweep {grid.Result.Name}: {grid.Result.Command}",
            [.. grid.Axes.Select(static axis => Numeric(axis.Option)), Numeric("done"), .. ofRuns.Select(static column => Numeric(column.Header)), .. ofLayers.Select(static column => Numeric(column.Header))],
            [
                .. grid.Cells.Select(cell => (IReadOnlyList<string>)
                [
                    .. cell.Values.Select(SweepGridAxis.Text), $"{Format.Text(cell.Done.Count)}/{Format.Text(cell.Runs.Count)}",
                    .. ofRuns.Select(column => Text(cell.Mean(column.Value))), .. ofLayers.Select(column => List(cell.Layers(column.Value))),
                ]),
            ],
            [
                "One line a combination of options: mean over its seeds, ± the standard error of that mean."
                + (ofLists.Length > 0 ? $" {string.Join("; ", ofLists)}: first layer to last." : ""),
            ]);
    }

    private static SummaryTable Endings(SweepGrid grid, IReadOnlyList<string> endings) => new(
        "Where runs ended",
        [.. grid.Axes.Select(static axis => Numeric(axis.Option)), .. endings.Select(Numeric)],
        [.. grid.Cells.Select(cell => (IReadOnlyList<string>)[.. cell.Values.Select(SweepGridAxis.Text), .. endings.Select(ending => SweepEndings.Share(cell.Done, ending) is { } share ? SweepEndings.Text(share) : Format.Undefined)])],
        ["Number of runs that ended in each known solution, by the structure of their class means, and the interval that holds the probability with 95 % confidence (Wilson)."]);

    private static SummaryTable Failures(SweepResult result) => new(
        "Runs that failed",
        [new SummaryColumn("run", IsNumeric: false), Numeric("seed"), new SummaryColumn("options", IsNumeric: false), new SummaryColumn("why", IsNumeric: false)],
        [.. result.Runs.Where(static run => run.Error is not null).Take(MostFailures).Select(static run => (IReadOnlyList<string>)[run.Id, run.Seed.ToString(CultureInfo.InvariantCulture), Options(run.Options), run.Error!])],
        ["'sweep RECIPE --resubmit' carries them out again."]);

    private static string Text(SeedMean mean) =>
        mean.Value is not { } number ? Format.Undefined : mean.StandardError is { } doubt ? $"{Format.Text(number)} ± {Format.Text(doubt)}" : Format.Text(number);

    private static string List(double?[] values) => values.Length == 0 ? Format.Undefined : string.Join(" ", values.Select(static value => value is { } number ? Format.Text(number) : Format.Undefined));

    private static string Options(IReadOnlyDictionary<string, string> options) => string.Join(" ", options.Select(static option => $"{option.Key}={option.Value}"));

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
