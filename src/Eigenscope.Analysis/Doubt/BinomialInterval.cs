namespace Eigenscope.Analysis.Doubt;

/// <summary>A share that was counted, with the Wilson interval in which the probability behind it lies with 95 % confidence (E. B. Wilson, J. Amer. Statist. Assoc. 22, 209, 1927). Never empty, and never beyond 0 and 1.</summary>
/// <param name="Count">How many had it, k.</param>
/// <param name="Trials">Out of how many, n ≥ 1.</param>
/// <param name="Share">k/n.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record BinomialInterval(int Count, int Trials, double Share, double Low, double High)
{
    /// <summary>The confidence.</summary>
    public const double Confidence = 0.95;

    // The normal distribution holds the confidence within ± this many standard deviations.
    private const double Deviations = 1.959963984540054;

    /// <summary>Half the length of Wilson's 68.3 % interval (z = 1): what stands behind a share as ±. Unlike √(p(1 − p)/n) it is not zero where k is 0 or n.</summary>
    public double StandardError
    {
        get
        {
            (double low, double high) = Ends(Count, Trials, 1.0);
            return 0.5 * (high - low);
        }
    }

    /// <summary>The interval ((p + z²/2n) ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n) with p = k/n and z = 1.96.</summary>
    /// <param name="count">k, from 0 to n.</param>
    /// <param name="trials">n ≥ 1.</param>
    /// <returns>The share and its interval.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or the count is not one of them.</exception>
    public static BinomialInterval Wilson(int count, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, trials);
        (double low, double high) = Ends(count, trials, Deviations);
        return new BinomialInterval(count, trials, (double)count / trials, low, high);
    }

    private static (double Low, double High) Ends(int count, int trials, double deviations)
    {
        double share = (double)count / trials, weight = deviations * deviations / trials;
        double centre = (share + (0.5 * weight)) / (1.0 + weight);
        double half = Math.Sqrt((share * (1.0 - share) * weight) + (0.25 * weight * weight)) / (1.0 + weight);
        // At both ends the interval begins exactly where the share is, whatever rounding says.
        return (count == 0 ? 0.0 : centre - half, count == trials ? 1.0 : centre + half);
    }
}
