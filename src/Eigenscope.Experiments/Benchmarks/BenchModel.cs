using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>
/// A network and a batch, and the flops that its derivatives cannot do without: two for each multiply-add of their products with weights, everything else being free. A convolution counts as the matrix
/// product of its unfolded patches, kernel · input channels × output channels at every position of every sample, however it is computed.
/// </summary>
internal sealed record BenchModel
{
    private readonly HashSet<Layer> _first;

    public BenchModel(string name, Network network, int samples, IReadOnlyList<string>? blocks = null)
    {
        Name = name;
        Network = network;
        Samples = samples;
        Blocks = blocks ?? [.. network.WeightLayers.Select(static layer => layer.Weight.Name)];
        _first = FirstLayers(network);
    }

    /// <summary>The models that every machine is measured on.</summary>
    public static IReadOnlyList<BenchModel> All { get; } =
    [
        Mlp("mlp-784-512x4-10", [784, 512, 512, 512, 512, 10], 2000),
        Mlp("mlp-784-1024-512-256-128-64-10", [784, 1024, 512, 256, 128, 64, 10], 512),
        Images("resnet8", ImageModel.ResNet8, [1, 28, 28], 64, "stage2.0.conv2.weight"),
        Images("resnet20", ImageModel.ResNet20, [3, 32, 32], 64, "stage2.1.conv1.weight"),
        Images("vgg11-16", ImageModel.Vgg11, [3, 32, 32], 64, "conv5.weight", channels: 16),
    ];

    /// <summary>What users call it.</summary>
    public string Name { get; }

    /// <summary>The network; it holds no numbers.</summary>
    public Network Network { get; }

    /// <summary>N.</summary>
    public int Samples { get; }

    /// <summary>The weights whose own blocks of the Hessian are measured.</summary>
    public IReadOnlyList<string> Blocks { get; }

    /// <summary>Whether a step of training differs from the gradient that is measured.</summary>
    public bool Normalises => Network.Statistics.Count > 0;

    /// <summary>Values at every layer boundary for all samples, inputs and logits included; what an activation writes lies where its input lay.</summary>
    public long ActivationCount => Samples * (Network.InputSize + Network.Layers.Where(static layer => layer is not ElementwiseLayer).Sum(static layer => (long)layer.OutputSize));

    /// <summary>Forward, weight gradient, input gradient: 6 N d_in d_out a layer; the first needs no input gradient.</summary>
    public double GradientFlops => Sum(first: 4.0, above: 6.0);

    /// <summary>Forward and input gradient only: the weights' gradient is summed when asked for.</summary>
    public double LinearizeFlops => Sum(first: 2.0, above: 4.0);

    /// <summary>Six matrix products a layer: two for the tangent upwards, four for both terms of its two results downwards. The first layer's input has no tangent and nothing flows below it: two.</summary>
    public double HessianFlops => Sum(first: 4.0, above: 12.0);

    /// <summary>As the Hessian without the terms of the cotangents' curvature: four products a layer, two in the first. The same for every matrix that lies between a Jacobian and its transpose.</summary>
    public double GaussNewtonFlops => Sum(first: 4.0, above: 8.0);

    /// <summary>The tangent upwards: two products a layer, one in the first.</summary>
    public double JacobianFlops => Sum(first: 2.0, above: 4.0);

    /// <summary>A multilayer perceptron: ReLU, with biases.</summary>
    public static BenchModel Mlp(string name, IReadOnlyList<int> widths, int samples) => new(name, Network.Mlp(new MlpOptions { Widths = widths }), samples);

    /// <summary>A convolutional network of ten classes.</summary>
    public static BenchModel Images(string name, ImageModel model, IReadOnlyList<int> shape, int samples, string block, int? channels = null) =>
        new(name, Network.ForImages(new ImageModelOptions { Model = model, SampleShape = shape, Classes = 10, Channels = channels }), samples, [block]);

    /// <summary>Two products with the layer's input, and one pass each way over the samples' logit Jacobians, N × K × (output size); the last layer's output is the logits.</summary>
    /// <param name="weight">Name of the layer's weight.</param>
    public double LayerFlops(string weight)
    {
        BilinearLayer layer = Network.WeightLayers.First(layer => string.Equals(layer.Weight.Name, weight, StringComparison.Ordinal));
        double jacobians = layer == Network.Layers[^1] ? 0.0 : (double)Network.OutputSize * layer.OutputSize;
        return 4.0 * Samples * (MultiplyAdds(layer) + jacobians);
    }

    // Of one sample: d_in d_out, where a convolution multiplies at every position.
    private static double MultiplyAdds(BilinearLayer layer) =>
        layer is ConvolutionLayer convolution ? (double)convolution.Shape.PatchSize * layer.OutputSize : (double)layer.InputSize * layer.OutputSize;

    private static HashSet<Layer> FirstLayers(Network network)
    {
        bool[] moves = new bool[network.Layers.Count + 1];
        HashSet<Layer> first = [];
        for (int i = 0; i < network.Layers.Count; i++)
        {
            bool below = false;
            foreach (int source in network.Sources(i))
                below |= moves[source];
            moves[i + 1] = below || network.Layers[i].Parameters.Count > 0;
            if (!below)
                first.Add(network.Layers[i]);
        }
        return first;
    }

    private double Sum(double first, double above) =>
        Network.WeightLayers.Sum(layer => (_first.Contains(layer) ? first : above) * Samples * MultiplyAdds(layer));
}
