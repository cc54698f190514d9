namespace Eigenscope.Learning.Networks;

/// <summary>A convolutional classifier for images of a given shape.</summary>
public sealed record ImageModelOptions
{
    /// <summary>The architecture.</summary>
    public required ImageModel Model { get; init; }

    /// <summary>Shape of one sample: channels, height, width.</summary>
    public required IReadOnlyList<int> SampleShape { get; init; }

    /// <summary>Number of logits, ≥ 1.</summary>
    public required int Classes { get; init; }

    /// <summary>Channels of the first stage, ≥ 1; later stages have 2, 4 and 8 times as many, that of LeNet5 5/2 times, rounded down. Null (default): 16 for ResNet8 and ResNet20, 20 for LeNet5, 64 for ResNet18 and VGG11.</summary>
    public int? Channels { get; init; }

    /// <summary>Activation after every convolution and its normalisation. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The dense layers at the end.</summary>
    public HeadOptions Head { get; init; } = new();

    /// <summary>Ranks of layers that are made of two factors, by the layers' names; see <see cref="MlpOptions.Ranks"/>. Default none.</summary>
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }
}
