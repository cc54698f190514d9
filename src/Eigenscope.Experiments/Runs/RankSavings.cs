using Eigenscope.Analysis;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Runs;

/// <summary>What the numerical ranks of a network's weights would save, and what becomes of the loss and the accuracy then.</summary>
/// <param name="network">The network.</param>
/// <param name="state">Its parameters.</param>
/// <param name="layers">What was measured of its layers there.</param>
/// <param name="objective">The samples.</param>
/// <param name="noAccuracy">Why there is no accuracy; null where there is one.</param>
/// <param name="cancellation">Ends it early: weights stay whole then.</param>
internal sealed class RankSavings(Network network, double[] state, IReadOnlyList<LayerReport> layers, Objective objective, Number? noAccuracy, CancellationToken cancellation)
{
    /// <summary>NC1, with two standard errors, up to which features count as collapsed.</summary>
    public const double CollapsedNc1 = 0.1;

    /// <summary>Every weight at its numerical rank, alone and all at once.</summary>
    public SavingsReport Measure()
    {
        List<LayerSavingReport> saved = [];
        double[] all = [.. state];
        for (int l = 0; l < network.WeightLayers.Count; l++)
            saved.Add(Measure(network.WeightLayers[l], layers[l], all));
        int gone = saved.Sum(static layer => layer.ParametersBefore - layer.ParametersAfter);
        LossValue? value = gone > 0 && !cancellation.IsCancellationRequested ? objective.Evaluate(all) : null;
        Number none = Number.Undefined(gone > 0 ? "the run was interrupted before it" : "no weight is cut");
        return new SavingsReport(network.ParameterCount - gone, gone / (double)network.ParameterCount, value is { } cut ? Number.Of(cut.Loss) : none, value is { } then ? Accuracy(then) : noAccuracy ?? none, saved);
    }

    private LayerSavingReport Measure(BilinearLayer layer, LayerReport report, double[] all)
    {
        int whole = layer.Weight.Length;
        IReadOnlyList<double> sigma = report.Weight.SingularValues ?? [];
        LayerSavingReport kept = new(layer.Name, report.Weight.NumericalRank, sigma.Count, whole, whole, 0.0, Number.Of(1.0), Number.Undefined("the weight stays whole"), IsCollapsed(report.Input));
        if (cancellation.IsCancellationRequested || layer is ConvolutionLayer { Shape.Groups: not 1 } || report.Weight.NumericalRank.Value is not { } rank || !Saves(layer, (int)rank))
            return kept;
        WeightDecomposition parts = WeightDecomposition.Of(layer, state, objective.Compute);
        double[] alone = [.. state];
        parts.Truncate((int)rank, alone, objective.Compute);
        alone.AsSpan(layer.Weight.Offset, whole).CopyTo(all.AsSpan(layer.Weight.Offset, whole));
        int after = parts.Size((int)rank);
        double energy = sigma.Take((int)rank).Sum(static value => value * value) / sigma.Sum(static value => value * value);
        return kept with { ParametersAfter = after, Saved = 1.0 - (after / (double)whole), EnergyKept = Number.Of(energy), Accuracy = Accuracy(objective.Evaluate(alone)) };
    }

    private Number Accuracy(LossValue value) => noAccuracy ?? Number.Of(value.Accuracy);

    private static bool Saves(BilinearLayer layer, int rank)
    {
        int rows = layer.Weight.Shape[0], columns = layer.Weight.Length / rows;
        return rank >= 1 && (long)rank * (rows + columns) < (long)rows * columns;
    }

    private static bool? IsCollapsed(FeatureReport input) => input.Collapse.Nc1TraceRatio.Value is { } nc1 ? nc1 + (2.0 * (input.Nc1StandardError?.Value ?? 0.0)) <= CollapsedNc1 : null;
}
