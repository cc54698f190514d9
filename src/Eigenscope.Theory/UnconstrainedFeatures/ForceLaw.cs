namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// Points of the deep linear model whose logits are p times a fixed pattern of r equal singular values. Balanced factors share each mode equally, so with
/// φ(p) = −fit′(p)/r stationarity is <c>φ(p) s^{L−1} c = λ</c>, p = s^{L+1} c, c = √(λ/(n λ_H)); in logarithms
/// <c>(L+1) log φ(p) + (L−1) log p = L log λ + log(n λ_H)</c>. The left side rises to one maximum, the spinodal, and falls after it;
/// the minimum in question is the root right of it.
/// </summary>
internal abstract class ForceLaw(int rank, int depth)
{
    /// <summary>r, the number of equal modes.</summary>
    public int Rank { get; } = rank;

    /// <summary>L.</summary>
    protected int Depth { get; } = depth;

    /// <summary>The loss of the zero solution, fit(0).</summary>
    public abstract double ZeroLoss { get; }

    /// <summary>The gain where the two non-zero roots meet.</summary>
    public abstract double SpinodalGain { get; }

    /// <summary>The gain where the loss equals that of zero.</summary>
    public abstract double ThresholdGain { get; }

    /// <summary>log φ(p).</summary>
    public abstract double LogForce(double gain);

    /// <summary>The left side of the equation.</summary>
    public double Level(double gain) => ((Depth + 1) * LogForce(gain)) + (Depth == 1 ? 0 : (Depth - 1) * Math.Log(gain));

    /// <summary>The right side of the equation.</summary>
    public static double LevelOf(UfmSetting setting) =>
        (setting.Depth * Math.Log(setting.WeightDecay)) + Math.Log(setting.FeatureDecay) + Math.Log(setting.PerClass);

    /// <summary>The weight decay, λ_H/λ held, at which the equation has the given gain for a root.</summary>
    public double DecayAt(double gain, UfmSetting setting)
    {
        double ratio = Math.Log(setting.FeatureDecay) - Math.Log(setting.WeightDecay) + Math.Log(setting.PerClass);
        return Math.Exp((Level(gain) - ratio) / (Depth + 1));
    }

    /// <summary>The largest root, or null past the spinodal.</summary>
    public ForceRoot? Solve(UfmSetting setting)
    {
        double level = LevelOf(setting);
        double peak = Level(SpinodalGain);
        // With one matrix the maximum is at gain 0, which is the zero solution.
        bool exists = Depth == 1 ? level < peak : level <= peak;
        return exists ? SolveBelowPeak(level) : null;
    }

    /// <summary>The largest root at a level below the maximum.</summary>
    protected abstract ForceRoot SolveBelowPeak(double level);
}
