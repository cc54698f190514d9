using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Networks;

public sealed class NetworkTests
{
    [Fact]
    public void Parameters_are_laid_out_weight_then_bias_layer_by_layer()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [3, 5, 2] });
        Assert.Equal(["1.weight", "1.bias", "2.weight", "2.bias"], network.Blocks.Select(static block => block.Name));
        Assert.Equal([0, 15, 20, 30], network.Blocks.Select(static block => block.Offset));
        Assert.Equal([5, 3], network.Blocks[0].Shape);
        Assert.Equal(32, network.ParameterCount);
        Assert.Equal(3, network.Layers.Count);
        Assert.Equal(2, Network.Mlp(new MlpOptions { Widths = [3, 5, 2], Activation = Activation.Linear }).Layers.Count);
    }

    [Theory]
    [InlineData()]
    [InlineData(3)]
    [InlineData(3, 0, 2)]
    [InlineData(3, -1)]
    public void Widths_out_of_range_are_refused(params int[] widths) =>
        Assert.Throws<ArgumentException>(() => Network.Mlp(new MlpOptions { Widths = widths }));

    [Fact]
    public void An_unknown_parameter_is_answered_with_the_known_ones()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [3, 5, 2], Biases = false });
        string message = Assert.Throws<ArgumentException>(() => network.LayerOf("3.weight")).Message;
        Assert.Contains("1.weight, 2.weight", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initial_weights_have_the_stated_variance_and_biases_are_zero()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [100, 400, 10] });
        double[] parameters = network.Initialize(new InitializationOptions { Scale = 2.0 }, new RandomStream(5));
        ParameterBlock weight = network.Blocks[0];
        double variance = parameters.AsSpan(weight.Offset, weight.Length).ToArray().Average(static value => value * value);
        // 40,000 squares of a normal have relative standard deviation √2/200; five of them.
        Assert.InRange(variance / (4.0 / 100.0), 1 - (5 * Math.Sqrt(2.0) / 200), 1 + (5 * Math.Sqrt(2.0) / 200));
        Assert.All(parameters.AsSpan(network.Blocks[1].Offset, network.Blocks[1].Length).ToArray(), static value => Assert.Equal(0.0, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Initialize(new InitializationOptions { Scale = double.NaN }, new RandomStream(5)));
    }

    [Fact]
    public void Uniform_weights_lie_within_the_gain_times_the_root_of_six_over_both_fans()
    {
        Network dense = Network.Mlp(new MlpOptions { Widths = [100, 400, 10] });
        AssertUniform(dense.Initialize(Uniform(0.5), new RandomStream(5)), dense.Blocks[0], 0.5 * Math.Sqrt(6.0 / 500.0));
        // The head does not see the gain.
        AssertUniform(dense.Initialize(Uniform(0.5), new RandomStream(5)), dense.WeightLayers[1].Weight, 1.0 / Math.Sqrt(400.0));
        Network convolution = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [3, 16, 16], Classes = 10, Channels = 32 });
        // 3 × 3 kernels from 3 to 32 channels.
        AssertUniform(convolution.Initialize(Uniform(2.0), new RandomStream(5)), convolution.Blocks[0], 2.0 * Math.Sqrt(6.0 / (9.0 * (3 + 32))));
        Assert.Throws<ArgumentOutOfRangeException>(() => dense.Initialize(new InitializationOptions { Kind = (InitializationKind)9 }, new RandomStream(5)));

        static InitializationOptions Uniform(double gain) => new() { Kind = InitializationKind.XavierUniform, Scale = gain };

        static void AssertUniform(double[] parameters, ParameterBlock block, double limit)
        {
            double[] weights = parameters.AsSpan(block.Offset, block.Length).ToArray();
            Assert.All(weights, weight => Assert.InRange(Math.Abs(weight), 0.0, limit));
            // Squares of a uniform number over their bound have mean 1/3 and deviation 2/√45; five of them over √n.
            double deviation = 2.0 / Math.Sqrt(45.0 * weights.Length);
            Assert.InRange(weights.Average(weight => weight * weight / (limit * limit)), (1.0 / 3.0) - (5 * deviation), (1.0 / 3.0) + (5 * deviation));
        }
    }

    [Fact]
    public void A_layer_more_does_not_change_the_others_start()
    {
        double[] two = Network.Mlp(new MlpOptions { Widths = [3, 5, 5] }).Initialize(new InitializationOptions(), new RandomStream(5));
        double[] three = Network.Mlp(new MlpOptions { Widths = [3, 5, 5, 2] }).Initialize(new InitializationOptions(), new RandomStream(5));
        Assert.Equal(two, three.Take(two.Length));
    }

    [Fact]
    public void Free_features_come_first_and_the_weights_have_the_names_of_a_perceptron()
    {
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 12, Widths = [5, 4, 3], Activation = Activation.Relu, RectifiedFeatures = true, LastBias = true });
        Assert.Equal(["H1", "1.weight", "2.weight", "2.bias"], network.Blocks.Select(static block => block.Name));
        Assert.Equal([0, 60, 80, 92], network.Blocks.Select(static block => block.Offset));
        Assert.Equal([12, 5], network.Blocks[0].Shape);
        Assert.Equal(["H1", "H1.relu", "1", "1.relu", "2"], network.Layers.Select(static layer => layer.Name));
        Assert.Equal(["1.weight", "2.weight"], network.WeightLayers.Select(static layer => layer.Weight.Name));
        Assert.Equal((1, 3), (network.InputSize, network.OutputSize));
        Network plain = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 12, Widths = [5, 4, 3] });
        Assert.Equal(["H1", "1", "2"], plain.Layers.Select(static layer => layer.Name));
        Assert.Equal([0.0, 1.0, 2.0], FeatureTableLayer.Indices(3).Span.ToArray());
    }

    [Fact]
    public void A_last_bias_is_the_only_one_when_biases_are_off()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [3, 5, 2], Biases = false, LastBias = true });
        Assert.Equal(["1.weight", "2.weight", "2.bias"], network.Blocks.Select(static block => block.Name));
        Assert.Equal(4, Network.Mlp(new MlpOptions { Widths = [3, 5, 2], LastBias = true }).Blocks.Count);
    }

    [Fact]
    public void Free_features_start_with_the_variance_of_their_width()
    {
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 400, Widths = [100, 10], LastBias = true });
        double[] parameters = network.Initialize(new InitializationOptions { Scale = 2.0 }, new RandomStream(5));
        double variance = parameters.AsSpan(0, 40_000).ToArray().Average(static value => value * value);
        Assert.InRange(variance / (4.0 / 100.0), 1 - (5 * Math.Sqrt(2.0) / 200), 1 + (5 * Math.Sqrt(2.0) / 200));
        Assert.All(parameters.AsSpan(41_000).ToArray(), static value => Assert.Equal(0.0, value));
    }

    [Theory]
    [InlineData(0, 4, 3)]
    [InlineData(FeatureTableLayer.MaxSamples + 1, 4, 3)]
    [InlineData(5, 4)]
    [InlineData(5)]
    [InlineData(5, 0, 3)]
    [InlineData(FeatureTableLayer.MaxSamples, 1000, 3)]
    public void Tables_out_of_range_are_refused(int samples, params int[] widths) =>
        Assert.ThrowsAny<ArgumentException>(() => Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = samples, Widths = widths }));
}
