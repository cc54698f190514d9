namespace Eigenscope.Analysis.Doubt;

/// <summary>A number measured on a sample of the data, with the doubt that comes from there: what another sample of as many, from a population without end, would have given.</summary>
/// <param name="Value">The number as measured on all samples given.</param>
/// <param name="StandardError">Its standard error; undefined where the samples cannot show it.</param>
/// <param name="Bias">How far the number is expected to lie above that of the population, as the resampling shows it; not subtracted from the number. Undefined where the method does not show it.</param>
/// <param name="Resamplings">How many resamplings the doubt comes from.</param>
public sealed record ResampledEstimate(Number Value, Number StandardError, Number Bias, int Resamplings)
{
    /// <summary>
    /// The same as the doubt of a number of a finite population: of N samples, n were drawn without replacement, and the rest is all that is not known. To first order the number is a mean over samples, whose variance
    /// is that of a draw from a population without end times 1 − n/N (Cochran, Sampling Techniques, 3rd ed., 1977, theorem 2.2); a bias of β/n becomes β/n − β/N.
    /// </summary>
    /// <param name="share">n/N, in (0, 1]; where the sample is drawn class by class, the smallest class's share, which makes both no smaller than they are.</param>
    /// <returns>The standard error times √(1 − n/N), the bias times 1 − n/N.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in (0, 1].</exception>
    public ResampledEstimate OfPopulation(double share)
    {
        if (!(share is > 0.0 and <= 1.0))
            throw new ArgumentOutOfRangeException(nameof(share), share, "expected a share in (0, 1]");
        return this with { StandardError = Scaled(StandardError, Math.Sqrt(1.0 - share)), Bias = Scaled(Bias, 1.0 - share) };
    }

    private static Number Scaled(Number number, double factor) => number.Value is { } value ? Number.Of(factor * value) : number;
}
