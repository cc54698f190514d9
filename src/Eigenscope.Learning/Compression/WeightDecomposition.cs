using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Compression;

/// <summary>
/// The singular value decomposition W = U S Vᵀ of a layer's weight as a matrix: outputs × inputs of a dense layer, output channels × (kernel height · kernel width · input channels) of a convolution. Cut after r singular values it is the
/// nearest matrix of rank r in the Frobenius norm, at distance (Σ_{j>r} σ_j²)^{1/2} (Eckart, Young, Psychometrika 1936).
/// </summary>
public sealed class WeightDecomposition
{
    private readonly double[] _values;
    private readonly Tensor<double> _left;
    private readonly Tensor<double> _right;

    private WeightDecomposition(BilinearLayer layer, double[] values, Tensor<double> left, Tensor<double> right) => (Layer, _values, _left, _right) = (layer, values, left, right);

    /// <summary>The layer whose weight it is.</summary>
    public BilinearLayer Layer { get; }

    /// <summary>m: outputs, or output channels.</summary>
    public int Rows => _left.Rows;

    /// <summary>n: inputs, or entries of a patch.</summary>
    public int Columns => _right.Columns;

    /// <summary>All min(m, n) singular values, descending.</summary>
    public IReadOnlyList<double> SingularValues => _values;

    /// <summary>The largest rank r at which two factors hold fewer numbers than the matrix, r (m + n) &lt; m n; 0 where not even rank 1 does.</summary>
    public int LargestSavingRank => (int)((((long)Rows * Columns) - 1) / (Rows + Columns));

    /// <summary>Decomposes a weight.</summary>
    /// <param name="layer">A dense layer, or a convolution of one group.</param>
    /// <param name="parameters">The parameters of its network.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The decomposition.</returns>
    /// <exception cref="ArgumentException">Too few parameters, or a convolution of several groups.</exception>
    public static WeightDecomposition Of(BilinearLayer layer, ReadOnlySpan<double> parameters, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(compute);
        ParameterBlock block = layer.Weight;
        if (parameters.Length < block.Offset + block.Length)
            throw new ArgumentException($"expected at least {block.Offset + block.Length} parameters, got {parameters.Length}", nameof(parameters));
        if (layer is ConvolutionLayer { Shape.Groups: not 1 })
            throw new ArgumentException($"convolution '{layer.Name}' has several groups, and its weight is not one matrix", nameof(layer));
        int rows = block.Shape[0], columns = block.Length / rows, rank = Math.Min(rows, columns);
        Tensor<double> copy = new(parameters.Slice(block.Offset, block.Length).ToArray(), rows, columns);
        Tensor<double> left = new(rows, rank), right = new(rank, columns);
        double[] values = new double[rank];
        compute.Blas.Svd(copy.AsMatrix(), values, left.AsMatrix(), right.AsMatrix());
        return new WeightDecomposition(layer, values, left, right);
    }

    /// <summary>Whether factors of a rank hold fewer numbers than the matrix.</summary>
    /// <param name="rank">r.</param>
    public bool Saves(int rank) => rank >= 1 && rank <= LargestSavingRank;

    /// <summary>Numbers in two factors of a rank, r (m + n); in the matrix itself where those are no fewer.</summary>
    /// <param name="rank">r ≥ 1.</param>
    public int Size(int rank) => Saves(rank) ? rank * (Rows + Columns) : Rows * Columns;

    /// <summary>Factors of the nearest matrix of a rank, with the singular values shared evenly: A = U_r S_r^{1/2} and B = S_r^{1/2} V_rᵀ, so that the two have the same norm, and gradients of both one scale.</summary>
    /// <param name="rank">r in 1 … min(m, n).</param>
    /// <returns>A, m × r, and B, r × n.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such rank.</exception>
    public (Tensor<double> Left, Tensor<double> Right) Factors(int rank)
    {
        if (rank < 1 || rank > _values.Length)
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"expected a rank in 1 … {_values.Length}");
        Tensor<double> left = new(Rows, rank), right = new(rank, Columns);
        for (int j = 0; j < rank; j++)
        {
            double root = Math.Sqrt(_values[j]);
            for (int i = 0; i < Rows; i++)
                left[i, j] = _left[i, j] * root;
            System.Numerics.Tensors.TensorPrimitives.Multiply(_right.Row(j), root, right.Row(j));
        }
        return (left, right);
    }

    /// <summary>Puts the nearest matrix of a rank in the weight's place.</summary>
    /// <param name="rank">r in 1 … min(m, n).</param>
    /// <param name="parameters">The parameters of the layer's network; the weight's are overwritten.</param>
    /// <param name="compute">Where to compute.</param>
    public void Truncate(int rank, Span<double> parameters, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        (Tensor<double> left, Tensor<double> right) = Factors(rank);
        MatrixSpan<double> weight = new(parameters.Slice(Layer.Weight.Offset, Layer.Weight.Length), Rows, Columns);
        compute.Multiply(1.0, left.AsMatrix(), Numerics.Blas.MatrixOp.None, right.AsMatrix(), Numerics.Blas.MatrixOp.None, 0.0, weight);
    }
}
