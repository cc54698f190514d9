using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Experiments.Runs;

/// <summary>What an analysis says beyond a study's final measurement: how far from a minimum the network is, how sharp its loss, and what the ranks of its weights would save.</summary>
internal sealed class AnalyzeMeasurement(AnalyzePlan plan, Objective objective, MeasuredSnapshot measured, CancellationToken cancellation)
{
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
    public SavingsReport Savings() => new RankSavings(plan.Network, _state, measured.Layers, objective, plan.Samples.IsRegression ? NoClasses : null, cancellation).Measure();
}
