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
}
