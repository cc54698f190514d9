namespace Eigenscope.Learning.Networks;

/// <summary>The dense layers that end a convolutional network: a linear classifier, or a deep head such as those in which collapse is studied layer by layer (2402.13728, 2410.23169).</summary>
public sealed record HeadOptions
{
    /// <summary>Number of dense layers, the last included, ≥ 1. Default 1.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Units of each hidden layer of the head, ≥ 1. Default 512.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Activation between the head's layers. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the head's layers have biases; null (default): a single layer has one, a deeper head has none.</summary>
    public bool? Biases { get; init; }

    /// <summary>Share of the units dropped after every hidden layer of the head in each training step, in [0, 1). Default 0. Measurements drop none.</summary>
    public double Dropout { get; init; }
}
