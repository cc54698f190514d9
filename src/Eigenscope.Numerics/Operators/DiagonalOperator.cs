using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>diag(d). Positive semidefinite when no entry is negative or NaN.</summary>
public sealed class DiagonalOperator : LinearOperator
{
    private readonly double[] _diagonal;

    /// <summary>Creates diag(d).</summary>
    /// <param name="diagonal">The n diagonal entries; copied.</param>
    public DiagonalOperator(ReadOnlySpan<double> diagonal)
        : base(diagonal.Length, diagonal.Length, StructureOf(diagonal)) => _diagonal = diagonal.ToArray();

    /// <summary>The diagonal entries.</summary>
    public ReadOnlySpan<double> Diagonal => _diagonal;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int i = 0; i < x.Rows; i++)
            TensorPrimitives.Multiply(x.Row(i), _diagonal, y.Row(i));
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private static OperatorStructure StructureOf(ReadOnlySpan<double> diagonal)
    {
        foreach (double entry in diagonal)
        {
            if (!(entry >= 0))
                return OperatorStructure.Diagonal;
        }
        return OperatorStructure.Diagonal | OperatorStructure.PositiveSemidefinite;
    }
}
