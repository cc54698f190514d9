using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>Pᵀ A P for a contiguous range of indices.</summary>
internal sealed class RestrictedOperator(LinearOperator operand, int start, int count) : LinearOperator(count, count, operand.Structure)
{
    public override double BlockCostPerVector => operand.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => Product(x, y, adjoint: false);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => Product(x, y, adjoint: true);

    private void Product(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y, bool adjoint)
    {
        using Scratch embedded = new(x.Rows, operand.Columns);
        using Scratch result = new(x.Rows, operand.Rows);
        embedded.Matrix.Clear();
        x.CopyTo(embedded.Matrix.ColumnRange(start, Rows));
        if (adjoint)
            operand.ApplyAdjoint(embedded.Matrix, result.Matrix);
        else
            operand.Apply(embedded.Matrix, result.Matrix);
        ReadOnlyMatrixSpan<double> kept = result.Matrix.ColumnRange(start, Rows);
        kept.CopyTo(y);
    }
}
