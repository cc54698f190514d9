using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.UnconstrainedFeatures;
using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

public sealed class UfmOptimumTests
{
    private const double Rounding = 1e-14;
    private const int RandomSettings = 400;

    // log φ and log p of a stationary gain carry the rounding of the gain, times their slopes, and of logarithms of up to a thousand in size.
    private const double LogTolerance = 1e-12;

    public static TheoryData<string> Names => UfmCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_constructed_point_is_stationary_with_the_predicted_loss(string name)
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named(name));
        DenseModel model = new(optimum.Setting);
        double[] point = CollapsedPoint.Of(optimum);

        Assert.True(optimum.Exists);
        Assert.All(model.Gradient(point, regularised: true), entry => Assert.Equal(0, entry, Rounding));
        Assert.Equal(model.Loss(point), optimum.Loss, Rounding);
        Array.Clear(point, 0, model.AllWeights.End.Value);
        Assert.Equal(model.Loss(point), optimum.ZeroLoss, Rounding);
    }

    [Fact]
    public void Three_classes_five_matrices_give_the_known_numbers()
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Mse(3, 40, 60, 5, 1e-2, 1e-2));

        Assert.True(optimum.Exists);
        Assert.False(optimum.IsZeroOptimal);
        Assert.Equal(3, optimum.Rank);
        Assert.Equal(0.9422775, optimum.Gain, 5e-8);
        Assert.Equal(1.3464848, optimum.SingularValue, 5e-8);
        Assert.Equal(0.2128979, optimum.ClassMeanNorm(1), 5e-8);
        Assert.Equal(0.16483787, optimum.Loss, 5e-9);
        Assert.Equal(0.16324257, optimum.Outlier, 5e-9);
        Assert.Equal(0.0310665, optimum.Threshold!.Value, 5e-8);
        Assert.Equal([new PredictedGroup(optimum.Outlier, 9), new PredictedGroup(0, 3591)], UfmSpectra.LayerHessian(optimum, 3));
        Assert.Empty(optimum.Bias);
        Assert.Null(optimum.OwnProbability);
        Assert.Null(optimum.OffProbability);
    }

    [Fact]
    public void Four_classes_under_cross_entropy_give_the_known_outliers()
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named("ce, K=4 n=3 d=6 L=3"));
        IReadOnlyList<PredictedGroup> groups = UfmSpectra.LayerHessian(optimum, 2);

        Assert.Equal([1L, 3, 5, 27], groups.Select(group => group.Count));
        Assert.Equal(0.0143665, groups[0].Value, 5e-8);
        Assert.Equal(0.0107776, groups[1].Value, 5e-8);
        Assert.Equal(0.0035997, groups[2].Value, 5e-8);
        Assert.Equal(1, optimum.OwnProbability!.Value + (3 * optimum.OffProbability!.Value), Rounding);
        Assert.Equal(3, optimum.Rank);
    }

    [Fact]
    public void The_bias_takes_the_mean_of_the_labels()
    {
        Assert.Equal([0.25, 0.25, 0.25, 0.25], UfmOptimum.Solve(UfmCases.Named("mse bias, one matrix")).Bias);
        Assert.Equal([0.0, 0.0], UfmOptimum.Solve(UfmCases.Named("ce bias, two classes")).Bias);
    }

    [Fact]
    public void The_largest_root_solves_the_stationarity_equation_in_wide_random_settings()
    {
        Property property = Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            UfmSetting setting = RandomSetting(new RandomStream((ulong)seed));
            UfmOptimum optimum = UfmOptimum.Solve(setting);
            if (optimum.Exists)
                AssertStationary(optimum);
            AssertNoLargerRoot(optimum);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(RandomSettings), property);
    }

    [Fact]
    public void Random_settings_reach_both_sides_of_the_spinodal()
    {
        bool[] exists = Enumerable.Range(1, RandomSettings)
            .Select(seed => UfmOptimum.Solve(RandomSetting(new RandomStream((ulong)seed))).Exists).ToArray();

        Assert.InRange(exists.Count(value => value), RandomSettings / 10, RandomSettings * 9 / 10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Zero_takes_over_at_the_threshold_and_the_branch_ends_at_the_spinodal(string name)
    {
        UfmSetting setting = UfmCases.Named(name);
        UfmOptimum optimum = UfmOptimum.Solve(setting);
        double threshold = optimum.Threshold!.Value;
        double spinodal = optimum.Spinodal!.Value;
        const double step = 1e-9;

        UfmOptimum below = UfmOptimum.Solve(Rescaled(setting, threshold * (1 - step)));
        UfmOptimum above = UfmOptimum.Solve(Rescaled(setting, threshold * (1 + step)));
        Assert.Equal(below.ZeroLoss, below.Loss, 1e-8);
        // With one matrix the gain grows from 0, and the losses differ by the square of the step only.
        Assert.True(setting.Depth == 1 ? below.Gain < 1e-7 : below.Loss < below.ZeroLoss);
        Assert.False(below.IsZeroOptimal);
        Assert.True(above.Loss >= above.ZeroLoss && above.IsZeroOptimal);
        Assert.True(UfmOptimum.Solve(Rescaled(setting, spinodal * (1 - step))).Exists);
        Assert.False(UfmOptimum.Solve(Rescaled(setting, spinodal * (1 + step))).Exists);
        // Both belong to the ratio of the decays, not to the decay they were asked at.
        Assert.Equal(1, below.Threshold!.Value / threshold, 1e-13);
        Assert.Equal(1, below.Spinodal!.Value / spinodal, 1e-13);
        if (setting.Loss == UfmLoss.MeanSquaredError)
            Assert.Equal((setting.Depth - 1.0) / setting.Depth, below.Gain, 1e-8);
    }

    [Fact]
    public void The_threshold_agrees_with_the_published_inequality()
    {
        UfmSetting setting = UfmCases.Mse(5, 7, 9, 4, 3e-3, 1e-3);
        double decay = UfmOptimum.Solve(setting).Threshold!.Value;

        double left = Math.Pow(5, 5) * 7 * (decay / 3) * Math.Pow(decay, 4);

        Assert.Equal(1, left / (Math.Pow(3, 3) / Math.Pow(4, 8)), 1e-12);
    }

    [Fact]
    public void Past_the_spinodal_every_number_is_the_zero_solutions()
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Ce(4, 3, 6, 3, 1, 1));

        Assert.False(optimum.Exists);
        Assert.True(optimum.IsZeroOptimal);
        Assert.Equal(0, optimum.Gain);
        Assert.Equal(0, optimum.SingularValue);
        Assert.Equal(0, optimum.ClassMeanNorm(2));
        Assert.Equal(0, optimum.Outlier);
        Assert.Equal(Math.Log(4), optimum.Loss, Rounding);
        Assert.Equal(0.25, optimum.OwnProbability!.Value, Rounding);
        Assert.Equal(0.25, optimum.OffProbability!.Value, Rounding);
    }

    [Fact]
    public void A_bad_setting_is_refused_with_everything_that_is_wrong()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => UfmOptimum.Solve(UfmCases.Mse(1, 0, 0, 0, 0, double.NaN)));

        foreach (string name in new[] { "Classes", "PerClass", "Width", "Depth", "WeightDecay", "FeatureDecay" })
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => UfmOptimum.Solve(null!));
        Assert.Throws<ArgumentException>(() => UfmSpectra.ZeroFullHessian(UfmCases.Mse(3, 1, 2, 2, 1e-3, 1e-3)));
        Assert.Throws<ArgumentException>(() => UfmCandidates.List(UfmCases.Mse(3, 1, 3, 2, 1e-3, double.PositiveInfinity)));
        Assert.Throws<ArgumentException>(() => UfmOptimum.Solve(UfmCases.Mse(3, 1, 3, 2, 1e-3, 1e-3) with { Loss = (UfmLoss)7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => UfmOptimum.Solve(UfmCases.Mse(3, 1, 3, 2, 1e-3, 1e-3)).ClassMeanNorm(3));
    }

    [Fact]
    public void Cross_entropy_without_decay_is_refused_because_it_has_no_finite_optimum()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => UfmOptimum.Solve(UfmCases.Ce(3, 1, 3, 2, 0, 1e-3)));

        Assert.Contains("no finite optimum", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 3, 3, true)]
    [InlineData(false, 3, 2, false)]
    [InlineData(true, 3, 2, true)]
    [InlineData(true, 3, 1, false)]
    public void The_width_must_hold_the_class_means(bool lastBias, int classes, int width, bool fits)
    {
        UfmSetting setting = UfmCases.Mse(classes, 2, width, 2, 1e-3, 1e-3) with { LastBias = lastBias };

        if (fits)
            Assert.True(UfmOptimum.Solve(setting).Exists);
        else
            Assert.Throws<ArgumentException>(() => UfmOptimum.Solve(setting));
    }

    private static UfmSetting Rescaled(UfmSetting setting, double decay) =>
        setting with { WeightDecay = decay, FeatureDecay = decay * (setting.FeatureDecay / setting.WeightDecay) };

    private static UfmSetting RandomSetting(RandomStream random) => new()
    {
        Classes = 2 + (int)Math.Exp(random.NextDouble() * Math.Log(999)),
        PerClass = (int)Math.Exp(random.NextDouble() * Math.Log(5000)),
        Width = 1001,
        Depth = 1 + random.NextInt32(20),
        WeightDecay = Math.Pow(10, (13 * random.NextDouble()) - 12),
        FeatureDecay = Math.Pow(10, (13 * random.NextDouble()) - 12),
        Loss = random.NextInt32(2) == 0 ? UfmLoss.MeanSquaredError : UfmLoss.CrossEntropy,
        LastBias = random.NextInt32(2) == 0,
    };

    /// <summary>log of the left side minus log of the right side of (1 − p) s^{L−1} c = Kλ, or of q s^{L−1} c = λ, at a gain.</summary>
    private static double LogResidual(UfmSetting setting, double gain, double slack)
    {
        double logBalance = 0.5 * (Math.Log(setting.WeightDecay) - Math.Log(setting.FeatureDecay) - Math.Log(setting.PerClass));
        double logSingular = (Math.Log(gain) - logBalance) / (setting.Depth + 1);
        double logForce = setting.Loss == UfmLoss.MeanSquaredError
            ? Math.Log(slack) - Math.Log(setting.Classes)
            : -Math.Log(Math.Exp(gain) + setting.Classes - 1);
        return logForce + ((setting.Depth - 1) * logSingular) + logBalance - Math.Log(setting.WeightDecay);
    }

    private static void AssertStationary(UfmOptimum optimum)
    {
        // a/λ = p/(1 − p) gives 1 − p without cancellation.
        double slack = optimum.Gain * optimum.Setting.WeightDecay / optimum.Outlier;
        if (optimum.Setting.Loss == UfmLoss.MeanSquaredError)
            Assert.Equal(1, optimum.Gain + slack, 1e-14);
        Assert.Equal(0, LogResidual(optimum.Setting, optimum.Gain, slack), LogTolerance);
        double product = Math.Pow(optimum.SingularValue, optimum.Setting.Depth + 1)
            * Math.Sqrt(optimum.Setting.WeightDecay / optimum.Setting.FeatureDecay / optimum.Setting.PerClass);
        Assert.Equal(1, product / optimum.Gain, LogTolerance);
    }

    /// <summary>Right of the root (everywhere, if there is none) the left side is below the right side, so the decay wins.</summary>
    private static void AssertNoLargerRoot(UfmOptimum optimum)
    {
        const int points = 300;
        bool isSquared = optimum.Setting.Loss == UfmLoss.MeanSquaredError;
        double rest = isSquared ? optimum.Gain * optimum.Setting.WeightDecay / optimum.Outlier : 0;
        for (int i = 1; i < points; i++)
        {
            double fraction = (double)i / points;
            double slack = optimum.Exists ? rest * fraction : fraction;
            double gain = isSquared ? 1 - slack : optimum.Gain + (60 * fraction);
            Assert.True(LogResidual(optimum.Setting, gain, slack) < LogTolerance);
        }
    }
}
