using System.Buffers;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>One part of a Gauss–Newton matrix, Jᵀ Sᵀ D Π S J: one pass up and one pass down, whatever the number of samples and classes. Not safe for use from several threads at once.</summary>
internal sealed class GaussNewtonPartOperator(LinearOperator jacobian, LogitFactors factors, ClassLogits classes, GaussNewtonPart part)
    : LinearOperator(jacobian.Columns, jacobian.Columns, OperatorStructure.PositiveSemidefinite)
{
    public override double BlockCostPerVector => jacobian.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int length = checked(x.Rows * factors.Length);
        double[] buffer = ArrayPool<double>.Shared.Rent(length);
        MatrixSpan<double> logits = new(buffer.AsSpan(0, length), x.Rows, factors.Length);
        jacobian.Apply(x, logits);
        for (int i = 0; i < x.Rows; i++)
        {
            factors.Multiply(logits.Row(i));
            classes.Project(part, logits.Row(i));
            factors.MultiplyAdjoint(logits.Row(i));
        }
        jacobian.ApplyAdjoint(logits, y);
        ArrayPool<double>.Shared.Return(buffer);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}
