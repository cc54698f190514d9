namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>The two equations of <see cref="StronglyRegularOptimum"/>, in the size m and the share x of the class means before the last ReLU.</summary>
internal sealed class EdgeCodeEquations(UfmSetting setting, int vertices)
{
    private const double ScanFactor = 1.02;
    private readonly EdgeCodeChain _chain = new(setting, vertices);
    private readonly double _ridge = setting.Classes * setting.WeightDecay;

    /// <summary>The regularised loss.</summary>
    public double Loss(double size, double share) => (0.5 * setting.Depth * Energy(size, share)) + (0.5 * setting.WeightDecay * Sum(share, level => 1 / (Squared(level, size) + _ridge)));

    /// <summary>H₁, W₁ … W_{L−1}.</summary>
    public EdgeFactor[] Factors(double size, double share) => _chain.Factors(share, Energy(size, share));

    /// <summary>Eigenvalues of W_L = H(H² + Kλ)⁻¹.</summary>
    public double[] LastWeight(double size, double share) => [.. _chain.Levels(share).Select(level => size * level / (Squared(level, size) + _ridge))];

    /// <summary>∂ℒ/∂x at the size that is best for x; NaN where there is none.</summary>
    public double Slope(double share)
    {
        if (Size(share) is not { } size)
            return double.NaN;
        double[] levels = _chain.Levels(share);
        double[] slopes = _chain.LevelSlopes();
        double[] times = _chain.Multiplicities();
        double pull = 0;
        for (int j = 0; j < levels.Length; j++)
            pull += times[j] * size * size * levels[j] * slopes[j] / Math.Pow(Squared(levels[j], size) + _ridge, 2);
        return (0.5 * setting.Depth * Energy(size, share) * _chain.EnergySlope(share)) - (setting.WeightDecay * pull);
    }

    /// <summary>
    /// The largest m at which ∂ℒ/∂log m = E − λ Σ h²/(h² + q)² turns positive, or null. Below the m at which every h² is under q the sum grows faster than E, so that there is no other root; the search above
    /// it goes in steps of 2 %, and misses a minimum that is narrower, which one hard by the spinodal can be.
    /// </summary>
    public double? Size(double share)
    {
        double high = 1;
        while (Growth(high, share) <= 0)
            high *= 2;
        double least = Math.Sqrt(_ridge) / _chain.Levels(share).Max();
        while (high > least)
        {
            double low = high / ScanFactor;
            if (Growth(low, share) < 0)
                return Bisect(low, high, share);
            high = low;
        }
        return null;
    }

    private double Bisect(double low, double high, double share)
    {
        while (true)
        {
            double middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
                return middle;
            if (Growth(middle, share) < 0)
                low = middle;
            else
                high = middle;
        }
    }

    private double Growth(double size, double share) => Energy(size, share) - (setting.WeightDecay * Sum(share, level => Squared(level, size) / Math.Pow(Squared(level, size) + _ridge, 2)));

    private double Energy(double size, double share) => _chain.Energy(share) * Math.Pow(size, 2.0 / setting.Depth);

    private double Sum(double share, Func<double, double> term) => _chain.Levels(share).Zip(_chain.Multiplicities(), (level, times) => times * term(level)).Sum();

    private static double Squared(double level, double size) => level * level * size * size;
}
