using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Density;

/// <summary>The span of known eigenvectors, to be projected out: an orthonormal basis with its eigenvalues.</summary>
internal sealed class KnownSubspace
{
    // A pair listed at both ends leaves its residual here, a new one its whole length; inside one multiple eigenvalue anything between is an eigenvector again.
    private const double SameVector = 1e-3;

    private readonly Compute _compute;
    private readonly Tensor<double> _basis;
    private readonly double[] _values;
    private double[] _coefficients = [];

    private KnownSubspace(Compute compute, Tensor<double> basis, double[] values)
    {
        (_compute, _basis, _values) = (compute, basis, values);
    }

    public int Count { get; private set; }

    /// <summary>Eigenvalues in the order in which they were taken in.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    private MatrixSpan<double> Basis => _basis.AsMatrix().RowRange(0, Count);

    /// <summary>Takes in the pairs within their tolerance, from both ends, each once.</summary>
    public static KnownSubspace From(EigenPairs? pairs, int dimension, Compute compute)
    {
        int most = pairs is null ? 0 : pairs.Values.Count + pairs.Smallest.Count;
        KnownSubspace known = new(compute, new Tensor<double>(Math.Min(most, dimension), dimension), new double[Math.Min(most, dimension)]);
        if (pairs is null)
            return known;
        known.Add(pairs.Values, pairs.Residuals, pairs.Vectors, pairs.Convergence.Tolerance);
        known.Add(pairs.Smallest, pairs.SmallestResiduals, pairs.SmallestVectors, pairs.Convergence.Tolerance);
        return known;
    }

    /// <summary>Removes the span from every row, twice: once leaves a part of rounding relative to what was there.</summary>
    public void RemoveFrom(MatrixSpan<double> rows)
    {
        if (Count == 0)
            return;
        if (_coefficients.Length < rows.Rows * Count)
            _coefficients = new double[rows.Rows * Count];
        MatrixSpan<double> coefficients = new(_coefficients, rows.Rows, Count);
        for (int pass = 0; pass < 2; pass++)
        {
            _compute.Multiply(1.0, rows, MatrixOp.None, Basis, MatrixOp.Transpose, 0.0, coefficients);
            _compute.Multiply(-1.0, coefficients, MatrixOp.None, Basis, MatrixOp.None, 1.0, rows);
        }
    }

    private void Add(IReadOnlyList<double> values, IReadOnlyList<double> residuals, Tensor<double>? vectors, double tolerance)
    {
        for (int i = 0; i < values.Count && Count < _values.Length; i++)
        {
            if (!(residuals[i] <= tolerance))
                continue;
            Span<double> row = _basis.Row(Count);
            vectors!.Row(i).CopyTo(row);
            RemoveFrom(new MatrixSpan<double>(row, 1, row.Length));
            double norm = Primitives.Norm<double>(row);
            if (norm <= SameVector)
                continue;
            Primitives.Divide(row, norm, row);
            _values[Count++] = values[i];
        }
    }
}
