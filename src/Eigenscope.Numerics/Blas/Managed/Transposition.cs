using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>Out-of-place transposition.</summary>
internal static class Transposition
{
    // A block of both matrices fits the first-level cache.
    private const int Block = 16;

    /// <summary>Writes the transpose of an m × n view into an n × m view.</summary>
    public static void Copy(ReadOnlyMatrixSpan<double> from, MatrixSpan<double> to)
    {
        for (int row = 0; row < from.Rows; row += Block)
        {
            for (int column = 0; column < from.Columns; column += Block)
                CopyBlock(from, to, row, column);
        }
    }

    private static void CopyBlock(ReadOnlyMatrixSpan<double> from, MatrixSpan<double> to, int row, int column)
    {
        int rowEnd = Math.Min(row + Block, from.Rows), columnEnd = Math.Min(column + Block, from.Columns);
        for (int i = row; i < rowEnd; i++)
        {
            ReadOnlySpan<double> source = from.Row(i);
            for (int j = column; j < columnEnd; j++)
                to[j, i] = source[j];
        }
    }
}
