namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A smoothed spectrum with its band, and known eigenvalues as lines.</summary>
public sealed record DensityFigure : PageFigure
{
    /// <summary>Where the curve's points lie: the eigenvalue, or a logarithm of it.</summary>
    public required PageAxis X { get; init; }

    /// <summary>The density.</summary>
    public required PageAxis Y { get; init; }

    /// <summary>Places of the points, ascending.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    /// <summary>The eigenvalue at each point.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The density at each point; null where it lies below the axis.</summary>
    public required IReadOnlyList<double?> Density { get; init; }

    /// <summary>Lower end of the band at each point, cut at the axis; null where the whole band lies below.</summary>
    public required IReadOnlyList<double?> Low { get; init; }

    /// <summary>Upper end of the band at each point; null where the whole band lies below the axis.</summary>
    public required IReadOnlyList<double?> High { get; init; }

    /// <summary>Probability that the band holds the exact spectrum, smoothed by the same kernel, at a point.</summary>
    public required double Confidence { get; init; }

    /// <summary>Stretches where the kernel is narrower than the Lanczos steps resolve; empty for none.</summary>
    public IReadOnlyList<PageInterval> Unresolved { get; init; } = [];

    /// <summary>Known eigenvalues.</summary>
    public IReadOnlyList<PageTick> Lines { get; init; } = [];

    /// <summary>Height of a known eigenvalue's line: what the kernel makes of a single eigenvalue.</summary>
    public required double LineHeight { get; init; }
}
