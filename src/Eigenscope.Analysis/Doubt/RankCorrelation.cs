namespace Eigenscope.Analysis.Doubt;

/// <summary>How steadily one number rises or falls with another, whatever the shape: Spearman's rank correlation.</summary>
public static class RankCorrelation
{
    /// <summary>Pearson's correlation of the ranks; numbers that tie share the mean of their ranks.</summary>
    /// <param name="x">One list of finite numbers.</param>
    /// <param name="y">The other, as long.</param>
    /// <returns>From −1 (falls throughout) to 1 (rises throughout); undefined of fewer than three pairs, and where either list is constant.</returns>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static Number Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw new ArgumentException($"expected lists of one length, got {x.Count} and {y.Count}", nameof(y));
        if (x.Count < 3)
            return Number.Undefined("fewer than three pairs");
        double[] a = Centred(x), b = Centred(y);
        double across = 0.0, ofX = 0.0, ofY = 0.0;
        for (int i = 0; i < a.Length; i++)
            (across, ofX, ofY) = (across + (a[i] * b[i]), ofX + (a[i] * a[i]), ofY + (b[i] * b[i]));
        return ofX > 0.0 && ofY > 0.0 ? Number.Of(across / Math.Sqrt(ofX * ofY)) : Number.Undefined("one of the lists is constant");
    }

    // Ranks 1 … n about their mean, multiples of ½: sums of them are exact.
    private static double[] Centred(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int first = 0; first < order.Length;)
        {
            int last = first;
            while (last + 1 < order.Length && values[order[last + 1]] == values[order[first]])
                last++;
            for (int i = first; i <= last; i++)
                ranks[order[i]] = (0.5 * (first + last)) - (0.5 * (order.Length - 1));
            first = last + 1;
        }
        return ranks;
    }
}
