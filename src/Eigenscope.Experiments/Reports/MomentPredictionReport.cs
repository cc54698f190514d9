using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Eigenvalues of a second moment or a covariance, predicted from class means.</summary>
/// <param name="Eigenvalues">Predicted, descending: at most K.</param>
/// <param name="MaxRelativeError">Largest |λ̂_j − λ_j| / λ_1 over the K largest, λ̂_j = 0 beyond the rank.</param>
/// <param name="ExplainedTrace">Trace predicted over trace measured: the share of the moment that lies between classes.</param>
public sealed record MomentPredictionReport(IReadOnlyList<double> Eigenvalues, Number MaxRelativeError, Number ExplainedTrace);
