using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Rank-revealing orthonormalisation of a few long vectors: modified Gram–Schmidt with pivoting, each pivot orthogonalised twice.</summary>
internal static class BlockOrthonormalizer
{
    /// <summary>Orthonormalises the rows of <paramref name="block"/>.</summary>
    /// <param name="block">b × n; on return its first rows (as many as the rank) are orthonormal.</param>
    /// <param name="triangle">b × b, receives R: old row j = Σ_i R[i, j] · new row i, up to what the breakdown threshold cut off.</param>
    /// <param name="breakdown">A pivot of at most this norm ends the process.</param>
    /// <param name="limit">Largest rank.</param>
    /// <param name="smallestRatio">Smallest pivot relative to the largest row on entry.</param>
    /// <returns>The rank.</returns>
    public static int Run(MatrixSpan<double> block, MatrixSpan<double> triangle, double breakdown, int limit, out double smallestRatio)
    {
        triangle.Clear();
        Span<int> origin = stackalloc int[block.Rows];
        for (int j = 0; j < origin.Length; j++)
            origin[j] = j;
        double largest = 0;
        smallestRatio = 1;
        for (int rank = 0; rank < limit; rank++)
        {
            int pivot = LargestRow(block, rank, out double norm);
            largest = Math.Max(largest, norm);
            if (norm <= breakdown || norm == 0)
                return rank;
            Swap(block, origin, rank, pivot);
            norm = Purify(block, triangle, rank, origin[rank]);
            if (norm <= breakdown || norm == 0)
                return rank;
            triangle[rank, origin[rank]] = norm;
            smallestRatio = Math.Min(smallestRatio, norm / largest);
            TensorPrimitives.Divide(block.Row(rank), norm, block.Row(rank));
            for (int j = rank + 1; j < block.Rows; j++)
                triangle[rank, origin[j]] = Remove(block.Row(rank), block.Row(j));
        }
        return limit;
    }

    /// <summary>Orthonormalises rows that almost are, keeping their order.</summary>
    public static void Renormalize(MatrixSpan<double> block)
    {
        for (int i = 0; i < block.Rows; i++)
        {
            for (int j = 0; j < i; j++)
                Remove(block.Row(j), block.Row(i));
            TensorPrimitives.Divide(block.Row(i), TensorPrimitives.Norm<double>(block.Row(i)), block.Row(i));
        }
    }

    private static double Purify(MatrixSpan<double> block, MatrixSpan<double> triangle, int row, int origin)
    {
        for (int i = 0; i < row; i++)
            triangle[i, origin] += Remove(block.Row(i), block.Row(row));
        return TensorPrimitives.Norm<double>(block.Row(row));
    }

    private static double Remove(ReadOnlySpan<double> unit, Span<double> vector)
    {
        double coefficient = TensorPrimitives.Dot(unit, vector);
        TensorPrimitives.MultiplyAdd(unit, -coefficient, vector, vector);
        return coefficient;
    }

    private static int LargestRow(MatrixSpan<double> block, int from, out double norm)
    {
        int best = from;
        norm = -1;
        for (int j = from; j < block.Rows; j++)
        {
            double candidate = TensorPrimitives.Norm<double>(block.Row(j));
            if (candidate > norm)
                (best, norm) = (j, candidate);
        }
        return best;
    }

    private static void Swap(MatrixSpan<double> block, Span<int> origin, int first, int second)
    {
        if (first == second)
            return;
        Span<double> a = block.Row(first);
        Span<double> b = block.Row(second);
        for (int i = 0; i < a.Length; i++)
            (a[i], b[i]) = (b[i], a[i]);
        (origin[first], origin[second]) = (origin[second], origin[first]);
    }
}
