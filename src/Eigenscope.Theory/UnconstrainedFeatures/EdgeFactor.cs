namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>A factor of the strongly regular solution, which commutes with every permutation of the vertices: it has two singular values.</summary>
/// <param name="Spread">The singular value on vectors over the vertices that sum to zero, r − 1 times.</param>
/// <param name="Constant">The one on the constant vector, with its sign.</param>
public readonly record struct EdgeFactor(double Spread, double Constant);
