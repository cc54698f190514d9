namespace Eigenscope.Learning.Networks;

/// <summary>
/// A deep unconstrained feature model: a table of free features H₁, one row per sample, then L dense layers without biases, with the activation between them and none after the last.
/// Its parameters are "H1", "1.weight" … "L.weight", and "L.bias" if asked for.
/// </summary>
public sealed record UfmNetworkOptions
{
    /// <summary>N, the number of samples, each with its own row of features; 1 … <see cref="FeatureTableLayer.MaxSamples"/>.</summary>
    public required int Samples { get; init; }

    /// <summary>Widths d₁, …, d_L, K: the features' first, the logits' last; L ≥ 1, each ≥ 1.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Activation after every dense layer but the last. Default linear.</summary>
    public Activation Activation { get; init; } = Activation.Linear;

    /// <summary>Whether the first dense layer sees max(H₁, 0) instead of H₁. Default false.</summary>
    public bool RectifiedFeatures { get; init; }

    /// <summary>Whether the last dense layer has a bias. Default false.</summary>
    public bool LastBias { get; init; }
}
