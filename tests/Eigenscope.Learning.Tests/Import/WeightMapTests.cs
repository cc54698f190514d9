using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>Weights as PyTorch names and lays them out, in networks of ours: the logits are those of a forward pass in PyTorch's layout, written here in loops.</summary>
public sealed class WeightMapTests
{
    private const int Height = 20;
    private const int Width = 24;
    private static readonly Network LeNet = Network.ForImages(new ImageModelOptions { Model = ImageModel.LeNet5, SampleShape = [3, Height, Width], Classes = 4, Channels = 2, Head = new HeadOptions { Width = 3 } });

    [Fact]
    public void Convolutions_and_what_follows_a_flattened_image_are_put_in_our_order()
    {
        WeightArray[] arrays = [Draw("conv1.weight", 2, 3, 5, 5), Draw("conv1.bias", 2), Draw("conv2.weight", 5, 2, 5, 5), Draw("conv2.bias", 5), Draw("head.1.weight", 3, 30), Draw("head.1.bias", 3), Draw("head.2.weight", 4, 3), Draw("head.2.bias", 4)];
        double[] state = WeightMap.Identity.Apply(LeNet, arrays, "file");
        Tensor<double> images = new(Draw("x", 2, 3, Height, Width).Values, 2, 3, Height, Width);
        Tensor<double> logits = Objective.Create(LeNet, images, [0, 1], new CrossEntropy(), TestCompute.Several, new ObjectiveOptions()).Logits(state);
        for (int i = 0; i < 2; i++)
        {
            double[] expected = Forward(arrays, images.Row(i).ToArray());
            for (int k = 0; k < 4; k++)
                Assert.Equal(expected[k], logits[i, k], 1e-11);
        }
    }

