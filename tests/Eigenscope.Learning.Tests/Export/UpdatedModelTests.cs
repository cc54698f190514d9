using Eigenscope.Formats;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Python;

namespace Eigenscope.Learning.Tests.Export;

/// <summary>Factors put into the graph of a file that others wrote: the file is imported again, passed by ONNX's own checker and evaluated by PyTorch, and all three agree; nothing else in it changes.</summary>
public sealed class UpdatedModelTests : IDisposable
{
    private const double Rounding = 1e-6;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Imported =>
    [
        "mlp-relu", "mlp-tanh", "mlp-log-softmax", "conv-batchnorm-folded", "conv-batchnorm-live", "residual-folded", "residual-live", "mobile", "mobile-live", "sequence", "keras-dense", "keras-convolution", "sklearn-mlp",
        "vision-transformer", "vision-transformer-decomposed", "vision-encoder", "bert-added-mask", "bert-where",
    ];

    public static TheoryData<string> Evaluated => ["mlp-relu", "mlp-tanh", "conv-batchnorm-folded", "conv-batchnorm-live", "residual-folded", "residual-live", "mobile", "mobile-live", "sequence", "bert-added-mask"];

    public static TheoryData<string> Made => ["gemm", "gemm-turned", "gemm-scaled", "matmul", "matmul-left", "conv2", "conv1", "tokens", "shared", "old", "half", "brain"];

    [Theory]
    [MemberData(nameof(Imported))]
    public void A_cut_model_imports_again_as_the_network_of_factors(string name)
    {
        OnnxModel model = OnnxFile.Read(Path.Combine(AppContext.BaseDirectory, "Import", "Data", "Models", $"{name}.onnx"));
        Written written = Write(model);
        Assert.NotEmpty(written.Ranks);
        Assert.InRange(ExportedLogits.Difference(written.Logits, ExportedLogits.Of(written.Copy, written.Inputs)), 0.0, Rounding);
        AssertOnlyFactorsAreNew(model, written);
    }

    [PythonTorchTheory]
    [MemberData(nameof(Evaluated))]
    public void A_cut_model_passes_the_checker_and_is_evaluated_to_the_same(string name) =>
        AssertEvaluated(OnnxFile.Read(Path.Combine(AppContext.BaseDirectory, "Import", "Data", "Models", $"{name}.onnx")), Rounding);

    [Theory]
    [MemberData(nameof(Made))]
    public void Every_kind_of_weight_is_cut(string name)
    {
        OnnxModel model = Make(name);
        Written written = Write(model);
        Assert.Equal(name is "shared" ? 2 : 1, written.Ranks.Count);
        Assert.InRange(ExportedLogits.Difference(written.Logits, ExportedLogits.Of(written.Copy, written.Inputs)), 0.0, Tolerance(name));
        AssertOnlyFactorsAreNew(model, written);
    }

    [PythonTorchTheory]
    [InlineData("gemm")]
    [InlineData("gemm-turned")]
    [InlineData("gemm-scaled")]
    [InlineData("matmul")]
    [InlineData("conv2")]
    [InlineData("conv1")]
    [InlineData("tokens")]
    [InlineData("shared")]
    [InlineData("old")]
    public void Every_kind_of_weight_passes_the_checker_and_is_evaluated_to_the_same(string name) => AssertEvaluated(Make(name), Rounding);

    // What training changed goes back under its own name; what nothing changed stays the very tensor.
    [Fact]
    public void Parameters_that_changed_keep_their_names()
    {
        OnnxModel model = Make("gemm");
        ImportedModel imported = OnnxImport.Import(model);
        double[] state = [.. imported.State];
        ParameterBlock bias = imported.Network.WeightLayers[0].Bias!;
        state[bias.Offset] += 1.0;
        OnnxModel updated = imported.Updated(imported.Network, state);
        Assert.Equal(model.Graph.Initializers.Select(static tensor => tensor.Name), updated.Graph.Initializers.Select(static tensor => tensor.Name));
        Assert.Equal(state[bias.Offset], Tensor(updated, "b").ToDoubles()[0], 1e-6);
        Assert.Same(Tensor(model, "w"), Tensor(updated, "w"));
        Assert.Same(Tensor(model, "w"), Tensor(imported.Updated(imported.Network, imported.State), "w"));
    }

