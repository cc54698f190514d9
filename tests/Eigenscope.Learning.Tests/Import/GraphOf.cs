using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>Small ONNX models, written node by node.</summary>
internal sealed class GraphOf(params long[] sample)
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _tensors = [];
    private readonly List<OnnxValue> _inputs = [Value("x", OnnxElement.Float32, [null, .. sample.Select(static extent => (long?)extent)])];

    public static OnnxValue Value(string name, OnnxElement element, params long?[] shape) => new() { Name = name, Element = element, Shape = [.. shape.Select(static extent => new OnnxExtent(extent, extent is null ? "N" : null))] };

    public GraphOf Node(string type, string[] inputs, string[] outputs, params (string Name, OnnxAttribute Value)[] attributes)
    {
        _nodes.Add(new OnnxNode { Name = $"{type}{_nodes.Count}", Operator = type, Inputs = inputs, Outputs = outputs, Attributes = attributes.ToDictionary(static entry => entry.Name, static entry => entry.Value, StringComparer.Ordinal) });
        return this;
    }

    public GraphOf Tensor(string name, params int[] shape)
    {
        int length = shape.Aggregate(1, static (product, extent) => product * extent);
        _tensors.Add(OnnxTensor.FromDoubles(name, shape, [.. Enumerable.Range(1, length).Select(static i => Math.Sin(i))]));
        return this;
    }

    public GraphOf Integers(string name, params long[] values)
    {
        _tensors.Add(OnnxTensor.FromIntegers(name, [values.Length], values));
        return this;
    }

    public GraphOf Input(OnnxValue input)
    {
        _inputs.Add(input);
        return this;
    }

    public OnnxModel Model(string output = "y", long opset = 17, long? batch = null) => new()
    {
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = opset },
        Graph = new OnnxGraph
        {
            Nodes = _nodes,
            Initializers = _tensors,
            Inputs = [batch is null ? _inputs[0] : _inputs[0] with { Shape = [new OnnxExtent(batch, null), .. _inputs[0].Shape!.Skip(1)] }, .. _inputs.Skip(1)],
            Outputs = [Value(output, OnnxElement.Float32, null, null)],
        },
    };
}
