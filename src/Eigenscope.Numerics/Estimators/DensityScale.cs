namespace Eigenscope.Numerics.Estimators;

/// <summary>The coordinate in which a density is smoothed and drawn.</summary>
public enum DensityScale
{
    /// <summary>The eigenvalue λ itself.</summary>
    Linear,

    /// <summary>s = asinh(λ / (2 τ)) / ln 10: ±log₁₀(|λ| / τ) for |λ| ≫ τ, linear through zero for |λ| ≪ τ.</summary>
    SymmetricLog,
}
