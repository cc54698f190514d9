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

    private static (UfmOptimum Optimum, DenseModel Model, double[] Point) Solve(string name)
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named(name));
        Assert.True(optimum.Exists);
        return (optimum, new DenseModel(optimum.Setting), CollapsedPoint.Of(optimum));
    }
}
