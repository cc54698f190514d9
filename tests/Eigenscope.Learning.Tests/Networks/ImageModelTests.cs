using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>The convolutional classifiers against what is known of them: counts of parameters as published or summed by hand, and the places where residual branches join.</summary>
public sealed class ImageModelTests
{
    // ResNet18 and, with the 2,752 biases of its convolutions that normalisation makes idle, VGG11: as counted by users of the usual PyTorch versions for CIFAR-10. ResNet20: 269,722 of He et al. with
    // identity shortcuts, and 2,752 more for two projections with their normalisation. ResNet8 by hand.
    [Theory]
    [InlineData(ImageModel.ResNet20, 272_474)]
    [InlineData(ImageModel.ResNet18, 11_173_962)]
    [InlineData(ImageModel.Vgg11, 9_231_114 - 2_752)]
    [InlineData(ImageModel.ResNet8, 78_042)]
    public void Parameters_are_as_many_as_published(ImageModel model, int parameters)
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = model, SampleShape = [3, 32, 32], Classes = 10 });
        Assert.Equal(parameters, network.ParameterCount);
        Assert.Equal(10, network.OutputSize);
    }

    [Theory]
    [InlineData(ImageModel.ResNet8, 3, 10)]
    [InlineData(ImageModel.ResNet20, 9, 22)]
    [InlineData(ImageModel.ResNet18, 8, 21)]
    [InlineData(ImageModel.Vgg11, 0, 9)]
    public void Layers_with_weights_and_residual_joins_are_counted(ImageModel model, int joins, int weights)
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = model, SampleShape = [1, 28, 28], Classes = 10 });
        Assert.Equal(joins, network.Layers.OfType<SumLayer>().Count());
        Assert.Equal(weights, network.WeightLayers.Count);
    }

    // 20·(25 + 1) + 50·(500 + 1) + 500·(800 + 1) + 10·(500 + 1): the count of the literature on low ranks.
    [Fact]
    public void LeNet5_has_the_published_parameters_on_images_of_28_by_28()
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.LeNet5, SampleShape = [1, 28, 28], Classes = 10 });
        Assert.Equal(520 + 25_050 + 400_500 + 5_010, network.ParameterCount);
        Assert.Equal(["conv1", "conv2", "head.1", "head.2"], network.WeightLayers.Select(static layer => layer.Name));
        Assert.Equal(network.StateLength, network.ParameterCount);
        Assert.Equal([10, 800], Network.ForImages(new ImageModelOptions { Model = ImageModel.LeNet5, SampleShape = [1, 28, 28], Classes = 10, Head = new HeadOptions { Depth = 1 } }).WeightLayers[^1].Weight.Shape);
    }

    [Theory]
    [InlineData(3, 32, 32, 4, 10 * 5 * 5)]
    [InlineData(1, 16, 20, 2, 5 * 1 * 2)]
    [InlineData(1, 28, 28, 1, 2 * 4 * 4)]
    public void LeNet5_takes_other_images_and_channels(int planes, int height, int width, int channels, int features)
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.LeNet5, SampleShape = [planes, height, width], Classes = 3, Channels = channels });
        Assert.Equal(features, network.WeightLayers[2].InputSize);
    }

    [Fact]
    public void Images_too_small_for_LeNet5_are_refused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Network.ForImages(new ImageModelOptions { Model = ImageModel.LeNet5, SampleShape = [1, 28, 15], Classes = 3 }));
        Assert.Contains("16", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_tell_the_place()
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [3, 32, 32], Classes = 10, Head = new HeadOptions { Depth = 3, Width = 20 } });
        Assert.Equal(
            ["conv1.weight", "norm1.scale", "norm1.shift", "stage1.0.conv1.weight"],
            network.Blocks.Take(4).Select(static block => block.Name));
        Assert.Equal(["head.1.weight", "head.2.weight", "head.3.weight"], network.Blocks.TakeLast(3).Select(static block => block.Name));
        Assert.Contains("stage2.0.shortcut.weight", network.Blocks.Select(static block => block.Name));
        Assert.Equal(["norm1.mean", "norm1.variance"], network.Statistics.Take(2).Select(static block => block.Name));
        Assert.Equal(network.ParameterCount, network.Statistics[0].Offset);
    }

    [Fact]
    public void Statistics_and_scales_start_where_they_change_nothing()
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [1, 8, 8], Classes = 4 });
        double[] state = network.Initialize(new InitializationOptions(), new Numerics.Randomness.RandomStream(1));
        Assert.Equal(network.StateLength, state.Length);
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics).Where(static block => !block.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            double expected = block.Name.EndsWith(".scale", StringComparison.Ordinal) || block.Name.EndsWith(".variance", StringComparison.Ordinal) ? 1.0 : 0.0;
            Assert.All(state.Skip(block.Offset).Take(block.Length), value => Assert.Equal(expected, value));
        }
    }

    [Theory]
    [InlineData(new[] { 784 }, 10, 1, "images")]
    [InlineData(new[] { 1, 28, 28 }, 0, 1, "classes")]
    [InlineData(new[] { 1, 28, 28 }, 10, 0, "head")]
    public void Wrong_shapes_are_refused_by_name(int[] shape, int classes, int depth, string word)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = shape, Classes = classes, Head = new HeadOptions { Depth = depth } }));
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }
}
