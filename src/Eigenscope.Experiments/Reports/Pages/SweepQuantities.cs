using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A number of a run that is drawn over the options of a sweep.</summary>
/// <param name="Id">For the names of figures.</param>
/// <param name="Title">What it is.</param>
/// <param name="Label">The same on an axis.</param>
/// <param name="Formula">Its definition.</param>
/// <param name="IsSpread">Whether it is drawn on a logarithmic scale where its values allow it.</param>
/// <param name="Mean">Its mean over the seeds of a combination.</param>
internal sealed record SweepQuantity(string Id, string Title, string Label, string Formula, bool IsSpread, Func<SweepCell, SeedMean> Mean);

/// <summary>A number of a layer.</summary>
/// <param name="Id">For the names of figures.</param>
/// <param name="Title">What it is.</param>
/// <param name="Label">The same on an axis.</param>
/// <param name="Formula">Its definition.</param>
/// <param name="IsSpread">Whether it is drawn on a logarithmic scale.</param>
/// <param name="Value">The number.</param>
internal sealed record SweepLayerQuantity(string Id, string Title, string Label, string Formula, bool IsSpread, Func<LayerFacts, double?> Value);

/// <summary>What is drawn of a sweep.</summary>
internal static class SweepQuantities
{
    public static readonly SweepLayerQuantity NumericalRank = new("rank", "Numerical rank of the weights", "numerical rank", Formulas.NumericalRank, false, static layer => layer.NumericalRank);
    public static readonly SweepLayerQuantity StableRank = new("stable-rank", "Stable rank of the weights", "stable rank", Formulas.StableRank, false, static layer => layer.StableRank);
    public static readonly SweepLayerQuantity EffectiveRank = new("effective-rank", "Effective rank of the weights", "effective rank", Formulas.EffectiveRank, false, static layer => layer.EffectiveRank);
    public static readonly SweepLayerQuantity Tcv = new("tcv", "Total cluster variation of the layers' inputs", "TCV", Formulas.Tcv, true, static layer => layer.Nc1 > SweepCell.LeastNc1 ? layer.Tcv : null);
    public static readonly SweepLayerQuantity Nc1 = new("nc1", "NC1 of the layers' inputs", "NC1", Formulas.Nc1, true, static layer => layer.Nc1 > SweepCell.LeastNc1 ? layer.Nc1 : null);

    /// <summary>Numbers of runs that some combination has, and that are not the same in all of them: a picture of one number says nothing.</summary>
    public static IReadOnlyList<SweepQuantity> Of(SweepGrid grid) => [.. All().Where(quantity => Values(grid, quantity).Length > 0 && !IsConstant(grid, quantity))];

    /// <summary>Those that are the same everywhere, in words: "accuracy (1)".</summary>
    public static IReadOnlyList<string> Constant(SweepGrid grid) => [.. All().Where(quantity => Values(grid, quantity).Length > 0 && IsConstant(grid, quantity)).Select(quantity => $"{quantity.Label} ({Format.Text(Values(grid, quantity)[0])})")];

    private static bool IsConstant(SweepGrid grid, SweepQuantity quantity) => Values(grid, quantity) is var values && values.Length == grid.Cells.Count && values.Distinct().Count() == 1 && grid.Cells.All(cell => quantity.Mean(cell).StandardError is null or 0.0);

    private static double[] Values(SweepGrid grid, SweepQuantity quantity) => [.. grid.Cells.Select(cell => quantity.Mean(cell).Value).OfType<double>()];

    private static IEnumerable<SweepQuantity> All()
    {
        yield return new("collapse", "Share of runs that end in deep neural collapse", "share in DNC", Formulas.Wilson, false, static cell => new SeedMean(SweepEndings.Collapsed([cell])?.Share, null));
        yield return new("rank", "Numerical rank, mean over the layers", "numerical rank", Formulas.NumericalRank, false, static cell => cell.Mean(SweepCell.MeanRank));
        yield return new("tcv", "Total cluster variation at the input of the last layer", "TCV", Formulas.Tcv, true, static cell => Last(cell, Tcv.Value));
        yield return new("nc1", "NC1 at the input of the last layer", "NC1", Formulas.Nc1, true, static cell => Last(cell, Nc1.Value));
        yield return new("accuracy", "Accuracy on the samples measured", "accuracy", Formulas.Accuracy, false, static cell => cell.Mean(static run => run.Facts!.Accuracy));
        yield return new("test", "Accuracy on held-out samples", "held-out accuracy", Formulas.Accuracy, false, static cell => cell.Mean(static run => run.Facts!.TestAccuracy));
        yield return new("loss", "Objective at the end", "objective", Formulas.SeedMean, true, static cell => cell.Mean(static run => run.Facts!.Loss));
    }

    private static SeedMean Last(SweepCell cell, Func<LayerFacts, double?> value) => cell.Mean(run => run.Facts!.Layers.Count == 0 ? null : value(run.Facts.Layers[^1]));
}
