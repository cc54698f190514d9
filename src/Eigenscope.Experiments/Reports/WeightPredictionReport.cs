using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

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
