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
        if (_centred.Length < jacobians.Rows * _dimension)
            _centred = new double[jacobians.Rows * _dimension];
        MatrixSpan<double> centred = new(_centred, jacobians.Rows, _dimension);
        for (int i = 0; i < jacobians.Rows; i++)
            TensorPrimitives.Subtract(jacobians.Row(i), sliceMean.Row(i % _outputs), centred.Row(i));
        AddGram(1.0, centred);
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
        Tensor<double> agop = _scatter.Clone();
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
        _compute.Multiply(1.0, _scatter.AsMatrix(), MatrixOp.None, map, MatrixOp.None, 0.0, half.AsMatrix());
        _compute.Multiply(1.0, map, MatrixOp.Transpose, half.AsMatrix(), MatrixOp.None, 0.0, mapped._scatter.AsMatrix());
        _compute.Multiply(1.0, _mean.AsMatrix(), MatrixOp.None, map, MatrixOp.None, 0.0, mapped._mean.AsMatrix());
        return mapped;
    }

    private void Merge(Tensor<double> sliceMean, int added)
    {
        double total = Samples + added;
        TensorPrimitives.Subtract(sliceMean.Span, _mean.Span, sliceMean.Span);
        if (Samples > 0)
            AddGram(Samples * (added / total), sliceMean.AsMatrix());
        TensorPrimitives.MultiplyAdd(sliceMean.Span, added / total, _mean.Span, _mean.Span);
        Samples += added;
    }

    private void AddGram(double factor, ReadOnlyMatrixSpan<double> rows) =>
        _compute.Multiply(factor, rows, MatrixOp.Transpose, rows, MatrixOp.None, 1.0, _scatter.AsMatrix());

    // About the first sample: a constant Jacobian, as of a linear model, has a scatter of exactly 0.
    private Tensor<double> MeanOf(ReadOnlyMatrixSpan<double> jacobians, int samples)
    {
        Tensor<double> mean = new(_outputs, _dimension);
        double[] difference = new double[_dimension];
        for (int i = 0; i < jacobians.Rows; i++)
        {
            Span<double> sum = mean.Row(i % _outputs);
            TensorPrimitives.Subtract(jacobians.Row(i), jacobians.Row(i % _outputs), difference);
            TensorPrimitives.Add(sum, difference, sum);
        }
        TensorPrimitives.Divide(mean.Span, samples, mean.Span);
        for (int k = 0; k < _outputs; k++)
            TensorPrimitives.Add(mean.Row(k), jacobians.Row(k), mean.Row(k));
        return mean;
    }

    private void RequireSamples()
    {
        if (Samples == 0)
            throw new InvalidOperationException("no Jacobian has been added, so there is no mean; call Add first");
    }
}
