using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Experiments.Runs;

/// <summary>What an analysis says beyond a study's final measurement: how far from a minimum the network is, how sharp its loss, and what the ranks of its weights would save.</summary>
internal sealed class AnalyzeMeasurement(AnalyzePlan plan, Objective objective, MeasuredSnapshot measured, CancellationToken cancellation)
{
    /// <summary>NC1, with two standard errors, up to which features count as collapsed.</summary>
    public const double CollapsedNc1 = 0.1;

    private static readonly Number Interrupted = Number.Undefined("the run was interrupted before it");
    private static readonly Number NoClasses = Number.Undefined("targets are real numbers");
    private readonly double[] _state = plan.Model.State;

    /// <summary>Accuracy as a number: undefined where targets are real.</summary>
    public Number Accuracy(LossValue value) => plan.Samples.IsRegression ? NoClasses : Number.Of(value.Accuracy);

    /// <summary>The parabola along the gradient of the objective.</summary>
    /// <param name="gradient">That gradient.</param>
    /// <param name="loss">The objective.</param>
    public DescentReport Descent(double[] gradient, double loss)
    {
        double squares = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(gradient);
        if (squares == 0.0 || cancellation.IsCancellationRequested)
            return None(squares == 0.0 ? Number.Undefined("the gradient is zero") : Interrupted);
        LinearOperator hessian = measured.Linearization.Hessian(ParameterScope.AllName).WithWeightDecay(plan.Decay);
        double[] product = new double[gradient.Length];
        hessian.Apply(gradient, product);
        Number curvature = Number.Of(System.Numerics.Tensors.TensorPrimitives.Dot<double>(gradient, product) / squares);
        if (curvature.Value is not > 0.0)
            return new DescentReport(curvature, Number.Undefined("the curvature along the gradient is not positive"), Number.Undefined("the curvature along the gradient is not positive"));
        double gain = 0.5 * squares / curvature.Value.Value;
        return new DescentReport(curvature, Number.Of(gain), loss > 0.0 ? Number.Of(gain / loss) : Number.Undefined("the objective is not positive"));
    }

    private static DescentReport None(Number reason) => new(reason, reason, reason);

    /// <summary>Largest eigenvalues of the data loss's Hessians; not where the decay's curvature is in them.</summary>
    public SharpnessReport Sharpness()
    {
        (Number full, Number error) = Largest(ParameterScope.AllName);
        Number step = full.Value is > 0.0 ? Number.Of(2.0 / full.Value.Value) : Number.Undefined(full.Reason ?? "the largest eigenvalue is not positive");
        return new SharpnessReport(full, error, step, [.. plan.Network.WeightLayers.Select(layer => Largest(layer.Weight.Name) is var (value, doubt) ? new LayerSharpnessReport(layer.Name, value, doubt) : null!)]);
    }

    private (Number Value, Number Error) Largest(string scope)
    {
        SpectrumReport? spectrum = measured.Spectra.Select(static spectrum => spectrum.Report).FirstOrDefault(report => report.Operator is OperatorNames.Hessian && string.Equals(report.Scope, scope, StringComparison.Ordinal));
        if (spectrum is null || spectrum.Eigenvalues.Count == 0)
        {
            Number missing = Number.Undefined(spectrum is null ? "its Hessian was not solved" : $"no eigenpair was found: {spectrum.Status}");
            return (missing, missing);
        }
        Number error = spectrum.EigenvalueStandardErrors is [double first, ..] ? Number.Of(first) : Number.Undefined(spectrum.EigenvalueStandardErrorsReason ?? plan.Samples.NoClasses ?? "not measured");
        return (Number.Of(spectrum.Eigenvalues[0]), error);
    }

    /// <summary>Every weight at its numerical rank, alone and all at once.</summary>
    public SavingsReport Savings()
    {
        List<LayerSavingReport> layers = [];
        double[] all = [.. _state];
        for (int l = 0; l < plan.Network.WeightLayers.Count; l++)
            layers.Add(Saving(plan.Network.WeightLayers[l], measured.Layers[l], all));
        int saved = layers.Sum(static layer => layer.ParametersBefore - layer.ParametersAfter);
        LossValue? value = saved > 0 && !cancellation.IsCancellationRequested ? objective.Evaluate(all) : null;
        Number none = saved > 0 ? Interrupted : Number.Undefined("no weight is cut"), accuracy = plan.Samples.IsRegression ? NoClasses : none;
        return new SavingsReport(plan.Network.ParameterCount - saved, saved / (double)plan.Network.ParameterCount, value is { } cut ? Number.Of(cut.Loss) : none, value is { } then ? Accuracy(then) : accuracy, layers);
    }

    private LayerSavingReport Saving(BilinearLayer layer, LayerReport report, double[] all)
    {
        int whole = layer.Weight.Length;
        IReadOnlyList<double> sigma = report.Weight.SingularValues ?? [];
        LayerSavingReport kept = new(layer.Name, report.Weight.NumericalRank, sigma.Count, whole, whole, 0.0, Number.Of(1.0), Number.Undefined("the weight stays whole"), IsCollapsed(report.Input));
        if (cancellation.IsCancellationRequested || layer is ConvolutionLayer { Shape.Groups: not 1 } || report.Weight.NumericalRank.Value is not { } rank || !Saves(layer, (int)rank))
            return kept;
        WeightDecomposition parts = WeightDecomposition.Of(layer, _state, objective.Compute);
        double[] alone = [.. _state];
        parts.Truncate((int)rank, alone, objective.Compute);
        alone.AsSpan(layer.Weight.Offset, whole).CopyTo(all.AsSpan(layer.Weight.Offset, whole));
        int after = parts.Size((int)rank);
        double energy = sigma.Take((int)rank).Sum(static value => value * value) / sigma.Sum(static value => value * value);
        return kept with { ParametersAfter = after, Saved = 1.0 - (after / (double)whole), EnergyKept = Number.Of(energy), Accuracy = Accuracy(objective.Evaluate(alone)) };
    }

    private static bool Saves(BilinearLayer layer, int rank)
    {
        int rows = layer.Weight.Shape[0], columns = layer.Weight.Length / rows;
        return rank >= 1 && (long)rank * (rows + columns) < (long)rows * columns;
    }

    private static bool? IsCollapsed(FeatureReport input) => input.Collapse.Nc1TraceRatio.Value is { } nc1 ? nc1 + (2.0 * (input.Nc1StandardError?.Value ?? 0.0)) <= CollapsedNc1 : null;
}
