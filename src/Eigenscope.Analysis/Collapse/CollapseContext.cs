using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Collapse;

/// <summary>What is known about the layer that the measured features enter, for the metrics that need more than features and labels. What is left out makes those metrics undefined, with the reason.</summary>
public sealed record CollapseContext
{
    /// <summary>Weight of the dense layer that the features enter, out × d with one output a row; null (the default) for anything that is not a dense layer.</summary>
    public Tensor<double>? Weight { get; init; }

    /// <summary>Class means of that layer's pre-activation, K × out; null (the default) when not measured. <see cref="ClassDuality.PreActivationMeans"/> computes them from the features' own class means.</summary>
    public Tensor<double>? PreActivationMeans { get; init; }

    /// <summary>Whether that layer produces the logits; default false.</summary>
    public bool IsLastLayer { get; init; }

    /// <summary>The class the network predicts for each sample, all biases included; null (the default) when unknown.</summary>
    public IReadOnlyList<int>? Predictions { get; init; }
}
