using Eigenscope.Formats.Onnx;
using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf;

namespace Eigenscope.Formats.Tests.Onnx;

/// <summary>Files that are wrong, by mischief or mishap, each with its one line.</summary>
public sealed class HostileOnnxTests : IDisposable
{
    private const long Huge = 1L << 31;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Tensors => new()
    {
        { "negative", "[initializer 'w']: expected extents of at least 0, got -2" },
        { "long", "[initializer 'w']: expected extents of at most 2147483647, got 2147483648" },
        { "overflow", "[initializer 'w']: expected at most 2147483591 entries, got shape [2147483647, 2147483647, 2147483647]" },
        { "raw", "[initializer 'w']: expected 24 bytes for shape [2, 3] of Float32, got 20" },
        { "typed", "[initializer 'w']: expected 6 entries as its shape says, got 5" },
        { "range", "[initializer 'w']: expected entries that fit Int8, got others" },
        { "axes", "[initializer 'w']: expected at most 32 axes, got 33" },
        { "segment", "[initializer 'w']: expected a whole tensor, got a segment of one" },
        { "nothing", "[initializer 'w']: expected 6 entries as its shape says, got 0" },
    };

    [Theory]
    [MemberData(nameof(Tensors))]
    public void Tensors_that_do_not_fit_their_shape_are_refused(string defect, string message) =>
        Refused(Model(graph => graph.Initializer[0] = Tensor(defect)), message);

    [Fact]
    public void Values_that_two_make_or_nobody_makes_are_refused()
    {
        Refused(Model(static graph => graph.Initializer.Add(graph.Initializer[0])), "expected initializers with distinct names, got two named 'w'");
        Refused(Model(static graph => graph.Input.Add(graph.Input[0])), "expected inputs with distinct names, got two named 'x'");
        Refused(Model(static graph => graph.Output.Add(graph.Output[0])), "expected outputs with distinct names, got two named 'y'");
        Refused(Model(static graph => graph.Node[0].Output[0] = "w"), "[node 'mul' (MatMul)]: expected values with one maker each, got 'w', which something else makes too");
        Refused(Model(static graph => graph.Node[0].Input[1] = "v"), "[node 'mul' (MatMul)]: expected values that an input, an initializer or a node makes, got 'v', which nothing makes");
        Refused(Model(static graph => graph.Output[0].Name = "z"), "[outputs]: expected values that an input, an initializer or a node makes, got 'z', which nothing makes");
    }

    [Fact]
    public void What_a_graph_must_have_it_must_have()
    {
        Refused(Model(static graph => graph.Node.Clear()), "expected a graph with nodes and outputs, got 0 nodes and 1 outputs");
        Refused(Model(static graph => graph.Output.Clear()), "expected a graph with nodes and outputs, got 1 nodes and 0 outputs");
        Refused(Model(static graph => graph.Node[0].OpType = ""), "[node 'mul' ()]: expected an operator, got a node without one");
        Refused(new ModelProto { IrVersion = 8 }, "expected an ONNX model (a version and a graph), got a file without them");
        Refused(new ModelProto(), "expected an ONNX model (a version and a graph), got a file without them");
        Refused(Model(static graph => graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = -1), "[value 'x']: expected extents of at least 0, got -1");
        Refused(Model(static graph => graph.Initializer[0].Name = ""), "expected initializers with distinct names, got one without a name");
    }

    [Fact]
    public void Nodes_out_of_order_are_sorted_and_cycles_named()
    {
        NodeProto Node(string name, params string[] inputs) => new() { Name = name, OpType = "Add", Input = { inputs }, Output = { name + ".out" } };
        ModelProto sortable = Model(graph => graph.Node.Add([Node("c", "b.out", "a.out"), Node("b", "a.out", "x"), Node("a", "x", "x")]));
        Assert.Equal(["mul", "a", "b", "c"], OnnxFile.Read(Write(sortable)).Graph.Nodes.Select(static node => node.Name));

        Refused(
            Model(graph => graph.Node.Add([Node("after", "c.out"), Node("a", "x", "c.out"), Node("b", "a.out"), Node("c", "x", "b.out")])),
            "expected a graph without cycles, got nodes that depend on themselves: 'c', 'a', 'b', 'c'");
        Refused(Model(graph => graph.Node.Add(Node("self", "self.out"))), "expected a graph without cycles, got nodes that depend on themselves: 'self', 'self'");
    }

    [Fact]
    public void What_is_not_read_is_refused_where_it_is_used_only()
    {
        SparseTensorProto sparse = new() { Values = new SparseValues { Name = "s" } };
        Assert.Single(OnnxFile.Read(Write(Model(graph => graph.SparseInitializer.Add(sparse)))).Graph.Nodes);
        Refused(
            Model(graph =>
            {
                graph.SparseInitializer.Add(sparse);
                graph.Node[0].Input[1] = "s";
            }),
            "[node 'mul' (MatMul)]: expected dense weights, got 's', a sparse initializer");

        ModelProto caller = Model(static graph => graph.Node[0].Domain = "own");
        caller.Functions.Add(new FunctionProto { Name = "Other", Domain = "own" });
        Assert.Single(OnnxFile.Read(Write(caller)).Graph.Nodes);
        caller.Functions.Add(new FunctionProto { Name = "MatMul", Domain = "own" });
        Refused(caller, "[node 'mul' (MatMul)]: expected operators, got a call of the model's own function 'MatMul'; export the model with functions inlined");

        OnnxTensor text = OnnxFile.Read(Write(Model(static graph => graph.Initializer.Add(new TensorProto { Name = "names", DataType = 8, Dims = { 3 } })))).Graph.Initializers[1];
        Assert.Equal((OnnxElement.Text, 3), (text.Element, text.Length));
        Assert.Contains("expected numbers in tensor 'names', got Text", Assert.Throws<InvalidOperationException>(text.ToDoubles).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_and_attributes_given_twice_are_refused()
    {
        ModelProto versions = Model(static _ => { });
        versions.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 12 });
        Refused(versions, "expected one version for each domain of operators, got two for 'ai.onnx'");
        Refused(
            Model(static graph => graph.Node[0].Attribute.Add([new AttributeProto { Name = "k" }, new AttributeProto { Name = "k" }])),
            "[node 'mul' (MatMul)]: expected distinct attributes, got two named 'k'");
    }

