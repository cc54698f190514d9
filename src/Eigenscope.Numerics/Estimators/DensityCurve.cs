namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// A spectrum smoothed by a Gaussian kernel, on a grid that is uniform in a coordinate s. With φ_σ(s) = exp(−s² / (2 σ²)) / (σ √(2π)) what is estimated at a grid point s is
/// <code>(1/n) Σ_i φ_σ(s − s(λ_i)),   i over the eigenvalues that are not lines:</code>
/// the exact spectrum smoothed by this very kernel. Lines are not part of it. Its integral over s is (n − k)/n, and the grid reaches five kernel widths beyond the outermost nodes, so that the sum of
/// <see cref="Density"/> times the spacing is that mass.
/// </summary>
public sealed record DensityCurve
{
    /// <summary>The coordinate s.</summary>
    public required DensityScale Scale { get; init; }

    /// <summary>τ of <see cref="DensityScale.SymmetricLog"/>, in the operator's units; null on a linear scale.</summary>
    public double? LinearThreshold { get; init; }

    /// <summary>σ, in units of s: those of the operator on a linear scale, decades on a symmetric-log one.</summary>
    public required double KernelWidth { get; init; }

    /// <summary>Grid points s, ascending, equally spaced.</summary>
    public required IReadOnlyList<double> Coordinates { get; init; }

    /// <summary>The eigenvalue λ(s) of every grid point.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The estimate: share of the spectrum per unit of s, mean over the probes.</summary>
    public required IReadOnlyList<double> Density { get; init; }

    /// <summary>Half the width of the error band at every point, t · (standard error over the probes), with probes − 1 degrees of freedom.</summary>
    public required IReadOnlyList<double> HalfWidth { get; init; }

    /// <summary>
    /// How much the estimate changes at every point between ⌈3 m / 4⌉ and m Lanczos steps: a measured bound, as a rule, of what the finite number of steps leaves undone. The band does not include it; where it
    /// exceeds <see cref="HalfWidth"/>, the kernel is narrower than m steps resolve there.
    /// </summary>
    public required IReadOnlyList<double> StepChange { get; init; }
}
