using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Tensors;

/// <summary>The checks of matrix arguments that public borders share. Each throws an <see cref="ArgumentException"/> that names the argument, what was expected and what came.</summary>
public static class MatrixGuard
{
    /// <summary>Requires at least one row and one column.</summary>
    /// <param name="matrix">The argument.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void NotEmpty(ReadOnlyMatrixSpan<double> matrix, string name)
    {
        if (matrix.Rows == 0 || matrix.Columns == 0)
            throw new ArgumentException($"expected at least one row and one column, got {matrix.Rows} × {matrix.Columns}", name);
    }

    /// <summary>Requires that no entry is a NaN or an infinity.</summary>
    /// <param name="matrix">The argument.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void Finite(ReadOnlyMatrixSpan<double> matrix, string name)
    {
        for (int i = 0; i < matrix.Rows; i++)
        {
            if (!TensorPrimitives.IsFiniteAll(matrix.Row(i)))
                throw new ArgumentException($"expected finite numbers, but row {i} of the {matrix.Rows} × {matrix.Columns} matrix holds a NaN or an infinity; check that the run that made it has not diverged", name);
        }
    }

    /// <summary>Requires a shape.</summary>
    /// <param name="matrix">The argument.</param>
    /// <param name="rows">Number of rows expected.</param>
    /// <param name="columns">Number of columns expected.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void Shape(ReadOnlyMatrixSpan<double> matrix, int rows, int columns, string name)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
            throw new ArgumentException($"expected {rows} × {columns}, got {matrix.Rows} × {matrix.Columns}", name);
    }
}
