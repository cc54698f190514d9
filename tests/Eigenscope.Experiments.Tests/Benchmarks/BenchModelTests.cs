using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Tests.Benchmarks;

public sealed class BenchModelTests
{
    // By hand, in multiply-adds N d_in d_out: layer 1: 7·2·3 = 42, layer 2: 7·3·5 = 105, layer 3: 7·5·4 = 140.
    private static readonly BenchModel Small = BenchModel.Mlp("small", [2, 3, 5, 4], 7);

    [Fact]
    public void Flops_are_those_counted_by_hand()
    {
        Assert.Equal((4 * 42) + (6 * 245), Small.GradientFlops);
        Assert.Equal((2 * 42) + (4 * 245), Small.LinearizeFlops);
        Assert.Equal((4 * 42) + (12 * 245), Small.HessianFlops);
        Assert.Equal((4 * 42) + (8 * 245), Small.GaussNewtonFlops);
        Assert.Equal((2 * 42) + (4 * 245), Small.JacobianFlops);
        Assert.Equal((4 * 42) + (4 * 7 * 4 * 3), Small.LayerFlops("1.weight"));
        Assert.Equal((4 * 105) + (4 * 7 * 4 * 5), Small.LayerFlops("2.weight"));
        Assert.Equal(4 * 140, Small.LayerFlops("3.weight"));
        Assert.Equal(7 * 14, Small.ActivationCount);
    }

    [Fact]
    public void Flops_of_convolutions_are_those_counted_by_hand()
    {
        // ResNet-8 that begins with 2 channels, on 3 images of 1 × 8 × 8, in multiply-adds of one image (patch · output channels · positions):
        // conv1 9·1·2·64; stage 1 (9·2·2·64) twice; stage 2, 4 × 4: 9·2·4·16, 9·4·4·16, shortcut 2·4·16; stage 3, 2 × 2: 9·4·8·4, 9·8·8·4, shortcut 4·8·4; head 8·10.
        BenchModel model = BenchModel.Images("resnet8", ImageModel.ResNet8, [1, 8, 8], 3, "stage2.0.conv2.weight", channels: 2);
        const int First = 9 * 1 * 2 * 64;
        const int Above = (2 * 9 * 2 * 2 * 64) + (9 * 2 * 4 * 16) + (9 * 4 * 4 * 16) + (2 * 4 * 16) + (9 * 4 * 8 * 4) + (9 * 8 * 8 * 4) + (4 * 8 * 4) + (8 * 10);

        Assert.Equal(3 * ((4 * First) + (6 * Above)), model.GradientFlops);
        Assert.Equal(3 * ((2 * First) + (4 * Above)), model.LinearizeFlops);
        Assert.Equal(3 * ((4 * First) + (12 * Above)), model.HessianFlops);
        Assert.Equal(3 * ((4 * First) + (8 * Above)), model.GaussNewtonFlops);
        Assert.Equal(3 * ((2 * First) + (4 * Above)), model.JacobianFlops);
        Assert.Equal(4 * 3 * ((9 * 4 * 4 * 16) + (10 * 4 * 16)), model.LayerFlops("stage2.0.conv2.weight"));
    }

    [Fact]
    public void Activations_of_a_residual_network_are_its_boundaries_without_those_computed_in_place()
    {
        BenchModel model = BenchModel.Images("resnet8", ImageModel.ResNet8, [1, 8, 8], 3, "head.weight", channels: 2);

        // Input; conv1 and norm1; a block has two convolutions, two norms, a sum; stages 2 and 3 also a shortcut and its norm; pool; head.
        Assert.Equal(3 * (64 + (2 * 128) + (5 * 128) + (7 * 64) + (7 * 32) + 8 + 10), model.ActivationCount);
    }

    [Fact]
    public void Every_model_has_its_rows_in_both_precisions()
    {
        IReadOnlyList<BenchCase> cases = BenchCase.All(BenchModel.All);

        Assert.Equal(2 * ((7 + 5) + (7 + 6) + (3 * (8 + 1))), cases.Count);
        Assert.Equal(cases.Count, cases.Select(row => row.Name).Distinct().Count());
        Assert.Contains("mlp-784-512x4-10 hessian float32 block-8", cases.Select(row => row.Name));
        Assert.Contains("mlp-784-1024-512-256-128-64-10 layer 6.weight float64 block-1", cases.Select(row => row.Name));
        Assert.Contains("resnet20 training-step float32 block-1", cases.Select(row => row.Name));
        Assert.All(BenchModel.All, model => Assert.All(model.Blocks, block => Assert.True(model.LayerFlops(block) > 0)));
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
