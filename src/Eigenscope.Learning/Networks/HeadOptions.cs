namespace Eigenscope.Learning.Networks;

/// <summary>The dense layers that end a convolutional network: a linear classifier, or a deep head such as those in which collapse is studied layer by layer (2402.13728, 2410.23169).</summary>
public sealed record HeadOptions
{
    private const int LeNet5Depth = 2;
    private const int LeNet5Width = 500;
    private const int UsualWidth = 512;

    /// <summary>Number of dense layers, the last included, ≥ 1. Null (default): 1, of LeNet5 2.</summary>
    public int? Depth { get; init; }

    /// <summary>Units of each hidden layer of the head, ≥ 1. Null (default): 512, of LeNet5 500.</summary>
    public int? Width { get; init; }

    /// <summary>Activation between the head's layers. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the head's layers have biases; null (default): a single layer has one, and LeNet5's have; other deeper heads have none.</summary>
    public bool? Biases { get; init; }

    /// <summary>Share of the units dropped after every hidden layer of the head in each training step, in [0, 1). Default 0. Measurements drop none.</summary>
    public double Dropout { get; init; }

    /// <summary>The depth for a model.</summary>
    /// <param name="model">The model that it ends.</param>
    /// <returns><see cref="Depth"/>, or the model's own.</returns>
    public int DepthOf(ImageModel model) => Depth ?? (model is ImageModel.LeNet5 ? LeNet5Depth : 1);

    /// <summary>The width of hidden layers for a model.</summary>
    /// <param name="model">The model that it ends.</param>
    /// <returns><see cref="Width"/>, or the model's own.</returns>
    public int WidthOf(ImageModel model) => Width ?? (model is ImageModel.LeNet5 ? LeNet5Width : UsualWidth);
}
