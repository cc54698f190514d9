namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// Cross-entropy with the classes in pairs (K even): logits β·blockdiag([[1, −1], [−1, 1]]), K/2 singular values p = 2β, and with u = e^{−β}
/// fit = log(1 + (K−2)u + u²) (arXiv 2410.23169, where all decays are equal; the balanced form carries over to λ_H ≠ λ through c).
/// </summary>
internal sealed class PairedLogitsLaw(int classes, int depth) : LogSumLaw(classes, classes / 2, depth)
{
    /// <inheritdoc/>
    public override double LogForce(double gain)
    {
        double decayed = Math.Exp(-0.5 * gain);
        return (-0.5 * gain) + Math.Log((Classes - 2 + (2 * decayed)) / Classes) - Fit(gain);
    }

    /// <inheritdoc/>
    protected override double Fit(double gain)
    {
        double decayed = Math.Exp(-0.5 * gain);
        return ScalarRoot.LogOnePlus(((Classes - 2) + decayed) * decayed);
    }

    /// <inheritdoc/>
    protected override double ForceDecline(double gain)
    {
        // The terms of the sum are e^{−βx}, x = 0, 1 or 2: −φ′/φ is variance/mean of x over them, per unit of β = p/2.
        double decayed = Math.Exp(-0.5 * gain);
        double mean = Classes * Math.Exp(LogForce(gain));
        return 0.5 * (1 + (2 * decayed / (Classes - 2 + (2 * decayed))) - mean);
    }
}
