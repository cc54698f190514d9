using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

public sealed class UfmOptimumTests
{
    private const double Rounding = 1e-14;

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
}
