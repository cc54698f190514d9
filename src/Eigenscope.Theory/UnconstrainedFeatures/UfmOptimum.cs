namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// The collapsed (deep neural collapse) solution of a deep linear unconstrained feature model in closed form: features of a class coincide, every weight matrix
/// has r equal singular values s, <c>W_l = s Σ_j u_j^{(l+1)} u_j^{(l)T}</c>, and the class means of every layer form an orthogonal frame
/// (mean squared error, r = K) or a simplex (with a last bias, or cross-entropy, r = K − 1).
/// With c = √(λ/(n λ_H)) and gain p = s^{L+1} c, the singular value of the class-mean logits, the largest root of
/// <c>(1 − p) s^{L−1} c = Kλ</c> (mean squared error) or <c>q s^{L−1} c = λ</c> (cross-entropy) is the solution. Past the spinodal there is none: every number
/// then is the zero solution's.
/// <para>For mean squared error this branch or zero is the global minimum; for cross-entropy it is a stationary point, which at small decay has
/// solutions of lower rank below it for L ≥ 3 and K ≥ 4, and for L = 2 and K ≥ 6 (arXiv 2410.23169): see <see cref="UfmCandidates"/>.</para>
/// <para>Sources: arXiv 2404.06106 (spectra of the deep linear unconstrained feature model); multiplicities, thresholds and the variants with a bias are derived,
/// and checked against dense Hessians.</para>
/// </summary>
public sealed record UfmOptimum
{
    private readonly ForceLaw _law;
    private readonly ForceRoot _root;

    private UfmOptimum(UfmSetting setting, ForceLaw law)
    {
        Setting = setting;
        _law = law;
        ForceRoot? root = law.Solve(setting);
        Exists = root is not null;
        _root = root ?? new ForceRoot(0, Math.Exp(law.LogForce(0)), law.ZeroLoss);
        SingularValue = Math.Pow(_root.Gain / setting.BalanceRoot, 1.0 / (setting.Depth + 1));
    }

    /// <summary>What was solved.</summary>
    public UfmSetting Setting { get; }

    /// <summary>Whether the setting has a non-zero solution, that is, whether it is not past the spinodal.</summary>
    public bool Exists { get; }

    /// <summary>Whether the zero solution has no higher loss than this branch.</summary>
    public bool IsZeroOptimal => !Exists || Gain <= _law.ThresholdGain;

    /// <summary>r: K, or K − 1 with a last bias or cross-entropy.</summary>
    public int Rank => Setting.CollapsedRank;

    /// <summary>p, the singular value of the class-mean logits: their diagonal for mean squared error without a bias. In [0, 1) for mean squared error.</summary>
    public double Gain => _root.Gain;

    /// <summary>s, of every weight matrix.</summary>
    public double SingularValue { get; }

    /// <summary>a = s^{2(L−1)} η²/K, η = sc: for mean squared error, the outlier eigenvalue of every layer's Hessian; cross-entropy multiplies it by probabilities.</summary>
    public double Outlier => Setting.WeightDecay * CurvatureRatio;

    /// <summary>Regularised loss of this branch; that of zero where the branch does not exist.</summary>
    public double Loss => _root.Loss(Rank, Setting.Depth);

    /// <summary>Loss of the zero solution: ½ for mean squared error, (K−1)/(2K) with a last bias, log K for cross-entropy.</summary>
    public double ZeroLoss => _law.ZeroLoss;

    /// <summary>
    /// λ*: the weight decay at which zero takes over, λ_H/λ held. Closed form for mean squared error, where the gain there is (L−1)/L; for cross-entropy the gain
    /// solves loss(p) = log K by bracketed Newton to a relative rounding. Null where it is out of a double's range.
    /// </summary>
    public double? Threshold => Finite(_law.DecayAt(_law.ThresholdGain, Setting));

    /// <summary>
    /// The largest weight decay, λ_H/λ held, with a non-zero solution: at gain (L−1)/(2L) for mean squared error, where pP = (L−1)/(L+1) for cross-entropy
    /// (bisected to neighbouring doubles). Equal to <see cref="Threshold"/> for one matrix. Null where it is out of a double's range.
    /// </summary>
    public double? Spinodal => Finite(_law.DecayAt(_law.SpinodalGain, Setting));

    /// <summary>P, the probability of a sample's own class; null for mean squared error.</summary>
    public double? OwnProbability => Setting.Loss == UfmLoss.CrossEntropy ? 1 / (1 + ((Setting.Classes - 1) * Math.Exp(-Gain))) : null;

    /// <summary>q, the probability of every other class, e^{−p}/(1 + (K−1)e^{−p}); null for mean squared error.</summary>
    public double? OffProbability => Setting.Loss == UfmLoss.CrossEntropy ? _root.Force : null;

    /// <summary>The last bias, K values: 1/K for mean squared error, 0 for cross-entropy; empty where there is none.</summary>
    public IReadOnlyList<double> Bias => Setting.LastBias
        ? Enumerable.Repeat(Setting.Loss == UfmLoss.MeanSquaredError ? 1.0 / Setting.Classes : 0.0, Setting.Classes).ToArray()
        : [];

    /// <summary>a/λ = p/(Kφ): p/(1−p) for mean squared error, p/(Kq) for cross-entropy.</summary>
    internal double CurvatureRatio => _root.Gain / (Setting.Classes * _root.Force);

    /// <summary>Finds the branch.</summary>
    /// <param name="setting">What to solve.</param>
    /// <returns>The branch; <see cref="Exists"/> says whether there is one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="setting"/> is null.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range; the message names all of them.</exception>
    public static UfmOptimum Solve(UfmSetting setting)
    {
        UfmSettingCheck.Require(setting);
        return new UfmOptimum(setting, LawOf(setting, setting.CollapsedRank));
    }

    /// <summary>
    /// Norm of the class means of the input of layer l: m_l = η s^{l−1}, and √((K−1)/K) times that where they form a simplex, η s^{l−1} being the singular value
    /// of the matrix of class means in both cases.
    /// </summary>
    /// <param name="layer">l, from 1 (the free features) to L.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public double ClassMeanNorm(int layer)
    {
        double norm = MeanSingularValue(layer);
        return Setting.IsCentred ? norm * Math.Sqrt((Setting.Classes - 1.0) / Setting.Classes) : norm;
    }

    /// <summary>η s^{l−1}: the r equal non-zero singular values of the d × K matrix of class means of the input of layer l.</summary>
    /// <param name="layer">l, from 1 (the free features) to L.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public double MeanSingularValue(int layer)
    {
        UfmSettingCheck.RequireLayer(Setting, layer);
        return Setting.BalanceRoot * Math.Pow(SingularValue, layer);
    }

    /// <summary>Two solutions are equal when their settings are.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(UfmOptimum? other) => other is not null && Setting == other.Setting;

    /// <inheritdoc/>
    public override int GetHashCode() => Setting.GetHashCode();

    /// <summary>The law of r equal modes in a setting.</summary>
    internal static ForceLaw LawOf(UfmSetting setting, int rank) => setting.Loss == UfmLoss.CrossEntropy
        ? new CrossEntropyLaw(setting.Classes, setting.Depth)
        : new MeanSquaredErrorLaw(setting.Classes, rank, setting.Depth, setting.CollapsedRank);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
