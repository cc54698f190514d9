using System.Globalization;
using Eigenscope.Formats.Onnx;
using Eigenscope.Testing.Python;

namespace Eigenscope.Formats.Tests.Onnx;

/// <summary>What is written is read back the same, and by the format's own Python package too.</summary>
public sealed class OnnxWriterTests : IDisposable
{
    private const string CheckAndPrint = """
        import sys, onnx
        from onnx import numpy_helper, helper
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            print(tensor.name, tensor.data_type, list(values.shape), [float(value) for value in values.ravel()])
        for node in model.graph.node:
            for attribute in node.attribute:
                value = helper.get_attribute_value(attribute)
                print(node.op_type, attribute.name, numpy_helper.to_array(value).tolist() if attribute.name == 'value' else value)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Files => ["elements-raw.onnx", "elements-typed.onnx", "perceptron.onnx", "perceptron-old.onnx", "perceptron-external.onnx"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_model_is_read_back_as_it_was_written(string file)
    {
        OnnxModel model = OnnxFile.Read(TestData.Path(file));
        OnnxFile.Write(_folder["copy.onnx"], model);
        OnnxModel copy = OnnxFile.Read(_folder["copy.onnx"]);
        Assert.Equal((model.IrVersion, model.Producer, model.Graph.Name), (copy.IrVersion, copy.Producer, copy.Graph.Name));
        Assert.Equal(model.Opsets, copy.Opsets);
        AssertSame(model.Graph.Inputs, copy.Graph.Inputs);
        AssertSame(model.Graph.Outputs, copy.Graph.Outputs);
        foreach ((OnnxTensor left, OnnxTensor right) in model.Graph.Initializers.Zip(copy.Graph.Initializers, static (left, right) => (left, right)))
        {
            Assert.Equal((left.Name, left.Element), (right.Name, right.Element));
            Assert.Equal(left.Shape, right.Shape);
            Assert.Equal(left.ToDoubles(), right.ToDoubles());
        }
        foreach ((OnnxNode left, OnnxNode right) in model.Graph.Nodes.Zip(copy.Graph.Nodes))
        {
            Assert.Equal((left.Name, left.Operator, left.Domain), (right.Name, right.Operator, right.Domain));
            Assert.Equal(left.Inputs, right.Inputs);
            Assert.Equal(left.Outputs, right.Outputs);
            Assert.Equal(left.Attributes.Keys, right.Attributes.Keys);
        }
    }

    [Fact]
    public void Equal_models_give_equal_bytes()
    {
        OnnxFile.Write(_folder["first.onnx"], Classifier());
        OnnxFile.Write(_folder["second.onnx"], Classifier());
        Assert.Equal(File.ReadAllBytes(_folder["first.onnx"]), File.ReadAllBytes(_folder["second.onnx"]));
    }

    [Fact]
    public void Attributes_of_every_kind_are_read_back()
    {
        OnnxFile.Write(_folder["kinds.onnx"], Classifier());
        OnnxNode[] nodes = [.. OnnxFile.Read(_folder["kinds.onnx"]).Graph.Nodes];
        Assert.Equal([3L, 3], nodes[0].Attributes["kernel_shape"].Integers);
        Assert.Equal("SAME_UPPER", nodes[0].Attributes["auto_pad"].Text);
        Assert.Equal([1L, -1], nodes[1].Attributes["value"].Tensor!.ToIntegers());
        Assert.Equal(0.25, nodes[3].Attributes["alpha"].Number);
        Assert.Equal(1, nodes[3].Attributes["transB"].Integer);
        Assert.Equal([0.5, 1.5], nodes[4].Attributes["value_floats"].Numbers);
        Assert.Equal(["a", "b"], nodes[5].Attributes["value_strings"].Texts);
    }

    [Fact]
    public void What_was_not_kept_cannot_be_written()
    {
        OnnxModel model = OnnxFile.Read(TestData.Path("attributes.onnx"));
        ArgumentException error = Assert.Throws<ArgumentException>(() => OnnxFile.Write(_folder["body.onnx"], model));
        Assert.Contains("got Graph in 'body' of node 'all kinds' (Anything)", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Tensors_refuse_shapes_that_do_not_hold_their_entries()
    {
        Assert.Throws<ArgumentException>(() => OnnxTensor.FromDoubles("w", [2, 3], [1, 2]));
        Assert.Throws<ArgumentException>(() => OnnxTensor.FromIntegers("w", [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxTensor.FromIntegers("w", [-1, 0], []));
        Assert.Throws<ArgumentException>(() => OnnxTensor.FromDoubles("w", [1], [1], OnnxElement.Int8));
        Assert.Equal([double.PositiveInfinity, 0.1f], OnnxTensor.FromDoubles("w", [2], [1e300, 0.1]).ToDoubles());
    }

    [PythonOnnxFact]
    public void Its_own_package_finds_the_entries_of_every_type()
    {
        OnnxFile.Write(_folder["elements.onnx"], OnnxFile.Read(TestData.Path("elements-typed.onnx")));
        string[] lines = Printed("elements.onnx");
        Assert.Equal("float32 1 [2, 2] [0.0, 1.5, -2.0, 65504.0]", lines[0]);
        Assert.Equal("float64 11 [2, 2] [0.0, 1.5, -2.0, 65504.0]", lines[1]);
        Assert.Equal("float16 10 [2, 2] [0.0, 1.5, -2.0, 65504.0]", lines[2]);
        Assert.Equal("bfloat16 16 [2, 2] [0.0, 1.5, -2.0, 65280.0]", lines[3]);
        Assert.Equal(["int8 3", "int16 5", "int32 6", "int64 7"], lines[4..8].Select(static line => Head(line, " [2, 2] [0.0, 1.0, -2.0, 127.0]")));
        Assert.Equal(["uint8 2", "uint16 4", "uint32 12", "uint64 13"], lines[8..12].Select(static line => Head(line, " [2, 2] [0.0, 1.0, 2.0, 200.0]")));
        Assert.Equal("boolean 9 [2, 2] [0.0, 1.0, 1.0, 0.0]", lines[12]);
    }

    [PythonOnnxFact]
    public void Its_own_checker_passes_a_model_made_here()
    {
        OnnxFile.Write(_folder["classifier.onnx"], Classifier());
        string[] lines = Printed("classifier.onnx");
        Assert.StartsWith("kernel 1 [1, 1, 3, 3] [0.0, 1.0, 2.0,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("weight 1 [2, 4] [0.0, 0.5, 1.0,", lines[1], StringComparison.Ordinal);
        string[] attributes =
        [
            "Conv auto_pad b'SAME_UPPER'", "Conv kernel_shape [3, 3]", "Constant value [1, -1]", "Gemm alpha 0.25", "Gemm transB 1",
            "Constant value_floats [0.5, 1.5]", "Constant value_strings [b'a', b'b']",
        ];
        Assert.Equal(attributes, lines[2..]);
    }

    private static string Head(string line, string tail) => line.EndsWith(tail, StringComparison.Ordinal) ? line[..^tail.Length] : line;

    private static void AssertSame(IReadOnlyList<OnnxValue> left, IReadOnlyList<OnnxValue> right)
    {
        Assert.Equal(left.Select(static value => (value.Name, value.Element)), right.Select(static value => (value.Name, value.Element)));
        Assert.Equal(left.Select(static value => value.Shape), right.Select(static value => value.Shape));
    }

    private static OnnxModel Classifier() => new()
    {
        Producer = "a test",
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17 },
        Graph = new OnnxGraph
        {
            Nodes =
            [
                Node("Conv", ["x", "kernel"], "c", ("kernel_shape", OnnxAttribute.Of((IReadOnlyList<long>)[3, 3])), ("auto_pad", OnnxAttribute.Of("SAME_UPPER"))),
                Node("Constant", [], "flat", ("value", OnnxAttribute.Of(OnnxTensor.FromIntegers("", [2], [1, -1])))),
                Node("Reshape", ["c", "flat"], "f"),
                Node("Gemm", ["f", "weight"], "y", ("alpha", OnnxAttribute.Of(0.25)), ("transB", OnnxAttribute.Of(1))),
                Node("Constant", [], "floats", ("value_floats", OnnxAttribute.Of((IReadOnlyList<double>)[0.5, 1.5]))),
                Node("Constant", [], "texts", ("value_strings", OnnxAttribute.Of(["a", "b"]))),
            ],
            Initializers =
            [
                OnnxTensor.FromDoubles("kernel", [1, 1, 3, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8]),
                OnnxTensor.FromDoubles("weight", [2, 4], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]),
            ],
            Inputs = [new OnnxValue { Name = "x", Element = OnnxElement.Float32, Shape = [new(1, null), new(1, null), new(2, null), new(2, null)] }],
            Outputs = [new OnnxValue { Name = "y", Element = OnnxElement.Float32, Shape = [new(null, "N"), new(2, null)] }],
        },
    };

    private static OnnxNode Node(string name, string[] inputs, string output, params (string Name, OnnxAttribute Value)[] attributes) => new()
    {
        Name = name.ToLower(CultureInfo.InvariantCulture),
        Operator = name,
        Inputs = inputs,
        Outputs = [output],
        Attributes = attributes.ToDictionary(static entry => entry.Name, static entry => entry.Value, StringComparer.Ordinal),
    };

    private string[] Printed(string file) => PythonScript.Run(CheckAndPrint, _folder[file]).TrimEnd().Split('\n');
}
