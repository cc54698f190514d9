using Eigenscope.Learning.Features;

namespace Eigenscope.Learning.Kernels;

/// <summary>A Deep RFM.</summary>
public sealed record DeepRfmOptions
{
    /// <summary>L ≥ 1. Default 6.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>The random features. Default ReLU.</summary>
    public FeatureMapKind Features { get; init; }

    /// <summary>Number of random features of each layer, ≥ 1. Default 512.</summary>
    public int Width { get; init; } = 512;

    /// <summary>γ &gt; 0, scale of the Cauchy distribution of cosine features' frequencies. Default 0.05.</summary>
    public double CauchyScale { get; init; } = 0.05;

    /// <summary>Fits of a kernel machine in each layer, ≥ 1, each with the metric that the one before it gave, the first with M = I; the metric that the last one gives is the layer's. Default 1.</summary>
    public int Fits { get; init; } = 1;

    /// <summary>
    /// Kernel, ridge and form of the metric; its iterations and patience are not used. Default Laplace's kernel of bandwidth 2, ridge 10⁻³, and the average gradient outer product divided by its largest entry, as in the published code.
    /// </summary>
    public RfmOptions Rfm { get; init; } = new() { Form = new AgopForm { Scaling = AgopScaling.LargestEntry } };

    /// <summary>Checks all values.</summary>
    internal static void Check(DeepRfmOptions options)
    {
        RfmOptions.Check(options.Rfm);
        if (options.Layers < 1 || options.Width < 1 || options.Fits < 1)
            throw new ArgumentException($"expected at least one layer, one feature and one fit a layer, got {options.Layers}, {options.Width} and {options.Fits}", nameof(options));
        if (!(options.CauchyScale > 0.0 && double.IsFinite(options.CauchyScale)))
            throw new ArgumentException($"expected a finite Cauchy scale > 0, got {options.CauchyScale}", nameof(options));
    }
}
