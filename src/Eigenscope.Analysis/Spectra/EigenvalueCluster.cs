namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Where a list of eigenvalues may be cut. Inside a cluster the eigenspace of the k largest is not defined by the operator (rounding turns its basis), so k is raised to the cluster's end.
/// </summary>
public static class EigenvalueCluster
{
    /// <summary>Neighbours closer than this times |θ_1| belong to one cluster.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>The least k′ ≥ k with a gap behind it.</summary>
    /// <param name="eigenvalues">The largest eigenvalues (or singular values), descending.</param>
    /// <param name="k">The number wanted, ≥ 1; at or above <paramref name="dimension"/> it is the whole space.</param>
    /// <param name="dimension">Dimension of the space; with as many values the list is the whole spectrum.</param>
    /// <param name="unlistedZeros">How many further values are known to be zero, all others being given.</param>
    /// <returns>k′; null when the values end before the gap is seen.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k or the dimension is below 1.</exception>
    public static int? End(ReadOnlySpan<double> eigenvalues, int k, int dimension, int unlistedZeros = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        for (int end = Math.Min(k, dimension); end < eigenvalues.Length; end++)
        {
            if (eigenvalues[end - 1] - eigenvalues[end] > Tolerance * Math.Abs(eigenvalues[0]))
                return end;
        }
        if (unlistedZeros > 0 && k <= eigenvalues.Length && eigenvalues[^1] > Tolerance * Math.Abs(eigenvalues[0]))
            return eigenvalues.Length;
        return eigenvalues.Length + unlistedZeros == dimension ? dimension : null;
    }

    /// <summary>How many values stand out of the cluster at zero: those above <see cref="Tolerance"/> times the largest.</summary>
    /// <param name="values">Descending, ≥ 0 but for rounding.</param>
    /// <returns>A count; 0 when there are no values or the largest is not positive.</returns>
    public static int AboveZero(ReadOnlySpan<double> values)
    {
        int count = 0;
        while (count < values.Length && values[0] > 0.0 && values[count] > Tolerance * values[0])
            count++;
        return count;
    }
}
