namespace Eigenscope.Analysis.Collapse;

/// <summary>NC1 through the pseudo-inverse, with the rank decision it rests on.</summary>
/// <param name="Value">tr(Σ_W Σ_B⁺)/K.</param>
/// <param name="Rank">Number of singular values of the centred class means kept, ≤ min(K − 1, d).</param>
/// <param name="Cut">Singular values at or below this were dropped: max(K, d)·eps·σ_1, eps = 2⁻⁵².</param>
public sealed record PseudoInverseNc1(Number Value, int Rank, double Cut);
