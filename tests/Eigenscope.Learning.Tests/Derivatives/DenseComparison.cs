using System.Runtime.InteropServices;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Materialises an operator by block products and compares it with a dense reference in the Frobenius norm.</summary>
internal static class DenseComparison
{
    public static double[,] Materialize(LinearOperator op, int block)
    {
        double[,] dense = new double[op.Rows, op.Columns];
        for (int start = 0; start < op.Columns; start += block)
        {
            int count = Math.Min(block, op.Columns - start);
            Tensor<double> x = new(count, op.Columns);
            Tensor<double> y = new(count, op.Rows);
            for (int i = 0; i < count; i++)
                x[i, start + i] = 1.0;
            op.Apply(x.AsMatrix(), y.AsMatrix());
            for (int i = 0; i < count; i++)
            {
                for (int row = 0; row < op.Rows; row++)
                    dense[row, start + i] = y[i, row];
            }
        }
        return dense;
    }

    public static double Norm(double[,] matrix)
    {
        double squares = 0.0;
        foreach (double value in Entries(matrix))
            squares += value * value;
        return Math.Sqrt(squares);
    }

    public static double Distance(double[,] a, double[,] b)
    {
        Assert.Equal(a.GetLength(0), b.GetLength(0));
        Assert.Equal(a.GetLength(1), b.GetLength(1));
        ReadOnlySpan<double> first = Entries(a);
        ReadOnlySpan<double> second = Entries(b);
        double squares = 0.0;
        for (int i = 0; i < first.Length; i++)
            squares += (first[i] - second[i]) * (first[i] - second[i]);
        return Math.Sqrt(squares);
    }

    public static double RelativeDistance(double[,] measured, double[,] reference) => Distance(measured, reference) / Norm(reference);

    public static double[,] Block(double[,] matrix, int offset, int length)
    {
        double[,] block = new double[length, length];
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
                block[i, j] = matrix[offset + i, offset + j];
        }
        return block;
    }

    /// <summary>The rows and columns with the given indices, in that order.</summary>
    public static double[,] Select(double[,] matrix, IReadOnlyList<int> rows, IReadOnlyList<int> columns)
    {
        double[,] selected = new double[rows.Count, columns.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int j = 0; j < columns.Count; j++)
                selected[i, j] = matrix[rows[i], columns[j]];
        }
        return selected;
    }

    private static ReadOnlySpan<double> Entries(double[,] matrix) => MemoryMarshal.CreateReadOnlySpan(ref matrix[0, 0], matrix.Length);
}
