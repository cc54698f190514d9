using Eigenscope.Formats.Onnx;

namespace Eigenscope.Formats.Tests.Onnx;

/// <summary>Files written by the format's own Python package: what they hold is in <c>Data/make-onnx.py</c>.</summary>
public sealed class OnnxFileTests
{
    private static readonly double[] Floats = [0, 1.5, -2, 65504];
    private static readonly long[] Signed = [0, 1, -2, 127];
    private static readonly long[] Unsigned = [0, 1, 2, 200];

    public static TheoryData<string> Spellings => ["elements-raw.onnx", "elements-typed.onnx"];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_type_of_entry_is_read_from_raw_bytes_and_from_typed_fields(string file)
    {
        OnnxModel model = OnnxFile.Read(TestData.Path(file));
        Assert.Equal(13, model.Graph.Initializers.Count);
        foreach (OnnxTensor tensor in model.Graph.Initializers)
        {
            Assert.Equal([2, 2], tensor.Shape);
            Assert.Equal(4, tensor.Length);
            Assert.Equal(tensor.Name, tensor.Element.ToString().ToLowerInvariant());
            Assert.Equal(Expected(tensor.Element), tensor.ToDoubles());
            if (tensor.IsInteger)
                Assert.Equal(Expected(tensor.Element), tensor.ToIntegers().Select(static value => (double)value));
            else
                Assert.Throws<InvalidOperationException>(() => tensor.ToIntegers());
        }
    }

    [Fact]
    public void The_model_the_graph_and_its_nodes_are_read()
    {
        OnnxModel model = OnnxFile.Read(TestData.Path("perceptron.onnx"));
        Assert.Equal((7, 9, "make-onnx.py"), (model.IrVersion, model.Opset, model.Producer));
        Assert.Equal(2, model.Opsets["ai.onnx.ml"]);
        Assert.Equal("perceptron", model.Graph.Name);
        Assert.Equal(["Gemm", "Relu", "MatMul"], model.Graph.Nodes.Select(static node => node.Operator));
        OnnxNode first = model.Graph.Nodes[0];
        Assert.Equal(("first", ""), (first.Name, first.Domain));
        Assert.Equal(["x", "W", "b"], first.Inputs);
        Assert.Equal(["h"], first.Outputs);
        Assert.Equal(1, first.Attributes["transB"].Integer);
        OnnxValue input = Assert.Single(model.Graph.Inputs);
        Assert.Equal(("x", OnnxElement.Float32), (input.Name, input.Element));
        Assert.Equal([new OnnxExtent(null, "N"), new OnnxExtent(3, null)], input.Shape!);
        Assert.Equal("y", Assert.Single(model.Graph.Outputs).Name);
        Assert.Equal([1.0, -1, 2, -2], model.Graph.Initializers[1].ToDoubles());
    }

    [Fact]
    public void Attributes_of_every_kind_are_read()
    {
        OnnxModel model = OnnxFile.Read(TestData.Path("attributes.onnx"));
        OnnxNode node = Assert.Single(model.Graph.Nodes);
        Assert.Equal(["x", "", "w"], node.Inputs);
        Assert.Equal("ai.onnx.ml", node.Domain);
        IReadOnlyDictionary<string, OnnxAttribute> attributes = node.Attributes;
        Assert.Equal((OnnxAttributeKind.Number, 0.5), (attributes["number"].Kind, attributes["number"].Number));
        Assert.Equal((OnnxAttributeKind.Integer, -3), (attributes["integer"].Kind, attributes["integer"].Integer));
        Assert.Equal((OnnxAttributeKind.Text, "SAME_UPPER"), (attributes["text"].Kind, attributes["text"].Text));
        Assert.Equal([1.5, 2.0], attributes["numbers"].Numbers);
        Assert.Equal([1L, -2, 3], attributes["integers"].Integers);
        Assert.Equal(["a", "b"], attributes["texts"].Texts);
        Assert.Equal([3L, 4], attributes["tensor"].Tensor!.ToIntegers());
        Assert.Equal(OnnxAttributeKind.Graph, attributes["body"].Kind);
        Assert.Equal([new OnnxExtent(null, "batch"), new OnnxExtent(3, null), new OnnxExtent(null, null)], model.Graph.Inputs[0].Shape!);
        Assert.Null(model.Graph.Outputs[0].Shape);
    }

    [Fact]
    public void Inputs_of_old_files_that_are_weights_are_not_free()
    {
        OnnxGraph graph = OnnxFile.Read(TestData.Path("perceptron-old.onnx")).Graph;
        Assert.Equal(["x", "W", "b", "V"], graph.Inputs.Select(static input => input.Name));
        Assert.Equal(["x"], graph.FreeInputs.Select(static input => input.Name));
    }

    [Fact]
    public void External_data_are_those_of_the_same_model_with_its_weights_inside()
    {
        OnnxModel inside = OnnxFile.Read(TestData.Path("perceptron.onnx"));
        OnnxModel outside = OnnxFile.Read(TestData.Path("perceptron-external.onnx"));
        Assert.Equal(inside.Graph.Initializers.Select(static tensor => tensor.Name), outside.Graph.Initializers.Select(static tensor => tensor.Name));
        foreach ((OnnxTensor left, OnnxTensor right) in inside.Graph.Initializers.Zip(outside.Graph.Initializers))
        {
            Assert.Equal(left.Shape, right.Shape);
            Assert.Equal(left.ToDoubles(), right.ToDoubles());
        }
    }

    private static IEnumerable<double> Expected(OnnxElement element) => element switch
    {
        OnnxElement.BFloat16 => [0, 1.5, -2, 65280],
        OnnxElement.Boolean => [0, 1, 1, 0],
        OnnxElement.UInt8 or OnnxElement.UInt16 or OnnxElement.UInt32 or OnnxElement.UInt64 => Unsigned.Select(static value => (double)value),
        OnnxElement.Float32 or OnnxElement.Float64 or OnnxElement.Float16 => Floats,
        _ => Signed.Select(static value => (double)value),
    };
}
