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

    /// <summary>Numbers of runs, those that some combination has.</summary>
    public static IReadOnlyList<SweepQuantity> Of(SweepGrid grid) => [.. All(grid).Where(quantity => grid.Cells.Any(cell => quantity.Mean(cell).Value is not null))];

    private static IEnumerable<SweepQuantity> All(SweepGrid grid)
    {
        yield return new("collapse", "Share of runs that end in deep neural collapse", "share in DNC", Formulas.Wilson, false, static cell => new SeedMean(SweepEndings.Collapsed([cell])?.Share, null));
        yield return new("rank", "Numerical rank, mean over the layers", "numerical rank", Formulas.NumericalRank, false, static cell => cell.Mean(SweepCell.MeanRank));
        yield return new("tcv", "Total cluster variation at the input of the last layer", "TCV", Formulas.Tcv, true, static cell => Last(cell, Tcv.Value));
        yield return new("nc1", "NC1 at the input of the last layer", "NC1", Formulas.Nc1, true, static cell => Last(cell, Nc1.Value));
        if (!IsConstant(grid, static run => run.Facts!.Accuracy))
            yield return new("accuracy", "Accuracy on the samples measured", "accuracy", Formulas.Accuracy, false, static cell => cell.Mean(static run => run.Facts!.Accuracy));
        yield return new("test", "Accuracy on held-out samples", "held-out accuracy", Formulas.Accuracy, false, static cell => cell.Mean(static run => run.Facts!.TestAccuracy));
        yield return new("loss", "Objective at the end", "objective", Formulas.SeedMean, true, static cell => cell.Mean(static run => run.Facts!.Loss));
    }

    // A picture of one number everywhere says nothing; doubts say it in a sentence.
    public static bool IsConstant(SweepGrid grid, Func<SweepRunReport, double?> value) =>
        grid.Cells.SelectMany(static cell => cell.Done).Select(value).OfType<double>().Distinct().Take(2).Count() == 1 && grid.Cells.All(cell => cell.Gap is null);

    private static SeedMean Last(SweepCell cell, Func<LayerFacts, double?> value) => cell.Mean(run => run.Facts!.Layers.Count == 0 ? null : value(run.Facts.Layers[^1]));
}
