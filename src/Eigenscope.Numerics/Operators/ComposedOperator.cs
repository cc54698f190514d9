using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>A B.</summary>
internal sealed class ComposedOperator(LinearOperator outer, LinearOperator inner)
    : LinearOperator(outer.Rows, inner.Columns, Combine(outer.Structure & inner.Structure))
{
    public override double BlockCostPerVector => Math.Max(outer.BlockCostPerVector, inner.BlockCostPerVector);

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        using Scratch between = new(x.Rows, inner.Rows);
        inner.Apply(x, between.Matrix);
        outer.Apply(between.Matrix, y);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        using Scratch between = new(x.Rows, inner.Rows);
        outer.ApplyAdjoint(x, between.Matrix);
        inner.ApplyAdjoint(between.Matrix, y);
    }

    // Only diagonal matrices are known to commute: a product of two symmetric ones is not symmetric.
    private static OperatorStructure Combine(OperatorStructure both) =>
        both.HasFlag(OperatorStructure.Diagonal) ? both : OperatorStructure.None;
}
