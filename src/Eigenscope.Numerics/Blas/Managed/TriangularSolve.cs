using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Solves with a lower triangular matrix by halves: L = [L₁ 0; L₂₁ L₂] leaves two solves of half the size and one matrix product between them, so that nearly all work is in products.
/// </summary>
internal static class TriangularSolve
{
    // Below it the matrix and its right-hand sides are in the first cache, and a product costs more to set up than it saves.
    private const int Smallest = 16;

    public static void Solve(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight)
    {
        if (lower.Rows <= Smallest)
            Substitute(lower, op, b, fromRight);
        else if (fromRight)
            SolveRight(lower, op, b);
        else
            SolveLeft(lower, op, b);
    }

    private static void SolveLeft(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b)
    {
        int half = lower.Rows / 2, rest = lower.Rows - half;
        MatrixSpan<double> upper = b.RowRange(0, half), under = b.RowRange(half, rest);
        ReadOnlyMatrixSpan<double> corner = lower.RowRange(half, rest).ColumnRange(0, half);
        if (op == MatrixOp.None)
        {
            Solve(lower.RowRange(0, half).ColumnRange(0, half), op, upper, fromRight: false);
            ManagedGemm.Multiply(-1.0, corner, MatrixOp.None, upper, MatrixOp.None, 1.0, under);
            Solve(lower.RowRange(half, rest).ColumnRange(half, rest), op, under, fromRight: false);
        }
        else
        {
            Solve(lower.RowRange(half, rest).ColumnRange(half, rest), op, under, fromRight: false);
            ManagedGemm.Multiply(-1.0, corner, MatrixOp.Transpose, under, MatrixOp.None, 1.0, upper);
            Solve(lower.RowRange(0, half).ColumnRange(0, half), op, upper, fromRight: false);
        }
    }

    private static void SolveRight(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b)
    {
        int half = lower.Rows / 2, rest = lower.Rows - half;
        MatrixSpan<double> left = b.ColumnRange(0, half), right = b.ColumnRange(half, rest);
        ReadOnlyMatrixSpan<double> corner = lower.RowRange(half, rest).ColumnRange(0, half);
        if (op == MatrixOp.None)
        {
            Solve(lower.RowRange(half, rest).ColumnRange(half, rest), op, right, fromRight: true);
            ManagedGemm.Multiply(-1.0, right, MatrixOp.None, corner, MatrixOp.None, 1.0, left);
            Solve(lower.RowRange(0, half).ColumnRange(0, half), op, left, fromRight: true);
        }
        else
        {
            Solve(lower.RowRange(0, half).ColumnRange(0, half), op, left, fromRight: true);
            ManagedGemm.Multiply(-1.0, left, MatrixOp.None, corner, MatrixOp.Transpose, 1.0, right);
            Solve(lower.RowRange(half, rest).ColumnRange(half, rest), op, right, fromRight: true);
        }
    }

    private static void Substitute(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight)
    {
        bool forward = (op == MatrixOp.None) != fromRight;
        for (int step = 0; step < lower.Rows; step++)
        {
            int i = forward ? step : lower.Rows - 1 - step;
            if (fromRight)
                EliminateColumn(lower, op, b, i, forward);
            else
                EliminateRow(lower, op, b, i, forward);
        }
    }

    private static void EliminateRow(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, int i, bool forward)
    {
        Span<double> row = b.Row(i);
        for (int j = forward ? 0 : i + 1; j < (forward ? i : lower.Rows); j++)
            TensorPrimitives.MultiplyAdd(b.Row(j), op == MatrixOp.None ? -lower[i, j] : -lower[j, i], row, row);
        TensorPrimitives.Divide(row, lower[i, i], row);
    }

    private static void EliminateColumn(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, int i, bool forward)
    {
        for (int r = 0; r < b.Rows; r++)
        {
            Span<double> row = b.Row(r);
            double value = row[i];
            for (int j = forward ? 0 : i + 1; j < (forward ? i : lower.Rows); j++)
                value -= row[j] * (op == MatrixOp.None ? lower[j, i] : lower[i, j]);
            row[i] = value / lower[i, i];
        }
    }
}
