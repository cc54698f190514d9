using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What class means alone predict of one layer, beside what was measured.</summary>
/// <param name="Weight">The weight, from Σ_c m_c μ_cᵀ.</param>
/// <param name="SecondMoment">The second moment of the features that enter the layer, from Σ_c (n_c/N) μ_c μ_cᵀ.</param>
/// <param name="Covariance">Their covariance, from the same about the mean of the samples.</param>
/// <param name="Gradient">The data loss's gradient in the weight, from the span of the products of class means.</param>
/// <param name="Backpropagated">The second moment of the errors at the layer's output, from their class means.</param>
public sealed record LayerPredictionReport(
    WeightPredictionReport Weight,
    MomentPredictionReport SecondMoment,
    MomentPredictionReport Covariance,
    GradientPredictionReport Gradient,
    MomentPredictionReport Backpropagated);

/// <summary>A weight predicted from class means: C = Σ_c m_c μ_cᵀ, m_c the class means of the layer's pre-activation, μ_c those of its input, scaled to the Frobenius norm of W.</summary>
/// <param name="SingularValues">Of the scaled C, descending: its rank is at most K.</param>
/// <param name="MaxRelativeError">Largest |σ̂_j − σ_j| / σ_1 over the K largest, σ̂_j = 0 beyond the rank of C.</param>
/// <param name="LeftOverlap">Overlap of the spans of the leading left singular vectors of C and W.</param>
/// <param name="RightOverlap">The same of the right ones.</param>
/// <param name="OverlapUsed">How many vectors the overlaps compare: the rank of C, raised to the end of a cluster of σ; null, and not written, without an overlap.</param>
public sealed record WeightPredictionReport(
    IReadOnlyList<double> SingularValues,
    Number MaxRelativeError,
    Number LeftOverlap,
    Number RightOverlap,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? OverlapUsed);

/// <summary>Eigenvalues of a second moment or a covariance, predicted from class means.</summary>
/// <param name="Eigenvalues">Predicted, descending: at most K.</param>
/// <param name="MaxRelativeError">Largest |λ̂_j − λ_j| / λ_1 over the K largest, λ̂_j = 0 beyond the rank.</param>
/// <param name="ExplainedTrace">Trace predicted over trace measured: the share of the moment that lies between classes.</param>
public sealed record MomentPredictionReport(IReadOnlyList<double> Eigenvalues, Number MaxRelativeError, Number ExplainedTrace);

/// <summary>How much of the gradient lies where class means say.</summary>
/// <param name="Share">Share of ‖g‖² in the span of the products μ_c⁺ μ_c'ᵀ of all pairs of classes, μ_c⁺ the class means of what follows (the next layer's input, or the logits).</param>
/// <param name="PairedShare">Share in the span of the K products of a class with itself.</param>
public sealed record GradientPredictionReport(Number Share, Number PairedShare);
