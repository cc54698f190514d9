namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// Cross-entropy at a pattern of logits that all classes see alike: fit is a log-sum-exp of the gain, φ falls, and its elasticity −p φ′/φ rises from 0,
/// so that the equation's left side has one maximum and the loss along the branch falls to the right of it.
/// </summary>
internal abstract class LogSumLaw : ForceLaw
{
    private readonly Lazy<double> _spinodal;

    /// <summary>Of K classes, a rank and a depth.</summary>
    protected LogSumLaw(int classes, int rank, int depth)
        : base(rank, depth)
    {
        Classes = classes;
        _spinodal = new Lazy<double>(() => Depth == 1 ? 0 : PeakGain());
    }

    /// <inheritdoc/>
    public override double ZeroLoss => Math.Log(Classes);

    /// <inheritdoc/>
    public override double SpinodalGain => _spinodal.Value;

    /// <inheritdoc/>
    public override double ThresholdGain => Depth == 1
        ? 0
        : ScalarRoot.Falling(LossExcess, SpinodalGain, ScalarRoot.RightBracket(gain => LossExcess(gain).Value, SpinodalGain));

    /// <summary>K.</summary>
    protected int Classes { get; }

    /// <summary>The data loss at a gain.</summary>
    protected abstract double Fit(double gain);

    /// <summary>−d log φ/dp.</summary>
    protected abstract double ForceDecline(double gain);

    /// <inheritdoc/>
    protected override ForceRoot SolveBelowPeak(double level)
    {
        (double Value, double Slope) Excess(double gain) => (Level(gain) - level, Slope(gain));
        double right = ScalarRoot.RightBracket(gain => Level(gain) - level, SpinodalGain);
        double root = ScalarRoot.Falling(Excess, SpinodalGain, right);
        return new ForceRoot(root, Math.Exp(LogForce(root)), Fit(root));
    }

    private double Slope(double gain) => ((Depth - 1) / gain) - ((Depth + 1) * ForceDecline(gain));

    private (double Value, double Slope) LossExcess(double gain)
    {
        double force = Math.Exp(LogForce(gain));
        double half = 0.5 * Rank * (Depth + 1) * force;
        return (Fit(gain) + (half * gain) - ZeroLoss, (half * (1 - (gain * ForceDecline(gain)))) - (Rank * force));
    }

    // p·(−φ′/φ) rises from 0 without bound; the maximum is where it passes (L−1)/(L+1).
    private double PeakGain()
    {
        double Elasticity(double gain) => gain * ForceDecline(gain);
        double elasticity = (Depth - 1.0) / (Depth + 1.0);
        double low = 0;
        double high = ScalarRoot.RightBracket(gain => elasticity - Elasticity(gain), 0);
        while (true)
        {
            double middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
                return middle;
            if (Elasticity(middle) < elasticity)
                low = middle;
            else
                high = middle;
        }
    }
}
