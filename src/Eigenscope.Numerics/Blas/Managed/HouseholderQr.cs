using System.Buffers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Householder QR of a matrix whose columns are stored as rows, so that every reflector and every column lies contiguous. Reflectors are applied in groups to one column at a time.
/// </summary>
internal static class HouseholderQr
{
    private const int GroupSize = 32;

    /// <summary>Decomposes: afterwards row j holds R's column j above the diagonal and the reflector from entry j on; <paramref name="diagonal"/> holds R's diagonal.</summary>
    /// <param name="columns">n × m, row j is column j of the matrix; entries of order 1 at most.</param>
    /// <param name="diagonal">n entries.</param>
    /// <param name="factors">n entries, H(j) = I − factors[j] v vᵀ.</param>
    public static void Factor(MatrixSpan<double> columns, Span<double> diagonal, Span<double> factors)
    {
        for (int start = 0; start < columns.Rows; start += GroupSize)
        {
            int end = Math.Min(start + GroupSize, columns.Rows);
            for (int j = start; j < end; j++)
            {
                Apply(columns, start, j, factors, columns.Row(j));
                (diagonal[j], factors[j]) = MakeReflector(columns.Row(j)[j..]);
            }
            for (int j = end; j < columns.Rows; j++)
                Apply(columns, start, end, factors, columns.Row(j));
        }
    }

    /// <summary>Reads R from the decomposed matrix.</summary>
    public static void CopyR(ReadOnlyMatrixSpan<double> columns, ReadOnlySpan<double> diagonal, MatrixSpan<double> r)
    {
        r.Clear();
        for (int j = 0; j < columns.Rows; j++)
        {
            ReadOnlySpan<double> column = columns.Row(j);
            for (int i = 0; i < j; i++)
                r[i, j] = column[i];
            r[j, j] = diagonal[j];
        }
    }

    /// <summary>Overwrites row j, for every j, with column j of the thin Q = H(0) ⋯ H(n−1) I.</summary>
    public static void FormQ(MatrixSpan<double> columns, ReadOnlySpan<double> factors)
    {
        int n = columns.Rows;
        double[] buffer = ArrayPool<double>.Shared.Rent(GroupSize * columns.Columns);
        for (int start = (n - 1) / GroupSize * GroupSize; start >= 0; start -= GroupSize)
        {
            int count = Math.Min(GroupSize, n - start);
            MatrixSpan<double> group = new(buffer, count, columns.Columns);
            for (int t = 0; t < count; t++)
            {
                columns.Row(start + t).CopyTo(group.Row(t));
                columns.Row(start + t).Clear();
                columns[start + t, start + t] = 1.0;
            }
            for (int j = start; j < n; j++)
            {
                for (int t = Math.Min(count - 1, j - start); t >= 0; t--)
                    Reflect(group.Row(t)[(start + t)..], factors[start + t], columns.Row(j)[(start + t)..]);
            }
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    private static void Apply(ReadOnlyMatrixSpan<double> columns, int start, int end, ReadOnlySpan<double> factors, Span<double> target)
    {
        for (int t = start; t < end; t++)
            Reflect(columns.Row(t)[t..], factors[t], target[t..]);
    }

    private static void Reflect(ReadOnlySpan<double> v, double factor, Span<double> target)
    {
        if (factor != 0.0)
            VectorLoops.AddScaled(-factor * VectorLoops.Dot(v, target), v, target);
    }

    private static (double Value, double Factor) MakeReflector(Span<double> x)
    {
        double first = x[0];
        double norm2 = VectorLoops.Dot<double>(x, x);
        if (norm2 < BinaryScale.Negligible * BinaryScale.Negligible)
            return (0.0, 0.0);
        if (norm2 == first * first)
            return (first, 0.0);
        double norm = Math.Sqrt(norm2);
        double value = first > 0.0 ? -norm : norm;
        x[0] = first - value;
        return (value, 1.0 / (norm2 + (Math.Abs(first) * norm)));
    }
}
