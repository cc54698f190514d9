namespace Eigenscope.Learning.Networks;

/// <summary>A multilayer perceptron: dense layers with the activation between them, none after the last.</summary>
public sealed record MlpOptions
{
    /// <summary>Widths from the input to the output: w₀ … w_L with L ≥ 1, each ≥ 1.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Activation of the hidden layers. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether dense layers have biases. Default true.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>Whether the last dense layer has a bias even where <see cref="Biases"/> is false. Default false.</summary>
    public bool LastBias { get; init; }

    /// <summary>Share of the units dropped after every hidden layer in each training step, in [0, 1). Default 0. Measurements drop none.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Ranks r of layers whose weight is a product of two, by the layers' names: "2" is then a bilinear layer "2.right" of r outputs without bias, and after it, with nothing between, a layer "2.left" that has the bias. Of a convolution
    /// the second is 1 × 1. Each rank is in 1 … min(outputs, entries of the patch). Default none.
    /// </summary>
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }
}
