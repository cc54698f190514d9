using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Features;

/// <summary>
/// Average gradient outer product (Radhakrishnan et al., "Mechanism for feature learning in neural networks and backpropagation-free machine learning models", Science 2024) of a predictor f at N inputs:
/// AGOP = (1/N) Σ_i J_iᵀ J_i, J_i = ∂f(x_i)/∂x of shape K × d, f the logits. A plain mean over samples and sum over outputs: not divided by K nor by the largest entry.
/// Jacobians come slice by slice, so that memory is d² plus one slice whatever N is. The scatter about the mean Jacobian is what is accumulated (merged pairwise as in Chan, Golub, LeVeque 1983); the plain and the
/// centred form both follow from it by additions, without cancellation.
/// </summary>
public sealed class AgopAccumulator
{
    // Columns of a tile of the outer products' sum: small enough to share them over threads, large enough for a product at full speed.
    private const int TileSize = 256;

    private readonly int _outputs;
    private readonly int _dimension;
    private readonly Compute _compute;
    private readonly Tensor<double> _scatter;
    private readonly Tensor<double> _mean;
    private double[] _centred = [];

    /// <summary>Starts with no samples.</summary>
    /// <param name="outputs">K ≥ 1, rows of one Jacobian.</param>
    /// <param name="dimension">d ≥ 1, columns of one Jacobian.</param>
    /// <param name="compute">Where to compute.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public AgopAccumulator(int outputs, int dimension, Compute compute)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(compute);
        (_outputs, _dimension, _compute) = (outputs, dimension, compute);
        _scatter = new Tensor<double>(dimension, dimension);
        _mean = new Tensor<double>(outputs, dimension);
    }

    /// <summary>d, columns of one Jacobian.</summary>
    public int Dimension => _dimension;

    /// <summary>K, rows of one Jacobian.</summary>
    public int Outputs => _outputs;

    /// <summary>N, the number of samples added so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Adds the Jacobians of n samples.</summary>
    /// <param name="jacobians">(n·K) × d: the K rows of the first sample's Jacobian, then those of the second, and so on; n ≥ 0, finite.</param>
    /// <exception cref="ArgumentException">The rows are not a multiple of K, the columns are not d, or an entry is not finite.</exception>
    public void Add(ReadOnlyMatrixSpan<double> jacobians)
    {
        if (jacobians.Columns != _dimension || jacobians.Rows % _outputs != 0)
            throw new ArgumentException($"expected a multiple of {_outputs} rows and {_dimension} columns, got {jacobians.Rows} × {jacobians.Columns}", nameof(jacobians));
        MatrixGuard.Finite(jacobians, nameof(jacobians));
        int added = jacobians.Rows / _outputs;
        if (added == 0)
            return;
        Tensor<double> sliceMean = MeanOf(jacobians, added);
        Centre(jacobians, sliceMean);
        AddGram(1.0, _centred, jacobians.Rows);
        Merge(sliceMean, added);
    }

    /// <summary>The mean Jacobian (1/N) Σ_i J_i.</summary>
    /// <returns>A K × d copy.</returns>
    /// <exception cref="InvalidOperationException">No samples were added.</exception>
    public Tensor<double> MeanJacobian()
    {
        RequireSamples();
        return _mean.Clone();
    }

    /// <summary>(1/N) Σ_i J_iᵀ J_i.</summary>
    /// <returns>A symmetric d × d matrix.</returns>
    /// <exception cref="InvalidOperationException">No samples were added.</exception>
    public Tensor<double> Mean()
    {
        Tensor<double> agop = Centred();
        _compute.Multiply(1.0, _mean.AsMatrix(), MatrixOp.Transpose, _mean.AsMatrix(), MatrixOp.None, 1.0, agop.AsMatrix());
        return agop;
    }

    /// <summary>(1/N) Σ_i (J_i − J̄)ᵀ (J_i − J̄), J̄ the mean Jacobian.</summary>
    /// <returns>A symmetric d × d matrix.</returns>
    /// <exception cref="InvalidOperationException">No samples were added.</exception>
    public Tensor<double> Centred()
    {
        RequireSamples();
        Tensor<double> agop = Symmetric();
        TensorPrimitives.Divide(agop.Span, Samples, agop.Span);
        return agop;
    }

    /// <summary>The accumulator of the Jacobians J_i A: of x ↦ f(A x) at inputs that f was measured at, or of f ∘ (a linear layer) from f alone.</summary>
    /// <param name="map">A, d × d′.</param>
    /// <returns>A new accumulator; this one is unchanged.</returns>
    /// <exception cref="ArgumentException">A does not have d rows, or is not finite.</exception>
    public AgopAccumulator MapColumns(ReadOnlyMatrixSpan<double> map)
    {
        MatrixGuard.Shape(map, _dimension, map.Columns, nameof(map));
        MatrixGuard.Finite(map, nameof(map));
        AgopAccumulator mapped = new(_outputs, map.Columns, _compute) { Samples = Samples };
        Tensor<double> half = new(_dimension, map.Columns);
        _compute.Multiply(1.0, Symmetric().AsMatrix(), MatrixOp.None, map, MatrixOp.None, 0.0, half.AsMatrix());
        _compute.Multiply(1.0, map, MatrixOp.Transpose, half.AsMatrix(), MatrixOp.None, 0.0, mapped._scatter.AsMatrix());
        _compute.Multiply(1.0, _mean.AsMatrix(), MatrixOp.None, map, MatrixOp.None, 0.0, mapped._mean.AsMatrix());
        return mapped;
    }

    private void Merge(Tensor<double> sliceMean, int added)
    {
        double total = Samples + added;
        TensorPrimitives.Subtract(sliceMean.Span, _mean.Span, sliceMean.Span);
        if (Samples > 0)
            AddGram(Samples * (added / total), sliceMean.Storage, _outputs);
        TensorPrimitives.MultiplyAdd(sliceMean.Span, added / total, _mean.Span, _mean.Span);
        Samples += added;
    }

    // The lower triangle alone, tile by tile; what lies above the diagonal is filled in when the matrix is asked for.
    private void AddGram(double factor, double[] rows, int count)
    {
        int tiles = (_dimension + TileSize - 1) / TileSize;
        _compute.ForEachPart(tiles * (tiles + 1) / 2, part =>
        {
            (int i, int j) = Tile(part);
            (int row, int column) = (i * TileSize, j * TileSize);
            int height = Math.Min(TileSize, _dimension - row), width = Math.Min(TileSize, _dimension - column);
            ReadOnlyMatrixSpan<double> all = new(rows, count, _dimension);
            _compute.Blas.Multiply(
                factor, all.ColumnRange(row, height), MatrixOp.Transpose, all.ColumnRange(column, width), MatrixOp.None, 1.0, _scatter.AsMatrix().RowRange(row, height).ColumnRange(column, width));
        });
    }

    // The part-th of the pairs (0, 0), (1, 0), (1, 1), (2, 0) …
    private static (int Row, int Column) Tile(int part)
    {
        int row = 0;
        while (part > row)
            part -= ++row;
        return (row, part);
    }

    private Tensor<double> Symmetric()
    {
        Tensor<double> full = _scatter.Clone();
        for (int i = 0; i < _dimension; i++)
        {
            for (int j = i + 1; j < _dimension; j++)
                full[i, j] = full[j, i];
        }
        return full;
    }

    private unsafe void Centre(ReadOnlyMatrixSpan<double> jacobians, Tensor<double> mean)
    {
        if (_centred.Length < jacobians.Rows * _dimension)
            _centred = new double[jacobians.Rows * _dimension];
        (int rows, int stride) = (jacobians.Rows, jacobians.Stride);
        fixed (double* start = jacobians.Data)
        {
            double* from = start;
            _compute.ForEachPart(_compute.Threads, part =>
            {
                (int first, int count) = Compute.PartRange(rows, part, _compute.Threads);
                for (int i = first; i < first + count; i++)
                    TensorPrimitives.Subtract(new ReadOnlySpan<double>(from + ((long)i * stride), _dimension), mean.Row(i % _outputs), _centred.AsSpan(i * _dimension, _dimension));
            });
        }
    }

    // About the first sample: a constant Jacobian, as of a linear model, has a scatter of exactly 0.
    private unsafe Tensor<double> MeanOf(ReadOnlyMatrixSpan<double> jacobians, int samples)
    {
        Tensor<double> mean = new(_outputs, _dimension);
        int stride = jacobians.Stride;
        fixed (double* start = jacobians.Data)
        {
            double* from = start;
            _compute.ForEachPart(_outputs, k => SumRows(from + ((long)k * stride), (long)stride * _outputs, samples, mean.Row(k)));
        }
        return mean;
    }

    private unsafe void SumRows(double* first, long stride, int samples, Span<double> mean)
    {
        ReadOnlySpan<double> origin = new(first, _dimension);
        double[] difference = new double[_dimension];
        for (int i = 1; i < samples; i++)
        {
            TensorPrimitives.Subtract(new ReadOnlySpan<double>(first + (i * stride), _dimension), origin, difference);
            TensorPrimitives.Add(mean, difference, mean);
        }
        TensorPrimitives.Divide(mean, samples, mean);
        TensorPrimitives.Add(mean, origin, mean);
    }

    private void RequireSamples()
    {
        if (Samples == 0)
            throw new InvalidOperationException("no Jacobian has been added, so there is no mean; call Add first");
    }
}
