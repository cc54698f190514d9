namespace Eigenscope.Analysis.Doubt;

/// <summary>
/// A share of independent trials, k of n, with Wilson's intervals (Wilson 1927, J. Am. Stat. Assoc. 22): the p for which |k/n − p| ≤ z √(p(1−p)/n), that is
/// <c>(k/n + z²/2n ± z √(k/n (1 − k/n)/n + z²/4n²)) / (1 + z²/n)</c>. Unlike k/n ± z √(k/n (1−k/n)/n) they have a width where k is 0 or n.
/// </summary>
public sealed record ShareEstimate
{
    private const double TwoSided95 = 1.959963984540054;

    /// <summary>Counts the trials.</summary>
    /// <param name="count">k, 0 … n.</param>
    /// <param name="trials">n ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or <paramref name="count"/> is not within them.</exception>
    public ShareEstimate(int count, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, trials);
        Share = (double)count / trials;
        (double low, double high) = Wilson(Share, trials, 1.0);
        StandardError = 0.5 * (high - low);
        (Low, High) = Wilson(Share, trials, TwoSided95);
    }

    /// <summary>k/n.</summary>
    public double Share { get; }

    /// <summary>Half the length of Wilson's 68.3 % interval (z = 1).</summary>
    public double StandardError { get; }

    /// <summary>Lower end of Wilson's 95 % interval; 0 where k = 0.</summary>
    public double Low { get; }

    /// <summary>Its upper end; 1 where k = n.</summary>
    public double High { get; }

    private static (double Low, double High) Wilson(double share, int trials, double z)
    {
        double weight = z * z / trials;
        double half = Math.Sqrt((weight * share * (1.0 - share)) + (0.25 * weight * weight));
        double centre = share + (0.5 * weight);
        // The ends are 0 and 1 exactly where the share is, and rounding must not carry them past.
        double low = share == 0.0 ? 0.0 : (centre - half) / (1.0 + weight);
        double high = share == 1.0 ? 1.0 : (centre + half) / (1.0 + weight);
        return (low, high);
    }
}
