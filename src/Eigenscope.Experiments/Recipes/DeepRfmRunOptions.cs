namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>deep-rfm</c>, as a user gives them; <see cref="DeepRfmRecipe"/> checks them all at once.</summary>
public sealed record DeepRfmRunOptions
{
    /// <summary>A known name or a path. Default digits.</summary>
    public string Data { get; init; } = "digits";

    /// <summary>The first so many samples, ≥ K, before any are held out; null takes all.</summary>
    public int? Samples { get; init; }

    /// <summary>Share of each class held out for testing, in [0, 1). Default 0.</summary>
    public double TestFraction { get; init; }

    /// <summary>Whether each coordinate is shifted and scaled by the training samples' mean and unbiased deviation. Default true.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Number of layers, ≥ 1. Default 6.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>relu or cosine: the random features of each layer. Default relu.</summary>
    public string Features { get; init; } = "relu";

    /// <summary>Number of random features of each layer, ≥ 1. Default 512.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Scale γ &gt; 0 of the Cauchy distribution of cosine features' weights, and for them only; null takes 0.05.</summary>
    public double? CauchyScale { get; init; }

    /// <summary>Fits of a kernel machine in each layer, ≥ 1, each in the metric that the one before it learned. Default 1.</summary>
    public int RfmIterations { get; init; } = 1;

    /// <summary>The kernel machine of each layer. By default the AGOP is divided by its largest entry before its root is taken.</summary>
    public KernelMachineOptions Machine { get; init; } = new() { AgopScaling = "largest-entry" };
}