    // Both nodes read "w": one is trained, the other keeps the old numbers.
    [Fact]
    public void A_shared_initialiser_is_parted_where_its_readers_differ()
    {
        ImportedModel imported = OnnxImport.Import(Make("shared"));
        double[] state = [.. imported.State];
        ParameterBlock second = imported.Network.WeightLayers[1].Weight;
        Assert.Equal("w#2", second.Name);
        state[second.Offset] += 0.5;
        OnnxModel updated = imported.Updated(imported.Network, state);
        ImportedModel again = OnnxImport.Import(updated);
        Tensor<double> inputs = ExportedLogits.Samples(4, imported.Network.InputSize, new RandomStream(1));
        Assert.InRange(ExportedLogits.Difference(ExportedLogits.Of(imported.Network, state, inputs), ExportedLogits.Of(again.Network, again.State, inputs)), 0.0, Rounding);
        Assert.Equal(2, updated.Graph.Initializers.Count(static tensor => tensor.Shape.Count == 2));
    }

    [Fact]
    public void What_cannot_be_written_again_is_named_with_what_to_do()
    {
        ImportedModel imported = OnnxImport.Import(OnnxFile.Read(Path.Combine(AppContext.BaseDirectory, "Import", "Data", "Models", "sklearn-mlp-zipmap.onnx")));
        OnnxExportException refused = Assert.Throws<OnnxExportException>(() => imported.Updated(imported.Network, imported.State));
        Assert.Contains("output_probability", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'zipmap': False", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => imported.Updated(imported.Network, [1.0]));
    }

    private static double Tolerance(string name) => name switch { "half" => 5e-3, "brain" => 4e-2, _ => Rounding };

    private static OnnxTensor Tensor(OnnxModel model, string name) => model.Graph.Initializers.First(tensor => tensor.Name == name);

    private static void AssertOnlyFactorsAreNew(OnnxModel model, Written written)
    {
        OnnxGraph before = model.Graph, after = written.Copy.Graph;
        Assert.Equal(before.Outputs.Select(static output => output.Name), after.Outputs.Select(static output => output.Name));
        Assert.Equal(before.FreeInputs.Select(static input => input.Name), after.FreeInputs.Select(static input => input.Name));
        Assert.Equal(model.Opsets, written.Copy.Opsets);
        string[] kept = [.. after.Nodes.SelectMany(static node => node.Outputs)];
        Assert.All(before.Outputs, output => Assert.Contains(output.Name, kept));
        Assert.Equal(written.Ranks.Count, kept.Except(before.Nodes.SelectMany(static node => node.Outputs)).Count());
        Assert.True(after.Initializers.Sum(static tensor => (long)tensor.Length) < before.Initializers.Sum(static tensor => (long)tensor.Length) || before.Initializers.Select(static tensor => tensor.Name).Distinct().Count() < written.Ranks.Count + 1);
    }

    private void AssertEvaluated(OnnxModel model, double tolerance)
    {
        Written written = Write(model);
        NpzFile.Write(_folder["x.npz"], [new("x", NpyArray.Create(written.Inputs.Span.ToArray(), written.Inputs.Rows, written.Inputs.Columns))]);
        OnnxEvaluator.Run(_folder["small.onnx"], _folder["x.npz"], _folder["logits.npy"], isDouble: true);
        double[] evaluated = NpyFile.Read(_folder["logits.npy"]).ToDoubles();
        Assert.InRange(ExportedLogits.Difference(written.Logits, evaluated), 0.0, tolerance);
    }

    private Written Write(OnnxModel model)
    {
        ImportedModel imported = OnnxImport.Import(model);
        (Network network, double[] state, Dictionary<string, int> ranks) = ExportedLogits.Cut(imported);
        OnnxFile.Write(_folder["small.onnx"], imported.Updated(network, state));
        Tensor<double> inputs = ExportedLogits.Samples(6, network.InputSize, new RandomStream(8));
        return new Written(OnnxFile.Read(_folder["small.onnx"]), ranks, inputs, ExportedLogits.Of(network, state, inputs));
    }

    private sealed record Written(OnnxModel Copy, Dictionary<string, int> Ranks, Tensor<double> Inputs, double[] Logits);

    private static OnnxModel Make(string name) => name switch
    {
        "gemm" => Dense("Gemm", [9, 8], ["x", "w", "b"]),
        "gemm-turned" => Dense("Gemm", [8, 9], ["x", "w", "b"], ("transB", OnnxAttribute.Of(1))),
        "gemm-scaled" => Dense("Gemm", [8, 9], ["x", "w", "b"], ("transB", OnnxAttribute.Of(1)), ("alpha", OnnxAttribute.Of(0.5)), ("beta", OnnxAttribute.Of(2.0))),
        "matmul" => Dense("MatMul", [9, 8], ["x", "w"]),
        "tokens" => Model([3, 9], 24, [Node("MatMul", ["x", "w"], "h"), Node("Flatten", ["h"], "y")], [Numbers("w", [9, 8])]),
        "matmul-left" => Model([9, 2], 16, [Node("MatMul", ["w", "x"], "h"), Node("Flatten", ["h"], "y")], [Numbers("w", [8, 9])]),
        "conv2" => Model([4, 6, 5], 10 * 2, [Node("Conv", ["x", "w", "b"], "h", ("pads", OnnxAttribute.Of([1, 0, 0, 1])), ("strides", OnnxAttribute.Of([3, 2])), ("kernel_shape", OnnxAttribute.Of([3, 4]))), Node("Flatten", ["h"], "y")], [Numbers("w", [5, 4, 3, 4]), Numbers("b", [5])]),
        "conv1" => Model([4, 9], 5 * 4, [Node("Conv", ["x", "w"], "h", ("dilations", OnnxAttribute.Of([2])), ("strides", OnnxAttribute.Of([2])), ("pads", OnnxAttribute.Of([1, 1]))), Node("Flatten", ["h"], "y")], [Numbers("w", [5, 4, 3])]),
        "shared" => Model([9], 9, [Node("Gemm", ["x", "w"], "h"), Node("Tanh", ["h"], "t"), Node("Gemm", ["t", "w"], "y")], [Numbers("w", [9, 9])]),
        "old" => Old(Dense("Gemm", [9, 8], ["x", "w", "b"])),
        "half" => Dense("Gemm", [9, 8], ["x", "w", "b"], OnnxElement.Float16),
        _ => Dense("Gemm", [9, 8], ["x", "w", "b"], OnnxElement.BFloat16),
    };

    // Files of version 3 have every initialiser among their inputs.
    private static OnnxModel Old(OnnxModel model) => model with
    {
        IrVersion = 3,
        Opsets = new Dictionary<string, long> { [""] = 9 },
        Graph = model.Graph with { Inputs = [.. model.Graph.Inputs, .. model.Graph.Initializers.Select(static tensor => new OnnxValue { Name = tensor.Name, Element = tensor.Element, Shape = [.. tensor.Shape.Select(static extent => new OnnxExtent(extent, null))] })] },
    };

    private static OnnxModel Dense(string type, int[] weight, string[] inputs, params (string, OnnxAttribute)[] attributes) =>
        Model([9], 8, [Node(type, inputs, "y", attributes)], inputs.Length > 2 ? [Numbers("w", weight), Numbers("b", [8])] : [Numbers("w", weight)]);

    private static OnnxModel Dense(string type, int[] weight, string[] inputs, OnnxElement element) => Model([9], 8, [Node(type, inputs, "y")], [Numbers("w", weight, element), Numbers("b", [8], element)], element);

    private static OnnxModel Model(int[] sample, int outputs, OnnxNode[] nodes, OnnxTensor[] tensors, OnnxElement element = OnnxElement.Float32) => new()
    {
        Opsets = new Dictionary<string, long> { [""] = 13 },
        Graph = new OnnxGraph { Nodes = nodes, Initializers = tensors, Inputs = [Value("x", sample, element)], Outputs = [Value("y", [outputs], element)] },
    };

    private static OnnxNode Node(string type, string[] inputs, string output, params (string Name, OnnxAttribute Value)[] attributes) =>
        new() { Name = $"{type}-{output}", Operator = type, Inputs = inputs, Outputs = [output], Attributes = attributes.ToDictionary(static entry => entry.Name, static entry => entry.Value) };

    private static OnnxValue Value(string name, int[] shape, OnnxElement element) => new() { Name = name, Element = element, Shape = [new OnnxExtent(null, "N"), .. shape.Select(static extent => new OnnxExtent(extent, null))] };

    private static OnnxTensor Numbers(string name, int[] shape, OnnxElement element = OnnxElement.Float32)
    {
        double[] values = new double[shape.Aggregate(1, static (product, extent) => product * extent)];
        new RandomStream(2).Split(name).FillNormal(values, 0.4);
        return OnnxTensor.FromDoubles(name, shape, values, element);
    }
}
