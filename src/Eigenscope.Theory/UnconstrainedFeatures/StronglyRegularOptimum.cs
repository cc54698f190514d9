namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// The strongly regular solution of the deep ReLU model with mean squared error and no bias (arXiv 2405.14468): K = r(r−1)/2 classes are the edges of the complete graph on r vertices, hidden layers of rank r carry
/// the r × K incidence matrix X, and the last ReLU makes rank K of it. It exists for L ≥ 3 (so that a ReLU acts on a layer that carries the code) and d ≥ K.
/// <para>Every factor commutes with the permutations of the vertices, which leaves: two singular values of H₁ and of W₁ … W_{L−1}; the class means before the last ReLU, m between a class and itself, xm between
/// classes that share a vertex, (2x−1)m between others; three eigenvalues of W_L. W_L is a ridge regression, the chain below is the cheapest one, so that with E(x) its energy a factor at m = 1, the
/// eigenvalues h_j of the class means after the ReLU and q = Kλ,
/// <c>ℒ = ½ L E m^{2/L} + ½ λ Σ_j 1/(h_j² + q)</c>, and m (the largest root) and x are where both its derivatives vanish.</para>
/// <para>The published pattern Xᵀ(I − 11ᵀ/4)X has x = 0, where the last ReLU leaves the identity. That is no stationary point: a small x &gt; 0 shrinks both singular values of the code to first order and costs
/// the fit nothing to first order. So x is about 0.1 here, the loss lower than the pattern's by a few per cent, and for r = 4 the rank before the ReLU is r, not r − 1. Within layers 2 … L − 1 the ReLU
/// is at its kink where a vertex is not on an edge; the directional derivatives there are not negative.</para>
/// </summary>
public sealed record StronglyRegularOptimum
{
    private const int Intervals = 64;
    private const double LargestShare = 0.5;

    private StronglyRegularOptimum(UfmSetting setting, EdgeCodeEquations equations, double share, double size)
    {
        Setting = setting;
        Vertices = EdgeCode.Vertices(setting.Classes)!.Value;
        Size = size;
        Share = share;
        Loss = equations.Loss(size, share);
        Factors = equations.Factors(size, share);
        LastWeight = equations.LastWeight(size, share);
    }

    /// <summary>What was solved.</summary>
    public UfmSetting Setting { get; }

    /// <summary>r, the rank of the class means before the last ReLU.</summary>
    public int Vertices { get; }

    /// <summary>The regularised loss.</summary>
    public double Loss { get; }

    /// <summary>m: the entry of the class means before the last ReLU between a class and itself.</summary>
    public double Size { get; }

    /// <summary>x in (0, ½): that between classes that share a vertex is xm; between others it is (2x − 1)m, which the ReLU clips.</summary>
    public double Share { get; }

    /// <summary>H₁ (of the class means, r × K), W₁ … W_{L−2} (r × r), W_{L−1} (K × r).</summary>
    public IReadOnlyList<EdgeFactor> Factors { get; }

    /// <summary>The eigenvalues of W_L (K × K): on the constant vector, on the r − 1 other directions of the code, on the K − r rest.</summary>
    public IReadOnlyList<double> LastWeight { get; }

    /// <summary>Finds the solution.</summary>
    /// <param name="setting">The linear model between whose layers a ReLU is put.</param>
    /// <returns>The one of lowest loss with 0 ≤ x ≤ ½; null where K is not r(r−1)/2 with r ≥ 4, L &lt; 3, d &lt; K, the loss is another or there is a bias, and where the decays are so large that there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="setting"/> is null.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range; the message names all of them.</exception>
    public static StronglyRegularOptimum? Solve(UfmSetting setting)
    {
        UfmSettingCheck.Require(setting);
        if (EdgeCode.Vertices(setting.Classes) is not { } vertices || setting.Depth < 3 || setting.Loss != UfmLoss.MeanSquaredError || setting.LastBias)
            return null;
        EdgeCodeEquations equations = new(setting, vertices);
        return Minima(equations)
            .Select(minimum => new StronglyRegularOptimum(setting, equations, minimum.Share, minimum.Size))
            .MinBy(static optimum => optimum.Loss);
    }

    /// <summary>Two solutions are equal when their settings are.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(StronglyRegularOptimum? other) => other is not null && Setting == other.Setting;

    /// <inheritdoc/>
    public override int GetHashCode() => Setting.GetHashCode();

    private static IEnumerable<(double Share, double Size)> Minima(EdgeCodeEquations equations)
    {
        for (int i = 0; i < Intervals; i++)
        {
            double low = LargestShare * i / Intervals;
            double high = LargestShare * (i + 1) / Intervals;
            if (equations.Slope(low) < 0 && equations.Slope(high) >= 0 && Bisect(equations, low, high) is { } minimum)
                yield return minimum;
        }
    }

    private static (double Share, double Size)? Bisect(EdgeCodeEquations equations, double low, double high)
    {
        while (true)
        {
            double middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
                return equations.Size(middle) is { } size ? (middle, size) : null;
            if (equations.Slope(middle) < 0)
                low = middle;
            else
                high = middle;
        }
    }
}
