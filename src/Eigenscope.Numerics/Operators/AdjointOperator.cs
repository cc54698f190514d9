using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>Aᵀ.</summary>
internal sealed class AdjointOperator(LinearOperator operand) : LinearOperator(operand.Columns, operand.Rows, operand.Structure)
{
    public override double BlockCostPerVector => operand.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => operand.ApplyAdjoint(x, y);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => operand.Apply(x, y);
}
