namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// The cheapest chain H₁, W₁ … W_{L−1} whose product, before the last ReLU, is 1 between a class and itself, x between classes that share a vertex and 2x − 1 between others: (1−x) XᵀX + (2x−1) 11ᵀ. It has
/// the singular value σ = (1−x)(r−2) r − 1 times and τ on the constant vector, which is negative for small x. Between the layers a ReLU acts, so that every class mean H_l = aX + b11ᵀ, l ≥ 2, has b ≥ 0: its
/// singular values are at least κ = √(2(r−1)/(r−2)) apart. In logarithms of singular values the decay is a sum of exponentials, convex, and this a linear constraint; with the energies of all factors equal to E, ρ = τ/σ:
/// <list type="bullet">
/// <item>|ρ| ≤ κ: all of them carry X itself; H₁ and W₁ share it mode by mode, W₂ … W_{L−2} are multiples of the identity, W_{L−1} turns its ratio κ into ρ.</item>
/// <item>up to κ^{L/2}: H₂ carries X, the layers above it grow in equal ratios.</item>
/// <item>beyond: no constraint binds, every factor has the ratio |ρ|^{1/L}.</item>
/// </list>
/// With three matrices H₂ is the only one, the first two are one case, and it reaches to κ^{3/2}. The product grows as E^{L/2}.
/// </summary>
internal sealed class EdgeCodeChain(UfmSetting setting, int vertices)
{
    private readonly double _kappa = Math.Sqrt(2.0 * (vertices - 1) / (vertices - 2));

    private enum Binding
    {
        Everywhere,
        First,
        Nowhere,
    }

    /// <summary>Eigenvalues of the class means after the last ReLU, of size 1: on the constant vector, r − 1 times, K − r times.</summary>
    public double[] Levels(double x) => [1 + (2 * (vertices - 2) * x), 1 + ((vertices - 4) * x), 1 - (2 * x)];

    /// <summary>Their derivatives in x.</summary>
    public double[] LevelSlopes() => [2 * (vertices - 2), vertices - 4, -2];

    /// <summary>How many times each of them.</summary>
    public double[] Multiplicities() => [1, vertices - 1, setting.Classes - vertices];

    /// <summary>E of the chain whose product has size 1.</summary>
    public double Energy(double x) => Math.Pow(Spread(x) / SpreadOf(Ratio(x), 1), 2.0 / setting.Depth);

    /// <summary>d log E / dx.</summary>
    public double EnergySlope(double x)
    {
        double ratio = Ratio(x);
        double ratioSlope = setting.Classes / ((vertices - 2) * (1 - x) * (1 - x));
        double step = Step(ratio);
        double share = Bound(ratio) == Binding.Everywhere ? ratio / (_kappa * _kappa) : step * step / ratio;
        return 2.0 / setting.Depth * ((share * ratioSlope / (vertices - 1 + (step * step))) - (1 / (1 - x)));
    }

    /// <summary>The factors H₁, W₁ … W_{L−1} of the chain with energy E in each.</summary>
    public EdgeFactor[] Factors(double x, double energy)
    {
        double ratio = Ratio(x);
        double step = Step(ratio);
        double root = setting.BalanceRoot;
        double top = Math.Sqrt(energy / setting.WeightDecay / (vertices - 1 + (step * step)));
        EdgeFactor growing = new(top, step * top);
        EdgeFactor[] factors = [.. Enumerable.Repeat(growing, setting.Depth)];
        factors[0] = new EdgeFactor(root * top, root * step * top);
        if (Bound(ratio) is not Binding.Nowhere)
        {
            double first = FirstSpread(energy);
            factors[0] = new EdgeFactor(Math.Sqrt(root * first), Math.Sqrt(root * _kappa * first));
            factors[1] = new EdgeFactor(Math.Sqrt(first / root), Math.Sqrt(_kappa * first / root));
        }
        if (Bound(ratio) is Binding.Everywhere)
        {
            double flat = Flat(energy);
            factors.AsSpan(2, setting.Depth - 3).Fill(new EdgeFactor(flat, flat));
        }
        factors[^1] = growing with { Constant = ratio < 0 ? -growing.Constant : growing.Constant };
        return factors;
    }

    // σ of the product whose entry between a class and itself is 1.
    private double Spread(double x) => (1 - x) * (vertices - 2);

    // τ / σ.
    private double Ratio(double x) => (vertices - 1) * ((0.5 * (4 - vertices)) + (x * (vertices - 2))) / Spread(x);

    private Binding Bound(double ratio)
    {
        double size = Math.Abs(ratio);
        if (size > Math.Pow(_kappa, 0.5 * setting.Depth))
            return Binding.Nowhere;
        return size > _kappa && setting.Depth > 3 ? Binding.First : Binding.Everywhere;
    }

    // φ: by how much a factor above the last that is bound multiplies the ratio.
    private double Step(double ratio) => Bound(ratio) switch
    {
        Binding.Everywhere => Math.Abs(ratio) / _kappa,
        Binding.First => Math.Pow(Math.Abs(ratio) / _kappa, 1.0 / (setting.Depth - 2)),
        _ => Math.Pow(Math.Abs(ratio), 1.0 / setting.Depth),
    };

    // σ of the chain with energy E in every factor.
    private double SpreadOf(double ratio, double energy)
    {
        double step = Step(ratio);
        double top = Math.Sqrt(energy / setting.WeightDecay / (vertices - 1 + (step * step)));
        return Bound(ratio) switch
        {
            Binding.Everywhere => FirstSpread(energy) * Math.Pow(Flat(energy), setting.Depth - 3) * top,
            Binding.First => FirstSpread(energy) * Math.Pow(top, setting.Depth - 2),
            _ => setting.BalanceRoot * Math.Pow(top, setting.Depth),
        };
    }

    // σ of H₂ where it carries X.
    private double FirstSpread(double energy) => energy * setting.BalanceRoot / (setting.WeightDecay * (vertices - 1 + _kappa));

    private double Flat(double energy) => Math.Sqrt(energy / (setting.WeightDecay * vertices));
}
