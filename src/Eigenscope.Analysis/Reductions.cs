using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis;

/// <summary>Sums that TensorPrimitives does not have: over matrix views, the mean of rows, and the squared distance without a root.</summary>
internal static class Reductions
{
    public static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"expected {x.Length} entries, got {y.Length}", nameof(y));
        ReadOnlySpan<Vector<double>> vx = MemoryMarshal.Cast<double, Vector<double>>(x);
        ReadOnlySpan<Vector<double>> vy = MemoryMarshal.Cast<double, Vector<double>>(y);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int i = 0;
        for (; i + 1 < vx.Length; i += 2)
        {
            Vector<double> first = vx[i] - vy[i], second = vx[i + 1] - vy[i + 1];
            even += first * first;
            odd += second * second;
        }
        if (i < vx.Length)
            even += (vx[i] - vy[i]) * (vx[i] - vy[i]);
        double sum = Vector.Sum(even + odd);
        for (int j = vx.Length * Vector<double>.Count; j < x.Length; j++)
            sum += (x[j] - y[j]) * (x[j] - y[j]);
        return sum;
    }

    /// <summary>The mean of the rows, taken about the first: a common offset costs no digits, and identical rows have exactly their common value as mean.</summary>
    public static Tensor<double> MeanOfRows(ReadOnlyMatrixSpan<double> rows)
    {
        Tensor<double> mean = new(1, rows.Columns);
        double[] difference = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            TensorPrimitives.Subtract(rows.Row(i), rows.Row(0), difference);
            TensorPrimitives.Add(mean.Span, difference, mean.Span);
        }
        TensorPrimitives.Divide(mean.Span, rows.Rows, mean.Span);
        TensorPrimitives.Add(mean.Span, rows.Row(0), mean.Span);
        return mean;
    }

    public static double SumOfSquares(ReadOnlyMatrixSpan<double> matrix)
    {
        double sum = 0.0;
        for (int i = 0; i < matrix.Rows; i++)
            sum += TensorPrimitives.SumOfSquares(matrix.Row(i));
        return sum;
    }

    public static double FrobeniusNorm(ReadOnlyMatrixSpan<double> matrix) => Math.Sqrt(SumOfSquares(matrix));
}
