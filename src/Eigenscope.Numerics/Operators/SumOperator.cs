using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>A + B.</summary>
internal sealed class SumOperator(LinearOperator left, LinearOperator right)
    : LinearOperator(left.Rows, left.Columns, left.Structure & right.Structure)
{
    public override double BlockCostPerVector => Math.Max(left.BlockCostPerVector, right.BlockCostPerVector);

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        left.Apply(x, y);
        using Scratch other = new(y.Rows, y.Columns);
        right.Apply(x, other.Matrix);
        AddTo(other.Matrix, y);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        left.ApplyAdjoint(x, y);
        using Scratch other = new(y.Rows, y.Columns);
        right.ApplyAdjoint(x, other.Matrix);
        AddTo(other.Matrix, y);
    }

    private static void AddTo(ReadOnlyMatrixSpan<double> other, MatrixSpan<double> y)
    {
        for (int i = 0; i < y.Rows; i++)
            TensorPrimitives.Add(y.Row(i), other.Row(i), y.Row(i));
    }
}
