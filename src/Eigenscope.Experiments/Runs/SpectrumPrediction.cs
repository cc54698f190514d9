using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Reports;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Experiments.Runs;

/// <summary>The Hessian of one layer's weight as class means predict it, with the trace that the prediction is measured against.</summary>
/// <param name="Scope">Name of the weight.</param>
/// <param name="Hessian">The prediction.</param>
/// <param name="GaussNewtonTrace">Trace of the layer's Gauss–Newton matrix.</param>
/// <param name="GaussNewtonTraceStandardError">Its standard error; 0 where it is exact.</param>
internal sealed record LayerHessianPrediction(string Scope, ClassMeanHessian Hessian, double GaussNewtonTrace, double GaussNewtonTraceStandardError);

/// <summary>Compares a measured spectrum of one layer with its prediction from class means.</summary>
internal sealed class SpectrumPrediction(LayerHessianPrediction prediction, int classes, Compute compute)
{
    private readonly double[] _predicted = [.. prediction.Hessian.Eigenvalues];

    public PredictionReport Compare(MeasuredSpectrum measured)
    {
        double[]? errors = prediction.Hessian.Convergence.IsConverged ? RelativeErrors(measured.Pairs.Values) : null;
        EigenspaceOverlap overlap = Overlap(measured);
        return new PredictionReport
        {
            Source = "class-means",
            Groups = prediction.Hessian.Groups(),
            RelativeErrors = errors,
            MaxRelativeError = errors is null ? Number.Undefined(WhyNoErrors()) : Number.Of(errors.Max()),
            SubspaceOverlap = overlap.Value,
            SubspaceOverlapUsed = overlap.Used,
            ExplainedTrace = prediction.GaussNewtonTrace > 0.0 ? Number.Of(prediction.Hessian.Trace / prediction.GaussNewtonTrace) : Number.Undefined("the layer's Gauss–Newton matrix is zero"),
            ExplainedTraceStandardError = ExplainedTraceStandardError(),
        };
    }

    // To first order the relative error of a ratio with an exact numerator is that of its denominator.
    private double? ExplainedTraceStandardError() => prediction.GaussNewtonTraceStandardError > 0.0 && prediction.GaussNewtonTrace > 0.0
        ? prediction.Hessian.Trace / prediction.GaussNewtonTrace * (prediction.GaussNewtonTraceStandardError / prediction.GaussNewtonTrace)
        : null;

    private string WhyNoErrors() => prediction.Hessian.Convergence.IsConverged
        ? "nothing to compare: no eigenvalue was measured, or none was predicted"
        : $"the prediction's eigenpairs are not converged: {prediction.Hessian.Convergence.Message}";

    private double[]? RelativeErrors(IReadOnlyList<double> values)
    {
        int count = Math.Min(values.Count, _predicted.Length);
        if (count == 0 || values[0] == 0.0)
            return null;
        return [.. Enumerable.Range(0, count).Select(j => Math.Abs(_predicted[j] - values[j]) / Math.Abs(values[0]))];
    }

    private EigenspaceOverlap Overlap(MeasuredSpectrum measured)
    {
        EigenPairs pairs = measured.Pairs;
        int k = Math.Min(classes * classes, EigenvalueCluster.AboveZero(_predicted));
        if (!pairs.IsComplete && pairs.Values.Count <= k)
            k = Math.Min(classes, k);
        if (!prediction.Hessian.Convergence.IsConverged)
            return Undefined(k, $"the prediction's eigenpairs are not converged: {prediction.Hessian.Convergence.Message}");
        if (k == 0)
            return Undefined(k, "the prediction is zero");
        if (pairs.Values.Count == 0 || pairs.Vectors is null)
            return Undefined(k, $"no eigenpairs: {measured.Report.Status}");
        return EigenspaceOverlap.Measure(prediction.Hessian.Eigenvectors, _predicted.Length, pairs, k, compute);
    }

    private static EigenspaceOverlap Undefined(int k, string reason) => new(Number.Undefined(reason), k, null);
}
