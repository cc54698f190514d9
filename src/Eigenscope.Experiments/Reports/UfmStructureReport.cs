using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>
/// What the theorems of arXiv 2404.06106 say about one layer of the linear model, measured. m_c are the class means of the layer's output, μ_c of its input, v = m_c ⊗ μ_c'.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="GradientCoefficients">Squared cosines (m_cᵀ g μ_c)² / (‖m_c‖² ‖μ_c‖² ‖g‖²) of the data gradient, one for each class; 1/K each at the collapsed optimum; null along training.</param>
/// <param name="LargestCrossCoefficient">Largest of the same with two different classes; 0 at the optimum.</param>
/// <param name="EigenvectorScore">Mean over the K² vectors v of |vᵀHv|² / (‖v‖² ‖Hv‖²) with the layer's Hessian H: 1 when all are eigenvectors.</param>
/// <param name="OutlierSpread">Ratio of the largest to the K²-th eigenvalue of the layer's Hessian; 1 at the optimum.</param>
/// <param name="LargestBulk">The (K² + 1)-th eigenvalue of the layer's Hessian; 0 at the optimum.</param>
/// <param name="BalanceError">‖λ_l W_lᵀW_l − λ_{l−1} W_{l−1}W_{l−1}ᵀ‖_F / ‖λ_l W_lᵀW_l‖_F, with λ_H H_1H_1ᵀ in the place of the weight below the first; 0 at every stationary point of the linear model.</param>
public sealed record UfmStructureReport(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Number>? GradientCoefficients,
    Number LargestCrossCoefficient,
    Number EigenvectorScore,
    Number OutlierSpread,
    Number LargestBulk,
    Number BalanceError);
