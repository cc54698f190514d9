using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>A Deep RFM that was fitted: the maps of its layers.</summary>
public sealed class DeepRfmModel
{
    private readonly IReadOnlyList<DeepRfmMap> _maps;

    internal DeepRfmModel(IReadOnlyList<DeepRfmMap> maps, FeatureMapKind kind, Tensor<double> features, Tensor<double> targets) =>
        (_maps, Kind, Features, Targets) = (maps, kind, features, targets);

    /// <summary>L.</summary>
    public int Layers => _maps.Count;

    /// <summary>The random features.</summary>
    public FeatureMapKind Kind { get; }

    /// <summary>Φ of the last layer at the training points, n × width.</summary>
    public Tensor<double> Features { get; }

    /// <summary>The targets, n × K.</summary>
    public Tensor<double> Targets { get; }

    /// <summary>W M^½ of a layer: its dense weight as that of a network.</summary>
    /// <param name="layer">From 1 to <see cref="Layers"/>.</param>
    /// <returns>width × d, a copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public Tensor<double> Weight(int layer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layer, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, Layers);
        return _maps[layer - 1].Weight.Clone();
    }
}
