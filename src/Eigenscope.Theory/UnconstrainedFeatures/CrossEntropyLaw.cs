namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>Simplex logits p(I − 11ᵀ/K): fit = log(1 + (K−1)e^{−p}), φ = q, the off-class probability, and −d log φ/dp = P, the own-class one.</summary>
internal sealed class CrossEntropyLaw(int classes, int depth) : LogSumLaw(classes, classes - 1, depth)
{
    /// <inheritdoc/>
    public override double LogForce(double gain) => -gain - Fit(gain);

    /// <inheritdoc/>
    protected override double Fit(double gain) => ScalarRoot.LogOnePlus((Classes - 1) * Math.Exp(-gain));

    /// <inheritdoc/>
    protected override double ForceDecline(double gain) => 1 / (1 + ((Classes - 1) * Math.Exp(-gain)));
}
