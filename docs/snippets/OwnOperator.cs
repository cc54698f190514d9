using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Snippets;

#region own-operator
/// <summary>Second differences on a ring of n points: eigenvalues 2 − 2 cos(2πk/n), all but the ends twice.</summary>
public sealed class RingLaplacian(int size) : LinearOperator(size, size, OperatorStructure.PositiveSemidefinite)
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int row = 0; row < x.Rows; row++)
        {
            ReadOnlySpan<double> from = x.Row(row);
            Span<double> to = y.Row(row);
            for (int i = 0; i < from.Length; i++)
                to[i] = (2 * from[i]) - from[(i + 1) % from.Length] - from[(i + from.Length - 1) % from.Length];
        }
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}
#endregion
