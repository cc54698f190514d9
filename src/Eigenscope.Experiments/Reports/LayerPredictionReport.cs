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
