namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// The distribution of a symmetric operator's n eigenvalues: lines for the k that were known, each of mass 1/n, and for the rest the mean of the probes' Gauss quadratures, each of mass (n − k)/n.
/// </summary>
public sealed record SpectralDensity
{
    /// <summary>n, the operator's dimension.</summary>
    public required int Dimension { get; init; }

    /// <summary>Deflated eigenvalues, descending.</summary>
    public required IReadOnlyList<SpectralLine> Lines { get; init; }

    /// <summary>One quadrature a probe, each of total weight 1; empty when every eigenvalue is a line.</summary>
    public required IReadOnlyList<GaussQuadrature> Probes { get; init; }

    /// <summary>All probes' nodes, ascending.</summary>
    public required IReadOnlyList<double> Nodes { get; init; }

    /// <summary>Masses of <see cref="Nodes"/>: weight · (n − k)/n / probes.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Sum of the lines' masses and of <see cref="Weights"/> as computed. It is 1 up to rounding, and nothing was divided to make it so.</summary>
    public required double TotalMass { get; init; }

    /// <summary>Lanczos steps asked of every probe.</summary>
    public required int Steps { get; init; }

    /// <summary>(largest − smallest node) / steps: what the steps resolve in the middle of the spectrum. A kernel should not be narrower.</summary>
    public required double Resolution { get; init; }

    /// <summary>Probability that a band of <see cref="Linear"/> or <see cref="Log"/> holds the smoothed exact spectrum at a point.</summary>
    public required double Confidence { get; init; }

    /// <summary>What is not a line, smoothed in λ; null when every eigenvalue is a line.</summary>
    public required DensityCurve? Linear { get; init; }

    /// <summary>The same smoothed in the symmetric logarithm of λ; null when every eigenvalue is a line.</summary>
    public required DensityCurve? Log { get; init; }

    /// <summary>Products with single vectors spent.</summary>
    public required int OperatorApplications { get; init; }
}
