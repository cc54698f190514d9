using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Export;

/// <summary>Every network that can be trained, written as ONNX and imported again: the importer is held to PyTorch's numbers elsewhere, so the same logits say that what was written is the network.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private const int Samples = 5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Networks => ["relu", "tanh", "gelu", "linear", "no-biases", "ranks", "vgg11", "resnet8", "resnet20", "resnet18", "lenet5", "lenet5-color", "lenet5-ranks", "resnet8-ranks", "resnet8-head", "rfm-relu", "rfm-cosine"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Written_and_imported_again_a_network_has_the_same_logits(string name)
    {
        Network network = Create(name);
        double[] state = ExportedLogits.State(network, new RandomStream(3));
        Tensor<double> inputs = ExportedLogits.Samples(Samples, network.InputSize, new RandomStream(4));
        double[] logits = ExportedLogits.Of(network, state, inputs);
        Assert.InRange(ExportedLogits.Difference(logits, FromFile(network, state, inputs, OnnxElement.Float64)), 0.0, 1e-12);
        Assert.InRange(ExportedLogits.Difference(logits, FromFile(network, state, inputs, OnnxElement.Float32)), 0.0, 1e-6);
    }

    // (x − m) s by hand, before a network that knows of neither.
    [Theory]
    [InlineData("relu")]
    [InlineData("resnet8")]
    public void Inputs_are_scaled_in_the_graph(string name)
    {
        Network network = Create(name);
        double[] state = ExportedLogits.State(network, new RandomStream(3)), means = new double[network.InputSize], scales = new double[network.InputSize];
        new RandomStream(5).FillNormal(means, 1.0);
        new RandomStream(6).FillNormal(scales, 1.0);
        scales[2] = 0.0;
        Tensor<double> inputs = ExportedLogits.Samples(Samples, network.InputSize, new RandomStream(4));
        double[] scaled = [.. inputs.Span.ToArray().Select((x, i) => (x - means[i % means.Length]) * scales[i % means.Length])];
        OnnxModel model = OnnxExport.Export(network, state, new OnnxExportOptions { Element = OnnxElement.Float64, InputMeans = means, InputScales = scales });
        Assert.InRange(ExportedLogits.Difference(ExportedLogits.Of(network, state, new Tensor<double>(scaled, Samples, network.InputSize)), ExportedLogits.Of(model, inputs)), 0.0, 1e-12);
    }

    [Fact]
    public void A_fitted_Deep_RFM_is_written()
    {
        Tensor<double> x = ExportedLogits.Samples(40, 6, new RandomStream(1)), y = new(40, 3);
        for (int i = 0; i < 40; i++)
            y[i, i % 3] = 1.0;
        DeepRfmModel model = DeepRfm.Fit(x, y, null, new DeepRfmOptions { Layers = 2, Width = 24 }, TestCompute.Single, new RandomStream(2));
        (Network network, double[] parameters) = model.ToNetwork(1e-2, TestCompute.Single);
        Assert.InRange(ExportedLogits.Difference(ExportedLogits.Of(network, parameters, x), FromFile(network, parameters, x, OnnxElement.Float64)), 0.0, 1e-12);
        Assert.InRange(ExportedLogits.Difference(ExportedLogits.Of(network, parameters, x), FromFile(network, parameters, x, OnnxElement.Float32)), 0.0, 1e-6);
    }

    [Fact]
    public void What_cannot_be_written_is_listed()
    {
        Network features = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 4, Widths = [3, 2] });
        OnnxExportException refused = Assert.Throws<OnnxExportException>(() => OnnxExport.Export(features, new double[features.StateLength]));
        Assert.Contains("'H1' (FeatureTableLayer)", refused.Message, StringComparison.Ordinal);
        Network network = Create("relu");
        Assert.Throws<ArgumentException>(() => OnnxExport.Export(network, new double[3]));
        Assert.Throws<ArgumentException>(() => OnnxExport.Export(network, new double[network.StateLength], new OnnxExportOptions { InputMeans = [1.0] }));
    }

    private double[] FromFile(Network network, double[] state, Tensor<double> inputs, OnnxElement element)
    {
        string path = _folder[$"{element}.onnx"];
        OnnxFile.Write(path, OnnxExport.Export(network, state, new OnnxExportOptions { Element = element }));
        return ExportedLogits.Of(OnnxFile.Read(path), inputs);
    }

    private static Network Create(string name) => name switch
    {
        "vgg11" => Images(ImageModel.Vgg11, [3, 32, 32], 4),
        "resnet8" => Images(ImageModel.ResNet8, [3, 12, 10], 4),
        "resnet20" => Images(ImageModel.ResNet20, [3, 16, 16], 4),
        "resnet18" => Images(ImageModel.ResNet18, [1, 16, 16], 4),
        "lenet5" => Images(ImageModel.LeNet5, [1, 20, 18], 4),
        "lenet5-color" => Images(ImageModel.LeNet5, [3, 20, 20], 4),
        "lenet5-ranks" => Images(ImageModel.LeNet5, [3, 20, 20], 4, new() { ["conv1"] = 2, ["conv2"] = 3, ["head.1"] = 4 }),
        "resnet8-ranks" => Images(ImageModel.ResNet8, [3, 12, 12], 6, ranks: null, factorAll: true),
        "resnet8-head" => Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [3, 12, 12], Classes = 5, Channels = 4, Activation = Activation.Gelu, Head = new HeadOptions { Depth = 3, Width = 11, Activation = Activation.Tanh, Dropout = 0.2 } }),
        "rfm-relu" => Network.UnitNormChain([7, 12, 9, 3], isCosine: false),
        "rfm-cosine" => Network.UnitNormChain([7, 12, 9, 3], isCosine: true),
        "ranks" => Network.Mlp(new MlpOptions { Widths = [9, 14, 12, 4], Dropout = 0.3, Ranks = new Dictionary<string, int> { ["1"] = 3, ["3"] = 2 } }),
        "no-biases" => Network.Mlp(new MlpOptions { Widths = [9, 14, 12, 4], Biases = false }),
        _ => Network.Mlp(new MlpOptions { Widths = [9, 14, 12, 4], Activation = Enum.Parse<Activation>(name, ignoreCase: true), Dropout = 0.3 }),
    };

    private static Network Images(ImageModel model, int[] shape, int channels, Dictionary<string, int>? ranks = null, bool factorAll = false)
    {
        ImageModelOptions options = new() { Model = model, SampleShape = shape, Classes = 5, Channels = channels, Head = new HeadOptions { Width = 30 }, Ranks = ranks };
        Network whole = Network.ForImages(options);
        return factorAll ? Network.ForImages(options with { Ranks = whole.WeightLayers.ToDictionary(static layer => layer.Name, static _ => 2) }) : whole;
    }
}
