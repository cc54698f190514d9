using Eigenscope.Analysis;
using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// The doubt that comes from measuring a part of the training samples, or of a population: standard errors and biases of NC1 and of the first K eigenvalues as numbers of the whole, and where there are none, why.
/// </summary>
internal sealed class SubsetDoubt(MeasurementPlan plan, Compute compute, RandomStream random, CancellationToken cancellation)
{
    /// <summary>How many times the samples are split into halves.</summary>
    public const int Splits = 4;

    private const double HalvesTolerance = 1e-6;
    private const string Interrupted = "the run was interrupted before it";
    private const string OtherOperator = "computed of Hessians and Gauss–Newton matrices only";
    private const string Costly = "in a convolutional network the eight solves over halves of the samples cost too much";
    private const string NotAsked = "solves over halves of the samples were not asked for";
    private const string NoHalves = "of no split of the samples into halves did both halves converge";

    /// <summary>The doubt of the NC1 trace ratio; null where the samples measured are the whole.</summary>
    public static ResampledEstimate? OfNc1(MeasurementPlan plan, ReadOnlyMatrixSpan<double> features, Compute compute, RandomStream random) =>
        plan.IsSubset ? OfWhole(plan, Nc1Bootstrap.TraceRatio(features, plan.Labels, plan.Classes, MeasurementPlan.Replicates, compute, random)) : null;

    /// <summary>A spectrum with its doubt; itself where the samples measured are the whole.</summary>
    public MeasuredSpectrum With(Linearization linearization, MeasuredSpectrum spectrum)
    {
        if (!plan.IsSubset)
            return spectrum;
        string? none = WhyNone(spectrum);
        bool isSplit = !IsGaussNewton(spectrum.Report);
        ResampledEstimate[] estimates = none is not null ? [] : [.. (isSplit ? Halves(linearization, spectrum) : Jackknife(linearization, spectrum)).Select(estimate => OfWhole(plan, estimate))];
        if (estimates.Length == 0)
            none ??= cancellation.IsCancellationRequested ? Interrupted : NoHalves;
        (IReadOnlyList<double>? errors, string? noErrors) = List(estimates.Select(static estimate => estimate.StandardError), none);
        (IReadOnlyList<double>? biases, string? noBiases) = List(estimates.Select(static estimate => estimate.Bias), none);
        return spectrum with
        {
            Report = spectrum.Report with
            {
                EigenvalueStandardErrors = errors,
                EigenvalueStandardErrorsReason = noErrors,
                EigenvalueBiases = biases,
                EigenvalueBiasesReason = noBiases,
                EigenvalueSplits = isSplit && errors is not null ? estimates[0].Resamplings : null,
            },
        };
    }

    // Of a population without end the samples are no share.
    private static ResampledEstimate OfWhole(MeasurementPlan plan, ResampledEstimate estimate) => plan.MeasuredShare == 0.0 ? estimate : estimate.OfPopulation(plan.MeasuredShare);

    private string? WhyNone(MeasuredSpectrum spectrum)
    {
        if (spectrum.Report.Operator is OperatorNames.EmpiricalFisher or OperatorNames.GradientCovariance)
            return OtherOperator;
        if (cancellation.IsCancellationRequested)
            return Interrupted;
        if (spectrum.Pairs.Vectors is null or { Rows: 0 })
            return $"no eigenvectors were found: {spectrum.Report.Status}";
        if (IsGaussNewton(spectrum.Report))
            return null;
        return plan.HasCostlyProducts ? Costly : plan.HasHalves ? null : NotAsked;
    }

    // Decay adds the same to every sample's share of an eigenvalue: the variance is that of the data loss's part.
    private IReadOnlyList<ResampledEstimate> Jackknife(Linearization linearization, MeasuredSpectrum spectrum) =>
        EigenvalueDoubt.GaussNewton(linearization, spectrum.Report.Scope, plan.Labels, plan.Classes, spectrum.Pairs, plan.Classes);

    private IReadOnlyList<ResampledEstimate> Halves(Linearization linearization, MeasuredSpectrum spectrum)
    {
        string scope = spectrum.Report.Scope;
        EigenOptions options = new() { Top = plan.Classes, BlockSize = plan.BlockSize, Tolerance = Math.Max(HalvesTolerance, plan.Tolerance) };
        return EigenvalueDoubt.SplitHalves(linearization, plan.Labels, plan.Classes, Operator, spectrum.Pairs, options, Splits, compute, random.Split($"halves {scope}"), cancellation);

        LinearOperator Operator(Linearization half) => plan.IncludesWeightDecay ? half.Hessian(scope).WithWeightDecay(plan.Decay, scope) : half.Hessian(scope);
    }

    // With no bend above it and none of its own, a weight's Hessian is its Gauss–Newton matrix.
    private bool IsGaussNewton(SpectrumReport spectrum) => spectrum.Operator is not OperatorNames.Hessian
        || (plan.Network.Layers.All(static layer => layer.IsPiecewiseLinear) && plan.Network.WeightLayers.Any(layer => string.Equals(layer.Weight.Name, spectrum.Scope, StringComparison.Ordinal)));

    private static (IReadOnlyList<double>? Values, string? Reason) List(IEnumerable<Number> numbers, string? none)
    {
        Number[] all = [.. numbers];
        string? reason = none ?? all.Select(static number => number.Reason).FirstOrDefault(static reason => reason is not null);
        return reason is null ? ([.. all.Select(static number => number.Value!.Value)], null) : (null, reason);
    }
}
