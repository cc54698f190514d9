using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Number of zero eigenvalues of the objective's Hessian at the end.</summary>
/// <param name="Scope">all (the weights, features held fixed) or all+features.</param>
/// <param name="Count">Eigenvalues within the tolerance of zero; undefined where not all eigenvalues are known.</param>
/// <param name="Predicted">
/// g (rd − r(r+1)/2), with g = L − 1 for the weights and L with the features: the dimension of the orbit of W_{l+1}Qᵀ, Q W_l at a point of rank r; one more for cross-entropy with a bias, which may be shifted. Undefined where the run did not end in
/// a known solution, or a ReLU forbids those rotations.
/// </param>
/// <param name="Tolerance">max(1e-8 max|θ|, residuals), as for multiplicities.</param>
public sealed record NullityReport(string Scope, Number Count, Number Predicted, double Tolerance);
