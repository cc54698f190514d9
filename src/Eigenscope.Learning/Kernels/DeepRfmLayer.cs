using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>One layer of a Deep RFM, while it is at hand.</summary>
public sealed class DeepRfmLayer
{
    internal DeepRfmLayer(int index) => Index = index;

    /// <summary>From 1.</summary>
    public int Index { get; }

    /// <summary>X: what enters the layer, rows of unit norm (a row of zeros stays), n × d.</summary>
    public required Tensor<double> Input { get; init; }

    /// <summary>X M^½, n × d.</summary>
    public required Tensor<double> Mapped { get; init; }

    /// <summary>Φ: random features of X M^½, n × width.</summary>
    public required Tensor<double> Features { get; init; }

    /// <summary>The machine of the layer's last fit, whose gradients gave M.</summary>
    public required KernelMachine Machine { get; init; }

    /// <summary>The verdicts on all fits of the layer, the last one included.</summary>
    public required IReadOnlyList<Convergence> Verdicts { get; init; }

    /// <summary>Its values at the training points, n × K.</summary>
    public required Tensor<double> TrainOutputs { get; init; }

    /// <summary>Its average gradient outer product at the training points, before centring, scaling or power.</summary>
    public required AgopAccumulator Agop { get; init; }

    /// <summary>M^½, d × d.</summary>
    public required Tensor<double> Root { get; init; }

    /// <summary>X of the test points, m × d; null without them.</summary>
    public Tensor<double>? TestInput { get; init; }
}
