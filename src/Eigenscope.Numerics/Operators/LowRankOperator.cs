using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>Σ_i u_i u_iᵀ = Fᵀ F from the rows u_i of a factor F: symmetric, positive semidefinite, of rank at most the number of rows.</summary>
public sealed class LowRankOperator : LinearOperator
{
    // As for a dense matrix: the factor is read once per block.
    private const double FactorBlockCost = 0.2;
    private readonly Tensor<double> _factor;
    private readonly Compute _compute;

    /// <summary>Wraps a factor without copying it.</summary>
    /// <param name="factor">F, r × n, row-major; must not change while the operator is in use.</param>
    /// <param name="compute">Where products run.</param>
    public LowRankOperator(Tensor<double> factor, Compute compute)
        : base(Checked(factor).Columns, factor.Columns, OperatorStructure.PositiveSemidefinite)
    {
        ArgumentNullException.ThrowIfNull(compute);
        _factor = factor;
        _compute = compute;
    }

    /// <inheritdoc/>
    public override double BlockCostPerVector => FactorBlockCost;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        using Scratch inner = new(x.Rows, _factor.Rows);
        _compute.Multiply(1.0, x, MatrixOp.None, _factor.AsMatrix(), MatrixOp.Transpose, 0.0, inner.Matrix);
        _compute.Multiply(1.0, inner.Matrix, MatrixOp.None, _factor.AsMatrix(), MatrixOp.None, 0.0, y);
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private static Tensor<double> Checked(Tensor<double> factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        return factor;
    }
}
