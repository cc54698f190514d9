using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// A = L Lᵀ of a symmetric positive definite matrix, over all threads and in place. Left-looking by block columns: a block is brought up to date by one product with everything to its left, so that
/// the matrix is written once, and n³/3 multiply-adds run at the speed of matrix products. Nothing is ever added to the diagonal.
/// </summary>
public sealed class CholeskyFactorization
{
    // A wider block column has fewer passes over what lies to its left, and more of the work in its diagonal block, which one thread factors.
    private const int BlockSize = 256;
    private const int LargeBlockSize = 512;
    private const int LargeDimension = 8192;

    // Rows that one thread brings up to date at a time.
    private const int RowsPerTask = 256;

    private const double Epsilon = 2.220446049250313e-16;

    private readonly Tensor<double> _factor;
    private readonly double[] _diagonal;
    private readonly Compute _compute;
    private readonly int _block;

    private CholeskyFactorization(Tensor<double> matrix, Compute compute)
    {
        _factor = matrix;
        _diagonal = [.. Enumerable.Range(0, matrix.Rows).Select(i => matrix[i, i])];
        _compute = compute;
        _block = matrix.Rows > LargeDimension ? LargeBlockSize : BlockSize;
    }

    /// <summary>n.</summary>
    public int Dimension => _factor.Rows;

    /// <summary>
    /// Index (from 0) of the first pivot that was not positive, or so small that it is rounding (n·eps of its diagonal entry), as where two rows are equal; −1 when the matrix is positive definite.
    /// </summary>
    public int FailedPivot { get; private set; } = -1;

    /// <summary>Whether the matrix is positive definite to rounding, so that it can be solved with.</summary>
    public bool IsPositiveDefinite => FailedPivot < 0;

    /// <summary>Factors a matrix.</summary>
    /// <param name="matrix">n × n, symmetric; only the lower triangle is read. The factorisation keeps it: its lower triangle becomes L, the rest is undefined.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="cancellation">Looked at before every block column.</param>
    /// <returns>The factorisation; see <see cref="IsPositiveDefinite"/>.</returns>
    /// <exception cref="ArgumentException">Not square.</exception>
    /// <exception cref="LinearAlgebraException">The matrix holds a NaN or an infinity.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CholeskyFactorization Factor(Tensor<double> matrix, Compute compute, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(matrix.AsMatrix(), matrix.Rows, matrix.Rows, nameof(matrix));
        CholeskyFactorization factorization = new(matrix, compute);
        for (int start = 0; start < matrix.Rows && factorization.IsPositiveDefinite; start += factorization._block)
        {
            cancellation.ThrowIfCancellationRequested();
            factorization.FactorColumn(start, Math.Min(factorization._block, matrix.Rows - start));
        }
        return factorization;
    }

    /// <summary>B ← A⁻¹ B.</summary>
    /// <param name="b">n × m; overwritten.</param>
    /// <exception cref="ArgumentException">Not n rows.</exception>
    /// <exception cref="InvalidOperationException">The matrix is not positive definite.</exception>
    public void Solve(MatrixSpan<double> b)
    {
        SolveLower(b, MatrixOp.None);
        SolveLower(b, MatrixOp.Transpose);
    }

    /// <summary>B ← L⁻¹ B, or B ← L⁻ᵀ B.</summary>
    /// <param name="b">n × m; overwritten.</param>
    /// <param name="op">Whether L is transposed.</param>
    /// <exception cref="ArgumentException">Not n rows.</exception>
    /// <exception cref="InvalidOperationException">The matrix is not positive definite.</exception>
    public void SolveLower(MatrixSpan<double> b, MatrixOp op)
    {
        if (!IsPositiveDefinite)
            throw new InvalidOperationException($"pivot {FailedPivot} of {Dimension} was not positive beyond rounding: the matrix is not positive definite and cannot be solved with");
        if (b.Rows != Dimension)
            throw new ArgumentException($"expected {Dimension} rows, got {b.Rows} × {b.Columns}", nameof(b));
        int blocks = (Dimension + _block - 1) / _block;
        for (int step = 0; step < blocks; step++)
        {
            int start = (op == MatrixOp.None ? step : blocks - 1 - step) * _block;
            int count = Math.Min(_block, Dimension - start);
            if (op == MatrixOp.None && start > 0)
                _compute.Multiply(-1.0, Part(start, count, 0, start), MatrixOp.None, b.RowRange(0, start), MatrixOp.None, 1.0, b.RowRange(start, count));
            _compute.Blas.SolveTriangular(Part(start, count, start, count), op, b.RowRange(start, count));
            if (op == MatrixOp.Transpose && start > 0)
                _compute.Multiply(-1.0, Part(start, count, 0, start), MatrixOp.Transpose, b.RowRange(start, count), MatrixOp.None, 1.0, b.RowRange(0, start));
        }
    }

    private MatrixSpan<double> Part(int row, int rows, int column, int columns) => _factor.AsMatrix().RowRange(row, rows).ColumnRange(column, columns);

    private void FactorColumn(int start, int count)
    {
        if (start > 0)
            _compute.Multiply(-1.0, Part(start, count, 0, start), MatrixOp.None, Part(start, count, 0, start), MatrixOp.Transpose, 1.0, Part(start, count, start, count));
        int failed = _compute.Blas.Cholesky(Part(start, count, start, count));
        FailedPivot = FirstRounding(start, failed >= 0 ? failed : count) ?? (failed >= 0 ? start + failed : -1);
        if (!IsPositiveDefinite)
            return;
        int below = start + count, tasks = (Dimension - below + RowsPerTask - 1) / RowsPerTask;
        _compute.ForEachPart(tasks, task => FactorRows(below + (task * RowsPerTask), start, count));
    }

    private int? FirstRounding(int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            if (_factor[i, i] * _factor[i, i] <= Dimension * Epsilon * _diagonal[i])
                return i;
        }
        return null;
    }

    private void FactorRows(int row, int start, int count)
    {
        int rows = Math.Min(RowsPerTask, Dimension - row);
        MatrixSpan<double> block = Part(row, rows, start, count);
        if (start > 0)
            _compute.Blas.Multiply(-1.0, Part(row, rows, 0, start), MatrixOp.None, Part(start, count, 0, start), MatrixOp.Transpose, 1.0, block);
        _compute.Blas.SolveTriangular(Part(start, count, start, count), MatrixOp.Transpose, block, fromRight: true);
    }
}
