using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>The predicted spectra against dense Hessians in exact arithmetic of derivatives, eigenvalue by eigenvalue.</summary>
public sealed class UfmFullHessianTests
{
    public static TheoryData<string> Names => UfmCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessian_of_all_weights_is_the_predicted_one(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        Spectrum.AssertComplete(UfmSpectra.FullHessian(optimum), model.Hessian(point, model.Everything(withFeatures: false), regularised: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessian_of_all_weights_and_features_is_the_predicted_one(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        Spectrum.AssertComplete(UfmSpectra.FullHessianWithFeatures(optimum), model.Hessian(point, model.Everything(withFeatures: true), regularised: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessian_of_the_features_is_the_predicted_one(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        Spectrum.AssertComplete(UfmSpectra.FeatureHessian(optimum), model.Hessian(point, model.Features, regularised: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessians_at_zero_are_the_predicted_ones(string name)
    {
        UfmSetting setting = UfmCases.Named(name);
        DenseModel model = new(setting);
        double[] point = CollapsedPoint.Of(UfmOptimum.Solve(setting));
        Array.Clear(point, 0, model.AllWeights.End.Value);

        Spectrum.AssertComplete(UfmSpectra.ZeroFullHessian(setting), model.Hessian(point, model.Everything(withFeatures: false), regularised: true));
        Spectrum.AssertComplete(UfmSpectra.ZeroFullHessianWithFeatures(setting), model.Hessian(point, model.Everything(withFeatures: true), regularised: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Counts_sum_to_the_dimension_however_large_the_model(string name)
    {
        UfmSetting setting = UfmCases.Named(name) with { Classes = 200, Width = 1000, PerClass = 5000, Depth = 9, WeightDecay = 1e-9, FeatureDecay = 1e-12 };
        UfmOptimum optimum = UfmOptimum.Solve(setting);
        long weights = (8L * 1000 * 1000) + (200 * 1000);
        long bias = setting.LastBias ? 200 : 0;
        long features = 1000L * 200 * 5000;

        Assert.True(optimum.Exists);
        AssertCount(weights + bias, UfmSpectra.FullHessian(optimum));
        AssertCount(weights + bias + features, UfmSpectra.FullHessianWithFeatures(optimum));
        AssertCount(weights + bias, UfmSpectra.ZeroFullHessian(setting));
        AssertCount(weights + bias + features, UfmSpectra.ZeroFullHessianWithFeatures(setting));
        AssertCount(weights, UfmSpectra.GaussNewtonOfWeights(optimum));
        AssertCount(features, UfmSpectra.FeatureHessian(optimum));
        AssertCount(1000 * 1000, UfmSpectra.LayerHessian(optimum, 8));
        AssertCount(200 * 1000, UfmSpectra.LayerHessian(optimum, 9));
        AssertCount(1000, UfmSpectra.FeatureCovariance(optimum, 9));
    }

    [Fact]
    public void Groups_that_are_equal_in_exact_arithmetic_are_one()
    {
        UfmOptimum oneMatrix = UfmOptimum.Solve(UfmCases.Named("mse, one matrix"));
        UfmOptimum equalDecays = UfmOptimum.Solve(UfmCases.Named("mse, equal decays, four matrices"));

        Assert.Equal([9L, 6], UfmSpectra.FullHessian(oneMatrix).Select(group => group.Count));
        // Features and weights are alike: 5(a + λ), 5(a − λ) + 2λ, the within-class a + λ, 2λ of class block and pairs, λ, 0.
        Assert.Equal([3L, 6, 9, 36, 6, 24], UfmSpectra.FullHessianWithFeatures(equalDecays).Select(group => group.Count));
    }

    [Fact]
    public void Collapse_can_be_a_saddle_of_cross_entropy()
    {
        UfmOptimum saddle = UfmOptimum.Solve(UfmCases.Named("ce, five classes, a saddle"));
        UfmOptimum minimum = UfmOptimum.Solve(UfmCases.Named("ce, K=4 n=3 d=6 L=3"));

        Assert.True(UfmSpectra.FullHessian(saddle)[^1].Value < 0);
        Assert.Equal(0, UfmSpectra.FullHessianWithFeatures(minimum)[^1].Value);
    }

    [Theory]
    [InlineData(6, 6, 2, 30)]
    [InlineData(4, 7, 3, 45)]
    public void The_nullity_at_collapse_is_the_published_one(int classes, int width, int depth, long nullity)
    {
        // L(rd − r(r+1)/2), arXiv 2410.23169.
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Ce(classes, 5, width, depth, 1e-3, 1e-3));

        Assert.Equal(nullity, UfmSpectra.FullHessianWithFeatures(optimum).Single(group => group.Value == 0).Count);
    }

    private static void AssertCount(long expected, IReadOnlyList<PredictedGroup> groups)
    {
        Spectrum.AssertWellFormed(groups);
        Assert.Equal(expected, groups.Sum(group => group.Count));
    }

    private static (UfmOptimum Optimum, DenseModel Model, double[] Point) Solve(string name)
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named(name));
        Assert.True(optimum.Exists);
        return (optimum, new DenseModel(optimum.Setting), CollapsedPoint.Of(optimum));
    }
}
