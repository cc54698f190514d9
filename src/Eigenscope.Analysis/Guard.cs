using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis;

/// <summary>The checks that the public border of every measurement shares.</summary>
internal static class Guard
{
    public static void NotEmpty(ReadOnlyMatrixSpan<double> matrix, string name)
    {
        if (matrix.Rows == 0 || matrix.Columns == 0)
            throw new ArgumentException($"expected at least one row and one column, got {matrix.Rows} × {matrix.Columns}", name);
    }

    public static void Finite(ReadOnlyMatrixSpan<double> matrix, string name)
    {
        for (int i = 0; i < matrix.Rows; i++)
        {
            if (!TensorPrimitives.IsFiniteAll(matrix.Row(i)))
                throw new ArgumentException($"expected finite numbers, but row {i} of the {matrix.Rows} × {matrix.Columns} matrix holds a NaN or an infinity; check that the run that made it has not diverged", name);
        }
    }

    public static void Shape(ReadOnlyMatrixSpan<double> matrix, int rows, int columns, string name)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
            throw new ArgumentException($"expected {rows} × {columns}, got {matrix.Rows} × {matrix.Columns}", name);
    }
}
