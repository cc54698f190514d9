namespace Eigenscope.Experiments.Recipes;

/// <summary>The kernel machine of <c>rfm</c> and of each layer of <c>deep-rfm</c>, as a user gives it.</summary>
public sealed record KernelMachineOptions
{
    /// <summary>laplace, gaussian, power or quadratic. Default laplace.</summary>
    public string Kernel { get; init; } = "laplace";

    /// <summary>L &gt; 0, for kernels of distances; null takes 2.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>p of the power kernel, in (0, 2], and for it only; null takes 1.</summary>
    public double? Power { get; init; }

    /// <summary>μ ≥ 0, added to the kernel matrix's diagonal. Default 1e-3.</summary>
    public double Ridge { get; init; } = 1e-3;

    /// <summary>full or diagonal: what of the AGOP becomes the next metric. Default full.</summary>
    public string Metric { get; init; } = "full";

    /// <summary>Power of the AGOP that becomes the next metric, &gt; 0. Default 1.</summary>
    public double AgopExponent { get; init; } = 1.0;

    /// <summary>Whether the mean gradient is subtracted in the AGOP that becomes the next metric. Default false.</summary>
    public bool AgopCentred { get; init; }

    /// <summary>largest-entry or none: what the AGOP is divided by before its power is taken. Default none.</summary>
    public string AgopScaling { get; init; } = "none";

    /// <summary>An amount such as 4GB; null takes 4 GiB. A kernel matrix that does not fit is solved with by conjugate gradients, in slices.</summary>
    public string? Memory { get; init; }
}
