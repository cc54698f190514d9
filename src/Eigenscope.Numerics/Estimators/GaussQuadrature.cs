namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// Gauss quadrature of one probe's spectral measure, from the tridiagonal matrix T of its Lanczos process (Golub and Welsch, Math. Comp. 23, 1969): nodes are T's eigenvalues, weights the squared
/// first components of its eigenvectors. m nodes integrate polynomials of degree 2 m − 1 exactly; after a breakdown there are fewer nodes, and the quadrature is the measure itself.
/// </summary>
/// <param name="Nodes">Nodes, ascending, in the operator's units.</param>
/// <param name="Weights">Weights ≥ 0; their sum is 1 up to rounding, by construction and never by division.</param>
public sealed record GaussQuadrature(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights);
