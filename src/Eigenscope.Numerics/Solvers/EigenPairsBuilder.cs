namespace Eigenscope.Numerics.Solvers;

/// <summary>Grouping and scaling shared by the dense and the iterative solver.</summary>
internal static class EigenPairsBuilder
{
    /// <summary>Eigenvalues closer than this times max|θ| are one group.</summary>
    public const double RelativeResolution = 1e-8;

    /// <summary>max(1e-8 · max|θ|, the largest absolute residual).</summary>
    public static double MultiplicityTolerance(double largest, double maxResidual) =>
        Math.Max(RelativeResolution * largest, double.IsFinite(maxResidual) ? maxResidual * largest : 0.0);

    /// <summary>Chains descending neighbours that lie within the tolerance of one another.</summary>
    public static IReadOnlyList<EigenvalueGroup> Group(IReadOnlyList<double> descending, double tolerance)
    {
        List<EigenvalueGroup> groups = [];
        int start = 0;
        for (int i = 1; i <= descending.Count; i++)
        {
            if (i < descending.Count && descending[i - 1] - descending[i] <= tolerance)
                continue;
            groups.Add(new EigenvalueGroup(Mean(descending, start, i), i - start));
            start = i;
        }
        return groups;
    }

    /// <summary>A result without a pair.</summary>
    public static EigenPairs Empty(int dimension, string method, Convergence convergence) => new()
    {
        Dimension = dimension,
        Values = [],
        Residuals = [],
        Multiplicities = [],
        MultiplicityTolerance = 0,
        IsComplete = dimension == 0,
        Method = method,
        Convergence = convergence,
    };

    // Deviations from the first value, so that equal values give exactly that value and large ones do not overflow.
    private static double Mean(IReadOnlyList<double> values, int start, int end)
    {
        double deviation = 0;
        for (int i = start; i < end; i++)
            deviation += values[i] - values[start];
        return values[start] + (deviation / (end - start));
    }
}
