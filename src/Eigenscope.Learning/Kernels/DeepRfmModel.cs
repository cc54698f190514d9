using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
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

    /// <summary>
    /// The same layers as a network of ours, so that everything that is measured of networks can be measured of it: dense layer l has the weight W M^½, reads rows of unit norm and so has the Deep RFM's X as its input. The head is linear ridge
    /// regression of the targets on the last features, rows to unit norm: (Φ̂ᵀΦ̂ + μI)⁻¹ Φ̂ᵀ Y.
    /// </summary>
    /// <param name="ridge">μ &gt; 0 of the head.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The network and its parameters.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The ridge is not positive and finite.</exception>
    /// <exception cref="LinearAlgebraException">The features' Gram matrix plus the ridge is not positive definite to rounding.</exception>
    public (Network Network, double[] Parameters) ToNetwork(double ridge, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (!(ridge > 0.0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "expected a finite ridge > 0");
        Network network = Network.UnitNormChain([_maps[0].Weight.Columns, .. _maps.Select(static map => map.Weight.Rows), Targets.Columns], Kind == FeatureMapKind.Cosine);
        double[] parameters = new double[network.StateLength];
        IReadOnlyList<BilinearLayer> layers = network.WeightLayers;
        for (int l = 0; l < _maps.Count; l++)
        {
            _maps[l].Weight.Span.CopyTo(parameters.AsSpan(layers[l].Weight.Offset));
            if (layers[l].Bias is { } bias)
                _maps[l].Phases.CopyTo(parameters.AsSpan(bias.Offset));
        }
        Head(ridge, compute).Span.CopyTo(parameters.AsSpan(layers[^1].Weight.Offset));
        return (network, parameters);
    }

    // K × width.
    private Tensor<double> Head(double ridge, Compute compute)
    {
        Tensor<double> features = DeepRfm.UnitRows(Features), gram = new(features.Columns, features.Columns), weight = new(features.Columns, Targets.Columns);
        compute.Multiply(1.0, features.AsMatrix(), MatrixOp.Transpose, features.AsMatrix(), MatrixOp.None, 0.0, gram.AsMatrix());
        compute.Multiply(1.0, features.AsMatrix(), MatrixOp.Transpose, Targets.AsMatrix(), MatrixOp.None, 0.0, weight.AsMatrix());
        for (int i = 0; i < gram.Rows; i++)
            gram[i, i] += ridge;
        CholeskyFactorization factorization = CholeskyFactorization.Factor(gram, compute);
        if (!factorization.IsPositiveDefinite)
            throw new LinearAlgebraException($"the Gram matrix of {features.Columns} features plus the ridge {ridge:g6} is not positive definite to rounding; raise the ridge");
        factorization.Solve(weight.AsMatrix());
        return weight.Transposed();
    }
}
