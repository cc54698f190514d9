using System.Buffers;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>One part of a Gauss–Newton matrix, Jᵀ Sᵀ D Π S J: one pass up and one pass down, whatever the number of samples and classes. Not safe for use from several threads at once.</summary>
internal sealed class GaussNewtonPartOperator(LinearOperator jacobian, LogitFactors factors, ClassLogits classes, GaussNewtonPart part)
    : LinearOperator(jacobian.Columns, jacobian.Columns, OperatorStructure.PositiveSemidefinite)
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(factors.Length);
        Span<double> logits = buffer.AsSpan(0, factors.Length);
        for (int i = 0; i < x.Rows; i++)
        {
            jacobian.Apply(x.Row(i), logits);
            factors.Multiply(logits);
            classes.Project(part, logits);
            factors.MultiplyAdjoint(logits);
            jacobian.ApplyAdjoint(new ReadOnlyMatrixSpan<double>(logits, 1, factors.Length), y.RowRange(i, 1));
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}
