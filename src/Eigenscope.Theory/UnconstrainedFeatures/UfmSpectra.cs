namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// Spectra at the collapsed solution of a deep linear unconstrained feature model. Every list is sorted by value, descending, with equal values in one group; the
/// counts of a spectrum called complete sum to its dimension. Where the collapsed solution does not exist, they are the zero solution's.
/// Sources: arXiv 2404.06106 for the layer-wise spectra; the full Hessians, the variants with a bias and those of cross-entropy are derived and checked against
/// dense Hessians. At a cross-entropy solution the full Hessian can have negative eigenvalues: collapse is then a saddle, and the numbers say so.
/// </summary>
public static class UfmSpectra
{
    /// <summary>The non-zero singular values of every weight matrix: s, r times. All others are zero.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> WeightSingularValues(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return NonZero(optimum, optimum.SingularValue);
    }

    /// <summary>The non-zero singular values of the data-loss gradient in every weight matrix, −λW_l at a stationary point: λs, r times.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> GradientSingularValues(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return NonZero(optimum, optimum.Setting.WeightDecay * optimum.SingularValue);
    }

    /// <summary>Complete spectrum of H_l H_lᵀ/N, d × d: (η s^{l−1})²/K, r times, and zeros.</summary>
    /// <param name="optimum">The solution.</param>
    /// <param name="layer">l, from 1 (the free features) to L.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public static IReadOnlyList<PredictedGroup> FeatureSecondMoment(UfmOptimum optimum, int layer)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return Features(optimum, layer, optimum.Rank);
    }

    /// <summary>Complete spectrum of the covariance of the features about their mean, divided by N, d × d: the second moment's value K − 1 times, and zeros.</summary>
    /// <param name="optimum">The solution.</param>
    /// <param name="layer">l, from 1 (the free features) to L.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public static IReadOnlyList<PredictedGroup> FeatureCovariance(UfmOptimum optimum, int layer)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return Features(optimum, layer, optimum.Setting.Classes - 1);
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the data loss in W_l alone, <c>(1/K) Σ_c (A_lᵀ Λ_c A_l) ⊗ (μ_c μ_cᵀ)</c> with A_l = W_L ⋯ W_{l+1}.
    /// Mean squared error: a, r² times; the last layer's, with a bias beside it, K(K−1) times, as A_L is the identity.
    /// Cross-entropy: a·qPK once, a·q(1 + (PK−1)(K−2)/(K−1)) K−1 times, a·q K² − 3K + 1 times; for K = 2 the first alone.
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <param name="layer">l, from 1 to L.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public static IReadOnlyList<PredictedGroup> LayerHessian(UfmOptimum optimum, int layer)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        UfmSettingCheck.RequireLayer(optimum.Setting, layer);
        UfmSetting setting = optimum.Setting;
        bool isLast = layer == setting.Depth;
        SpectrumBuilder groups = new();
        foreach (CurvatureMode mode in new ClassBlock(optimum).Modes)
            groups.Add(mode.Value, mode.Count);
        groups.Add(optimum.Outlier, isLast ? CommonOutputs(optimum) : 0);
        return groups.FillWithZeros((long)setting.Width * (isLast ? setting.Classes : setting.Width)).Build();
    }

    /// <summary>
    /// Complete spectrum of the Gauss–Newton matrix of the data loss in (W_1 … W_L), without the bias: L times the eigenvalues of a layer's class block, as often,
    /// with the same direction in every layer; and the a of the K − 1 directions that the last layer of mean squared error with a bias adds.
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> GaussNewtonOfWeights(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        SpectrumBuilder groups = new();
        foreach (CurvatureMode mode in new ClassBlock(optimum).Modes)
            groups.Add(optimum.Setting.Depth * mode.Value, mode.Count);
        return groups.Add(optimum.Outlier, CommonOutputs(optimum)).FillWithZeros(optimum.Setting.Weights).Build();
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the regularised loss in (W_1 … W_L), and the last bias if there is one. With r the rank and θ the eigenvalues of a layer's
    /// class block (<see cref="LayerHessian"/>; the symmetric r(r+1)/2 and the antisymmetric r(r−1)/2 directions apart):
    /// <list type="bullet">
    /// <item>L(θ−λ)+2λ once and 2λ L−1 times for every symmetric direction; L(θ+λ) once and 0 L−1 times for every antisymmetric one. For mean squared error θ = a; for
    /// cross-entropy the larger values are symmetric, and aq splits into K(K−3)/2 symmetric and (K−1)(K−2)/2 antisymmetric ones;</item>
    /// <item>2λ and 0 (L−1)r(d−r) times each; λ r(d−r) + (L−1)(d−r)² times;</item>
    /// <item>for r = K − 1, the outputs common to all classes: a + λ r times and λ d − r times (mean squared error), or λ d times (cross-entropy);</item>
    /// <item>the bias: 1 K times (mean squared error); for cross-entropy 0 once, and K − 1 times it couples with the second group of θ through
    /// κ√((K−2)a)/K, κ = Kq(P−q), its own curvature being q + κ/K.</item>
    /// </list>
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> FullHessian(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return optimum.Exists ? new FullHessianSpectrum(optimum, withFeatures: false).Build() : ZeroFullHessian(optimum.Setting);
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the regularised loss in H_1, (W_1 … W_L), and the last bias if there is one. With t = (√λ_H, √λ, …, √λ), as
    /// <see cref="FullHessian"/> but for:
    /// <list type="bullet">
    /// <item>class block: the eigenvalues of (θ/λ − 1)ttᵀ + 2diag(λ_H, λ, …, λ) for every symmetric direction and of (θ/λ + 1)ttᵀ for every antisymmetric one;</item>
    /// <item>λ + λ_H and 0, r(d−r) times each, in place of the first layer's λ;</item>
    /// <item>within-class directions of the features: s^{2L}ω/N + λ_H for every eigenvalue ω of a sample's Λ_c on the class directions, K(n−1) times, and λ_H;</item>
    /// <item>for r = K − 1, moving all features alike shifts all logits as the bias does, by s^L/√N for a unit.</item>
    /// </list>
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> FullHessianWithFeatures(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        return optimum.Exists ? new FullHessianSpectrum(optimum, withFeatures: true).Build() : ZeroFullHessianWithFeatures(optimum.Setting);
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the regularised loss in H_1 alone, d·N: s^{2L}ω/N + λ_H for every eigenvalue ω of a sample's Λ_c on the class directions,
    /// and λ_H (d − r)N times.
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    public static IReadOnlyList<PredictedGroup> FeatureHessian(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        UfmSetting setting = optimum.Setting;
        double gain = Math.Pow(optimum.SingularValue, 2.0 * setting.Depth) / setting.Samples;
        SpectrumBuilder groups = new();
        foreach (PredictedGroup curvature in new ClassBlock(optimum).LogitCurvature)
            groups.Add((gain * curvature.Value) + setting.FeatureDecay, curvature.Count * setting.Samples);
        return groups.Add(setting.FeatureDecay, (setting.Width - optimum.Rank) * setting.Samples).Build();
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the regularised loss in (W_1 … W_L), and the last bias, at zero: λ for every weight, as the features are zero too;
    /// for the bias 1 K times (mean squared error), or 1/K K − 1 times and 0 (cross-entropy).
    /// </summary>
    /// <param name="setting">The model.</param>
    /// <exception cref="ArgumentNullException">No setting given.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range; the message names all of them.</exception>
    public static IReadOnlyList<PredictedGroup> ZeroFullHessian(UfmSetting setting)
    {
        UfmSettingCheck.Require(setting);
        return ZeroBias(setting).Add(setting.WeightDecay, setting.Weights).Build();
    }

    /// <summary>
    /// Complete spectrum of the Hessian of the regularised loss in H_1, (W_1 … W_L), and the last bias, at zero. For L ≥ 2 nothing of the data loss is of second order:
    /// λ and λ_H. For L = 1 the residual couples W_1 with H_1: the eigenvalues of [[λ, σ], [σ, λ_H]], σ = 1/(K√n), r·d times each.
    /// </summary>
    /// <param name="setting">The model.</param>
    /// <exception cref="ArgumentNullException">No setting given.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range; the message names all of them.</exception>
    public static IReadOnlyList<PredictedGroup> ZeroFullHessianWithFeatures(UfmSetting setting)
    {
        UfmSettingCheck.Require(setting);
        long coupled = setting.Depth == 1 ? (long)setting.CollapsedRank * setting.Width : 0;
        double squared = 1.0 / ((double)setting.Classes * setting.Samples);
        double determinant = (setting.WeightDecay * setting.FeatureDecay) - squared;
        return ZeroBias(setting)
            .AddAll(TwoByTwo.Eigenvalues(setting.WeightDecay, setting.FeatureDecay, Math.Sqrt(squared), determinant), coupled)
            .Add(setting.WeightDecay, setting.Weights - coupled)
            .Add(setting.FeatureDecay, (setting.Width * setting.Samples) - coupled)
            .Build();
    }

    /// <summary>
    /// The squared coefficients of the data gradient of W_l in the orthonormal basis of its layer's outlier space, μ̂_c^{(l+1)} ⊗ μ̂_{c'}^{(l)}: 1/K for the K with c = c',
    /// 0 for the other K² − K; the gradient has no part outside. For every layer l (arXiv 2404.06106).
    /// </summary>
    /// <param name="optimum">The solution, of mean squared error without a last bias: only there are the class means orthogonal.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentException">Another loss, or a last bias, or no non-zero solution, whose gradient is zero.</exception>
    public static IReadOnlyList<PredictedGroup> GradientCoefficients(UfmOptimum optimum)
    {
        UfmOrthogonalFrame.Require(optimum);
        long classes = optimum.Setting.Classes;
        return new SpectrumBuilder().Add(1.0 / classes, classes).Add(0, classes * (classes - 1)).Build();
    }

    /// <summary>
    /// The number ρ of the balance recurrence <c>W_lᵀ W_l = ρ W_{l−1} W_{l−1}ᵀ</c> at every stationary point, with H_1 for W_0: λ_H/λ for l = 1, then 1
    /// (arXiv 2404.06106).
    /// </summary>
    /// <param name="optimum">The solution.</param>
    /// <param name="layer">l, from 1 to L.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public static double BalanceRatio(UfmOptimum optimum, int layer)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        UfmSettingCheck.RequireLayer(optimum.Setting, layer);
        return layer == 1 ? optimum.Setting.FeatureDecay / optimum.Setting.WeightDecay : 1;
    }

    private static IReadOnlyList<PredictedGroup> NonZero(UfmOptimum optimum, double value) =>
        optimum.Exists ? [new PredictedGroup(value, optimum.Rank)] : [];

    private static IReadOnlyList<PredictedGroup> Features(UfmOptimum optimum, int layer, int rank)
    {
        double value = optimum.MeanSingularValue(layer);
        return new SpectrumBuilder().Add(value * value / optimum.Setting.Classes, rank).FillWithZeros(optimum.Setting.Width).Build();
    }

    /// <summary>Directions of W_L whose output is the same for all classes and that the data loss feels: those of mean squared error, class input by class input.</summary>
    private static long CommonOutputs(UfmOptimum optimum) =>
        optimum.Setting is { Loss: UfmLoss.MeanSquaredError, LastBias: true } ? optimum.Rank : 0;

    private static SpectrumBuilder ZeroBias(UfmSetting setting)
    {
        SpectrumBuilder groups = new();
        if (!setting.LastBias)
            return groups;
        return setting.Loss == UfmLoss.MeanSquaredError
            ? groups.Add(1, setting.Classes)
            : groups.Add(1.0 / setting.Classes, setting.Classes - 1).Add(0, 1);
    }
}
