using System.Text.Json.Serialization;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Experiments.Reports;

/// <summary>The spectrum of one operator with its verdict.</summary>
public sealed record SpectrumReport
{
    /// <summary>hessian, gauss-newton, fisher, empirical-fisher or gradient-covariance.</summary>
    public required string Operator { get; init; }

    /// <summary>"all", a parameter's or layer's name, or a pattern of names.</summary>
    public required string Scope { get; init; }

    /// <summary>The operator that this one equals for the loss at hand, whose numbers these are; null, and not written, where it was computed by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SameAs { get; init; }

    /// <summary>Dimension of the operator.</summary>
    public required int Dimension { get; init; }

    /// <summary>Number of samples it averages over.</summary>
    public required int Samples { get; init; }

    /// <summary>Whether the decay's curvature is in it.</summary>
    public required bool IncludesWeightDecay { get; init; }

    /// <summary>dense or block-lanczos.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the eigenvalues are all there are.</summary>
    public required bool Complete { get; init; }

    /// <summary>Largest eigenvalues, descending.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>‖Av − θv‖ / max|θ|, computed after the solve.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Smallest eigenvalues, ascending, if asked for.</summary>
    public required IReadOnlyList<double> Smallest { get; init; }

    /// <summary>Residuals of the smallest.</summary>
    public required IReadOnlyList<double> SmallestResiduals { get; init; }

    /// <summary>The eigenvalues in groups.</summary>
    public required IReadOnlyList<EigenvalueGroup> Multiplicities { get; init; }

    /// <summary>Neighbours closer than this are one group.</summary>
    public required double MultiplicityTolerance { get; init; }

    /// <summary>converged, invariant-subspace, budget-exhausted, non-finite or interrupted.</summary>
    public required string Status { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Products with a single vector.</summary>
    public required int OperatorApplications { get; init; }

    /// <summary>Trace with its standard error; null when the run was interrupted before it, or a product was not finite.</summary>
    public required Estimate? Trace { get; init; }

    /// <summary>Why there is no trace; null when there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceReason { get; init; }

    /// <summary>
    /// Standard errors of the first K eigenvalues as numbers of all training samples, where only a part of them is measured: by the infinitesimal jackknife where the operator is a Gauss–Newton matrix, else by
    /// split halves. Null where there is none: with a reason it is written, without one, where all samples are measured, it is not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? EigenvalueStandardErrors { get; init; }

    /// <summary>Why there are no standard errors although only a part of the samples is measured; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EigenvalueStandardErrorsReason { get; init; }

    /// <summary>How far each of these eigenvalues is expected to lie above that of all training samples, by split halves; not subtracted. Null, with or without a reason, as the standard errors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? EigenvalueBiases { get; init; }

    /// <summary>Why there are no biases although only a part of the samples is measured; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EigenvalueBiasesReason { get; init; }

    /// <summary>How many splits into halves, of which both converged, standard errors and biases come from; null, and not written, where they do not come from halves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EigenvalueSplits { get; init; }

    /// <summary>The spectral density; null, and not written, where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DensityReport? Density { get; init; }

    /// <summary>Which part of the Gauss–Newton matrix each top eigenvector lives on; null, and not written, where it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginReport? Origins { get; init; }

    /// <summary>What theory predicts of it: the closed form where there is one, else the prediction from class means; null, and not written, where there is neither.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionReport? Predicted { get; init; }

    /// <summary>The prediction from class means where <see cref="Predicted"/> is a closed form.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionReport? PredictedFromClassMeans { get; init; }
}
