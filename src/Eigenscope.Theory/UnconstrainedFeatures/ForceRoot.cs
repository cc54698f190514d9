namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>A solution of the scalar equation of equal modes.</summary>
/// <param name="Gain">p, the singular value of the class-mean logits.</param>
/// <param name="Force">φ(p) = −(d fit/dp)/rank, what the data loss pulls each mode with.</param>
/// <param name="Fit">The data loss.</param>
internal readonly record struct ForceRoot(double Gain, double Force, double Fit)
{
    /// <summary>The regularised loss: by stationarity λs² = φp, so it is a function of the gain alone.</summary>
    public double Loss(int rank, int depth) => Fit + (0.5 * rank * (depth + 1.0) * Force * Gain);
}
