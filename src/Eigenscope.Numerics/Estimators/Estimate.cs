using Eigenscope.Numerics.Estimators.Traces;

namespace Eigenscope.Numerics.Estimators;

/// <summary>A sampled number with its doubt.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="StandardError">Standard error of the mean; 0 for a number computed exactly.</param>
/// <param name="Samples">Number of independent samples; 0 for a number computed exactly.</param>
public sealed record Estimate(double Mean, double StandardError, int Samples)
{
    /// <summary>A number that was computed, not sampled.</summary>
    /// <param name="value">The number.</param>
    public static Estimate Exact(double value) => new(value, 0.0, 0);

    /// <summary>The mean of independent samples with its standard error, from their spread.</summary>
    /// <param name="samples">The samples, at least 2.</param>
    /// <exception cref="ArgumentException">Fewer than 2 samples.</exception>
    public static Estimate OfSamples(IReadOnlyCollection<double> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count < 2)
            throw new ArgumentException($"a standard error needs at least 2 samples, got {samples.Count}", nameof(samples));
        SampleMean mean = new();
        foreach (double sample in samples)
            mean.Add(sample);
        return mean.ToEstimate();
    }
}