    [Fact]
    public void Names_cannot_break_the_line_or_flood_it()
    {
        string path = Write(Model(static graph => graph.Node[0].Input[1] = "a\nb" + new string('c', 1 << 20)));
        string message = Assert.Throws<DataFormatException>(() => OnnxFile.Read(path)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains($"'a\ufffdb{new string('c', 77)}…'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_formats_empty_files_and_missing_ones_are_one_line()
    {
        Assert.Contains("no such file", Error(_folder["none.onnx"]), StringComparison.Ordinal);
        Assert.Contains("got a folder", Error(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("expected an ONNX model (a version and a graph), got a file without them", Error(_folder.Write("empty.onnx", [])), StringComparison.Ordinal);
        Assert.Contains("expected an ONNX model, got truncated or damaged data at byte", Error(_folder.Write("text.onnx", "{ \"a\": 1 }\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_the_file_does_not_hold_cost_no_memory()
    {
        // Field 7 (the graph), 2 GB long; and in a graph that is whole, field 5 (a tensor), field 9 (raw data), 1 GB long.
        byte[] graph = [0x08, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x07, 1];
        byte[] tensor = [0x08, 8, 0x3a, 10, 0x2a, 8, 0x4a, 0x80, 0x80, 0x80, 0x80, 0x04, 1, 1];
        foreach (byte[] bytes in new[] { graph, tensor })
        {
            string path = _folder.Write("huge.onnx", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("truncated or damaged", Error(path), StringComparison.Ordinal);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        }
    }

    [Fact]
    public void More_parts_than_any_model_has_are_refused_before_they_are_made()
    {
        GraphProto graph = new();
        for (int i = 0; i < 1 << 20; i++)
            graph.Node.Add(new NodeProto());
        string path = Write(new ModelProto { IrVersion = 8, Graph = graph });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("expected an ONNX model of at most 1048576 parts", Error(path), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_limit_on_bytes_is_kept()
    {
        string path = Write(Model(static _ => { }));
        long length = new FileInfo(path).Length;
        Assert.Single(OnnxFile.Read(path, new OnnxReadOptions { MaximumBytes = length }).Graph.Nodes);
        string message = Assert.Throws<DataFormatException>(() => OnnxFile.Read(path, new OnnxReadOptions { MaximumBytes = length - 1 })).Message;
        Assert.Contains($"expected an ONNX model of at most {length - 1} bytes, without external data, got {length}", message, StringComparison.Ordinal);
    }

    private static ModelProto Model(Action<GraphProto> change)
    {
        GraphProto graph = new()
        {
            Node = { new NodeProto { Name = "mul", OpType = "MatMul", Input = { "x", "w" }, Output = { "y" } } },
            Initializer = { Tensor("") },
            Input = { Value("x", 2) },
            Output = { Value("y", 3) },
        };
        change(graph);
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
    }

    private static ValueInfoProto Value(string name, long extent)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = 1, Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = extent } } } };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static TensorProto Tensor(string defect) => defect switch
    {
        "negative" => new TensorProto { Name = "w", DataType = 1, Dims = { -2, -3 }, RawData = ByteString.CopyFrom(new byte[24]) },
        "long" => new TensorProto { Name = "w", DataType = 1, Dims = { Huge } },
        "overflow" => new TensorProto { Name = "w", DataType = 1, Dims = { int.MaxValue, int.MaxValue, int.MaxValue } },
        "raw" => new TensorProto { Name = "w", DataType = 1, Dims = { 2, 3 }, RawData = ByteString.CopyFrom(new byte[20]) },
        "typed" => new TensorProto { Name = "w", DataType = 1, Dims = { 2, 3 }, FloatData = { 1, 2, 3, 4, 5 } },
        "range" => new TensorProto { Name = "w", DataType = 3, Dims = { 2 }, Int32Data = { 1, 128 } },
        "axes" => new TensorProto { Name = "w", DataType = 1, Dims = { Enumerable.Repeat(1L, 33) }, FloatData = { 1 } },
        "segment" => new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, FloatData = { 1 }, Segment = new TensorProto.Types.Segment { End = 1 } },
        "nothing" => new TensorProto { Name = "w", DataType = 1, Dims = { 2, 3 } },
        _ => new TensorProto { Name = "w", DataType = 1, Dims = { 2, 3 }, RawData = ByteString.CopyFrom(new byte[24]) },
    };

    private static string Error(string path) => Assert.Throws<DataFormatException>(() => OnnxFile.Read(path)).Message;

    private string Write(ModelProto model) => _folder.Write("model.onnx", model.ToByteArray());

    private void Refused(ModelProto model, string message)
    {
        string path = Write(model);
        string separator = message[0] == '[' ? "" : ": ";
        Assert.Equal($"{path}{separator}{message}", Error(path));
    }
}
