using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Numerics.Estimators;

/// <summary>How a spectral density is sampled and drawn.</summary>
public sealed record SpectralDensityOptions
{
    /// <summary>Number of random probes, ≥ 2: the error band comes from their spread. Default 10.</summary>
    public int Probes { get; init; } = 10;

    /// <summary>Lanczos steps of every probe, ≥ 1; products cost Probes · Steps. Default 64.</summary>
    public int Steps { get; init; } = 64;

    /// <summary>Eigenpairs known already, with vectors: those within their tolerance are deflated and become lines. Null (default): none.</summary>
    public EigenPairs? Known { get; init; }

    /// <summary>
    /// σ of the Gaussian kernel on the linear scale, &gt; 0; null (default) takes 1.5 · range / Steps of what is not deflated. A width below range / Steps is accepted, but asks for more than the steps resolve:
    /// see <see cref="DensityCurve.StepChange"/>.
    /// </summary>
    public double? KernelWidth { get; init; }

    /// <summary>σ on the symmetric-log scale, in decades, &gt; 0. Default 0.1.</summary>
    public double LogKernelWidth { get; init; } = 0.1;

    /// <summary>τ of the symmetric-log scale, &gt; 0; null (default) takes 10⁻⁶ of the largest |value|, lines included.</summary>
    public double? LinearThreshold { get; init; }

    /// <summary>Points of each grid, ≥ 2; raised where their spacing would exceed the kernel width. Default 512.</summary>
    public int GridPoints { get; init; } = 512;

    /// <summary>Probability that the band holds the smoothed exact spectrum at a point, in (0, 1). Default 0.9.</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>Probes multiplied together, ≥ 0; 0 (default) takes up to 8 while their Lanczos vectors, BlockSize · Steps · n numbers, stay below 1 GiB.</summary>
    public int BlockSize { get; init; }
}
