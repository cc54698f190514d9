using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>A ⊗ B on row-major matrices: X ↦ A X Bᵀ, as a block product with B over X's rows and one with A over the columns of the result.</summary>
internal sealed class KroneckerOperator(LinearOperator left, LinearOperator right)
    : LinearOperator(left.Rows * right.Rows, left.Columns * right.Columns, left.Structure & right.Structure)
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => Product(x, y, adjoint: false);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => Product(x, y, adjoint: true);

    private void Product(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y, bool adjoint)
    {
        (int p, int q, int r, int s) = adjoint
            ? (left.Columns, left.Rows, right.Columns, right.Rows)
            : (left.Rows, left.Columns, right.Rows, right.Columns);
        using Scratch rows = new(q, r);
        using Scratch columns = new(r, q);
        using Scratch result = new(r, p);
        for (int v = 0; v < x.Rows; v++)
        {
            Apply(right, new ReadOnlyMatrixSpan<double>(x.Row(v), q, s), rows.Matrix, adjoint);
            Transpose(rows.Matrix, columns.Matrix);
            Apply(left, columns.Matrix, result.Matrix, adjoint);
            Transpose(result.Matrix, new MatrixSpan<double>(y.Row(v), p, r));
        }
    }

    private static void Apply(LinearOperator factor, ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y, bool adjoint)
    {
        if (adjoint)
            factor.ApplyAdjoint(x, y);
        else
            factor.Apply(x, y);
    }

    private static void Transpose(ReadOnlyMatrixSpan<double> source, MatrixSpan<double> destination)
    {
        for (int i = 0; i < source.Rows; i++)
        {
            for (int j = 0; j < source.Columns; j++)
                destination[j, i] = source[i, j];
        }
    }
}
