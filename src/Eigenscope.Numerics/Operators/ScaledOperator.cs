using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>c A.</summary>
internal sealed class ScaledOperator(LinearOperator operand, double factor)
    : LinearOperator(operand.Rows, operand.Columns, factor >= 0 ? operand.Structure : operand.Structure & ~OperatorStructure.PositiveSemidefinite)
{
    public override double BlockCostPerVector => operand.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        operand.Apply(x, y);
        ScaleRows(y);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        operand.ApplyAdjoint(x, y);
        ScaleRows(y);
    }

    private void ScaleRows(MatrixSpan<double> y)
    {
        for (int i = 0; i < y.Rows; i++)
            TensorPrimitives.Multiply(y.Row(i), factor, y.Row(i));
    }
}
