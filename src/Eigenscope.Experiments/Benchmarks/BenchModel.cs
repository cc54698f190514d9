using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>A network and a batch, and the flops that its derivatives cannot do without: two for each multiply-add of their matrix products, everything else being free.</summary>
internal sealed record BenchModel(string Name, IReadOnlyList<int> Widths, int Samples)
{
    /// <summary>The models that every machine is measured on.</summary>
    public static IReadOnlyList<BenchModel> All { get; } =
    [
        new("mlp-784-512x4-10", [784, 512, 512, 512, 512, 10], 2000),
        new("mlp-784-1024-512-256-128-64-10", [784, 1024, 512, 256, 128, 64, 10], 512),
    ];

    /// <summary>Number of layers with a weight.</summary>
    public int Depth => Widths.Count - 1;

    /// <summary>Values at every layer boundary for all samples, inputs and logits included.</summary>
    public long ActivationCount => (long)Samples * Widths.Sum();

    /// <summary>Forward, weight gradient, input gradient: 6 N d_in d_out a layer; the first needs no input gradient.</summary>
    public double GradientFlops => Sum(first: 4.0, above: 6.0);

    /// <summary>Forward and input gradient only: the weights' gradient is summed when asked for.</summary>
    public double LinearizeFlops => Sum(first: 2.0, above: 4.0);

    /// <summary>Six matrix products a layer: two for the tangent upwards, four for both terms of its two results downwards. The first layer's input has no tangent and nothing flows below it: two.</summary>
    public double HessianFlops => Sum(first: 4.0, above: 12.0);

    /// <summary>As the Hessian without the terms of the cotangents' curvature: four products a layer, two in the first.</summary>
    public double GaussNewtonFlops => Sum(first: 4.0, above: 8.0);

    /// <summary>Two products with the layer's input, and one pass each way over the samples' logit Jacobians, N × K × d_out; the last layer's output is the logits.</summary>
    /// <param name="layer">Index of the layer with a weight, from 0.</param>
    public double LayerFlops(int layer) =>
        (4.0 * Samples * Widths[layer] * Widths[layer + 1]) + (layer == Depth - 1 ? 0.0 : 4.0 * Samples * Widths[^1] * Widths[layer + 1]);

    /// <summary>Builds the network: ReLU, with biases.</summary>
    public Network CreateNetwork() => Network.Mlp(new MlpOptions { Widths = Widths });

    private double Sum(double first, double above)
    {
        double sum = 0.0;
        for (int layer = 0; layer < Depth; layer++)
            sum += (layer == 0 ? first : above) * Samples * Widths[layer] * Widths[layer + 1];
        return sum;
    }
}