    [Fact]
    public void A_map_names_layers_or_arrays_and_leaves_out()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 3, 2] });
        WeightArray[] arrays = [Draw("fc1.weight", 3, 2), Draw("fc1.bias", 3), Draw("out.w", 2, 3), Draw("2.bias", 2), Draw("aux.weight", 9, 9)];
        WeightMap map = new(new Dictionary<string, string?> { ["fc1"] = "1", ["out.w"] = "2.weight", ["aux.weight"] = null });
        Assert.Equal([.. arrays[0].Values, .. arrays[1].Values, .. arrays[2].Values, .. arrays[3].Values], map.Apply(network, arrays, "file"));
    }

    [Fact]
    public void A_batch_normalisation_keeps_its_four_arrays_and_loses_its_counter()
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [1, 8, 8], Classes = 2, Channels = 2 });
        List<WeightArray> arrays = [];
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
            arrays.Add(Draw(PyTorch(block.Name), block.Shape is [var rows, var height, var width, var channels] ? [rows, channels, height, width] : [.. block.Shape]));
        string norm = network.Statistics[0].Name[..network.Statistics[0].Name.LastIndexOf('.')];
        arrays.Add(Draw($"{norm}.num_batches_tracked"));
        double[] state = WeightMap.Identity.Apply(network, arrays, "file");
        foreach ((string role, string theirs) in new[] { ("scale", "weight"), ("shift", "bias"), ("mean", "running_mean"), ("variance", "running_var") })
        {
            ParameterBlock block = network.Blocks.Concat(network.Statistics).Single(candidate => candidate.Name == $"{norm}.{role}");
            Assert.Equal(arrays.Single(array => array.Name == $"{norm}.{theirs}").Values, state[block.Offset..(block.Offset + block.Length)]);
        }
    }

    [Fact]
    public void Everything_that_does_not_fit_is_told_at_once_with_the_map_that_would()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 3, 2] });
        string message = Refused(network, Draw("0.weight", 3, 2), Draw("0.bias", 3), Draw("2.weight", 2, 3), Draw("2.bias", 2));
        Assert.StartsWith("file: 2 parameters of the network are not in it: 1.weight [3, 2], 1.bias [3]; 2 arrays of the file are not the network's: 0.weight [3, 2], 0.bias [3]; ", message, StringComparison.Ordinal);
        Assert.EndsWith("""in their order they would fit: {"0":"1","2":"2"}""", message, StringComparison.Ordinal);
        Assert.Contains("1.bias has shape [4], and 1.bias takes [3]; 2.bias has numbers that are not finite", Refused(network, Draw("1.weight", 3, 2), Draw("1.bias", 4), Draw("2.weight", 2, 3), new WeightArray("2.bias", [2], [0.0, double.NaN])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_is_read_from_a_file()
    {
        using Eigenscope.Testing.Files.TemporaryFolder folder = new();
        WeightMap map = WeightMap.Read(folder.Write("map.json", """{ "a": "1", "b.weight": "2.weight" }"""));
        Assert.Equal(4, map.Apply(Network.Mlp(new MlpOptions { Widths = [2, 1, 2], Biases = false }), [Draw("a.weight", 1, 2), Draw("b.weight", 2, 1)], "file").Length);
        Assert.Contains("expected a JSON object", Assert.Throws<DataException>(() => WeightMap.Read(folder.Write("list.json", "[1]"))).Message, StringComparison.Ordinal);
        Assert.Contains("missing.json", Assert.Throws<DataException>(() => WeightMap.Read(folder["missing.json"])).Message, StringComparison.Ordinal);
    }

    private static string Refused(Network network, params WeightArray[] arrays) => Assert.Throws<DataException>(() => WeightMap.Identity.Apply(network, arrays, "file")).Message;

    private static string PyTorch(string name) => name.Replace(".scale", ".weight", StringComparison.Ordinal).Replace(".shift", ".bias", StringComparison.Ordinal).Replace(".mean", ".running_mean", StringComparison.Ordinal).Replace(".variance", ".running_var", StringComparison.Ordinal);

    private static WeightArray Draw(string name, params int[] shape)
    {
        Random random = new(name.Length + (31 * shape.Sum()));
        return new WeightArray(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, static (product, extent) => product * extent)).Select(_ => (2.0 * random.NextDouble()) - 1.0)]);
    }

    // Images and weights with channels first, as PyTorch has them.
    private static double[] Forward(WeightArray[] arrays, double[] image)
    {
        (double[] first, int h1, int w1) = Stage(image, 3, Height, Width, arrays[0], arrays[1]);
        (double[] second, _, _) = Stage(first, 2, h1, w1, arrays[2], arrays[3]);
        return Dense([.. Dense(second, arrays[4], arrays[5]).Select(static value => Math.Max(0.0, value))], arrays[6], arrays[7]);
    }

    private static (double[] Image, int Height, int Width) Stage(double[] image, int channels, int height, int width, WeightArray weight, WeightArray bias)
    {
        int outputs = weight.Shape[0], h = (height - 4) / 2, w = (width - 4) / 2;
        double[] pooled = new double[outputs * h * w];
        for (int o = 0; o < outputs; o++)
        {
            for (int y = 0; y < h; y++)
            {
                for (int x = 0; x < w; x++)
                    pooled[(((o * h) + y) * w) + x] = new[] { (0, 0), (0, 1), (1, 0), (1, 1) }.Max(at => Math.Max(0.0, At(o, (2 * y) + at.Item1, (2 * x) + at.Item2)));
            }
        }
        return (pooled, h, w);

        double At(int o, int y, int x)
        {
            double sum = bias.Values[o];
            for (int c = 0; c < channels; c++)
            {
                for (int i = 0; i < 5; i++)
                {
                    for (int j = 0; j < 5; j++)
                        sum += weight.Values[(((((o * channels) + c) * 5) + i) * 5) + j] * image[(((c * height) + y + i) * width) + x + j];
                }
            }
            return sum;
        }
    }

    private static double[] Dense(double[] x, WeightArray weight, WeightArray bias) =>
        [.. Enumerable.Range(0, bias.Values.Length).Select(o => bias.Values[o] + x.Select((value, i) => weight.Values[(o * x.Length) + i] * value).Sum())];
}
