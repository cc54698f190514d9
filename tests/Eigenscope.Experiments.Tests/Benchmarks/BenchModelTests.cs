using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Tests.Benchmarks;

public sealed class BenchModelTests
{
    // By hand, in multiply-adds N d_in d_out: layer 1: 7·2·3 = 42, layer 2: 7·3·5 = 105, layer 3: 7·5·4 = 140.
    private static readonly BenchModel Small = new("small", [2, 3, 5, 4], 7);

    [Fact]
    public void Flops_are_those_counted_by_hand()
    {
        Assert.Equal((4 * 42) + (6 * 245), Small.GradientFlops);
        Assert.Equal((2 * 42) + (4 * 245), Small.LinearizeFlops);
        Assert.Equal((4 * 42) + (12 * 245), Small.HessianFlops);
        Assert.Equal((4 * 42) + (8 * 245), Small.GaussNewtonFlops);
        Assert.Equal((4 * 42) + (4 * 7 * 4 * 3), Small.LayerFlops(0));
        Assert.Equal((4 * 105) + (4 * 7 * 4 * 5), Small.LayerFlops(1));
        Assert.Equal(4 * 140, Small.LayerFlops(2));
        Assert.Equal(7 * 14, Small.ActivationCount);
    }

    [Fact]
    public void Every_model_has_its_rows_in_both_precisions()
    {
        IReadOnlyList<BenchCase> cases = BenchCase.All(BenchModel.All);

        Assert.Equal(2 * ((5 + 5) + (5 + 6)), cases.Count);
        Assert.Equal(cases.Count, cases.Select(row => row.Name).Distinct().Count());
        Assert.Contains("mlp-784-512x4-10 hessian float32 block-8", cases.Select(row => row.Name));
        Assert.Contains("mlp-784-1024-512-256-128-64-10 layer 6.weight float64 block-1", cases.Select(row => row.Name));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("hessian", null, true)]
    [InlineData("HESSIAN block-8", null, true)]
    [InlineData("hessian block-1", null, false)]
    [InlineData("gradient, small float32", null, true)]
    [InlineData(null, "float32", true)]
    [InlineData("hessian", "float64", false)]
    public void A_pattern_selects_by_words(string? pattern, string? precision, bool matches) =>
        Assert.Equal(matches, new BenchCase(Small, Precision.Float32, "hessian", 8, 1).Matches(new BenchOptions { Rows = pattern, Precision = precision }));
}
