namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>fit = (r/2K)(1 − p)² + what no mode can fit; φ = (1 − p)/K. The unknown is log(1 − p), which neither rounds off nor underflows as p → 1.</summary>
internal sealed class MeanSquaredErrorLaw(int classes, int rank, int depth, int fittable) : ForceLaw(rank, depth)
{
    /// <inheritdoc/>
    public override double ZeroLoss => 0.5 * fittable / classes;

    /// <inheritdoc/>
    public override double SpinodalGain => (Depth - 1.0) / (2.0 * Depth);

    /// <inheritdoc/>
    public override double ThresholdGain => (Depth - 1.0) / Depth;

    /// <inheritdoc/>
    public override double LogForce(double gain) => Math.Log((1 - gain) / classes);

    /// <inheritdoc/>
    protected override ForceRoot SolveBelowPeak(double level)
    {
        // (L+1) t + (L−1) log(1 − eᵗ) = target with t = log(1 − p): without the second term t would be too small, so it is a left bracket.
        double target = level + ((Depth + 1) * Math.Log(classes));
        double first = target / (Depth + 1);
        double logSlack = Depth == 1
            ? first
            : ScalarRoot.Falling(t => Remainder(t, target), first, Math.Log((Depth + 1.0) / (2.0 * Depth)));
        double slack = Math.Exp(logSlack);
        double fit = 0.5 * ((Rank * slack * slack) + (fittable - Rank)) / classes;
        return new ForceRoot(1 - slack, slack / classes, fit);
    }

    private (double Value, double Slope) Remainder(double logSlack, double target)
    {
        double slack = Math.Exp(logSlack);
        double value = target - ((Depth + 1) * logSlack) - ((Depth - 1) * ScalarRoot.LogOnePlus(-slack));
        return (value, ((Depth - 1) * slack / (1 - slack)) - (Depth + 1));
    }
}
