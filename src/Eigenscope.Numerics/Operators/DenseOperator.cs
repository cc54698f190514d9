using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>A matrix held entry by entry. One pass over the matrix serves every vector of a block.</summary>
public sealed class DenseOperator : LinearOperator
{
    // Measured for a matrix beyond the cache: a block reads it once, single vectors read it once each.
    private const double DenseBlockCost = 0.2;
    private readonly Tensor<double> _matrix;
    private readonly Compute _compute;

    /// <summary>Wraps a matrix without copying it.</summary>
    /// <param name="matrix">m × n, row-major; must not change while the operator is in use.</param>
    /// <param name="compute">Where products run.</param>
    /// <param name="structure">What is known about the matrix; a promise, not checked here.</param>
    /// <exception cref="ArgumentException">A non-square matrix is declared symmetric.</exception>
    public DenseOperator(Tensor<double> matrix, Compute compute, OperatorStructure structure = OperatorStructure.None)
        : base(Checked(matrix).Rows, matrix.Columns, structure)
    {
        ArgumentNullException.ThrowIfNull(compute);
        _matrix = matrix;
        _compute = compute;
    }

    /// <inheritdoc/>
    public override double BlockCostPerVector => DenseBlockCost;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) =>
        _compute.Multiply(1.0, x, MatrixOp.None, _matrix.AsMatrix(), MatrixOp.Transpose, 0.0, y);

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) =>
        _compute.Multiply(1.0, x, MatrixOp.None, _matrix.AsMatrix(), MatrixOp.None, 0.0, y);

    private static Tensor<double> Checked(Tensor<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix;
    }
}
