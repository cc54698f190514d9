using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>Who makes and who reads each result, and which are constants.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, OnnxNode> _makers;
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _lastReader = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _tensors;

    public GraphIndex(IReadOnlyList<OnnxNode> nodes, OnnxGraph graph, string logits)
    {
        _makers = GraphPatterns.Makers(nodes);
        _tensors = graph.Initializers.ToDictionary(static tensor => tensor.Name, StringComparer.Ordinal);
        foreach (OnnxNode node in nodes)
        {
            foreach (string input in node.Inputs)
            {
                _readers[input] = _readers.GetValueOrDefault(input) + 1;
                _lastReader[input] = node;
            }
            if (node.Operator == "Constant" && node.Attributes.TryGetValue("value", out OnnxAttribute? value) && value.Tensor is { } tensor && node.Outputs.Count == 1)
                _tensors.TryAdd(node.Outputs[0], tensor);
        }
        // The logits have one more reader, the loss.
        _readers[logits] = _readers.GetValueOrDefault(logits) + 1;
    }

    public OnnxNode? Maker(string name, params ReadOnlySpan<string> operators) => _makers.TryGetValue(name, out OnnxNode? maker) && operators.Contains(maker.Operator) ? maker : null;

    /// <summary>What a node reads at a place; empty where it reads nothing there.</summary>
    public static string Input(OnnxNode node, int place) => place < node.Inputs.Count ? node.Inputs[place] : "";

    public int Readers(string name) => _readers.GetValueOrDefault(name);

    /// <summary>The one node that reads a result; null where there are several, or none.</summary>
    public OnnxNode? OnlyReader(string name) => Readers(name) == 1 ? _lastReader.GetValueOrDefault(name) : null;

    /// <summary>A constant, itself or passed on by another name.</summary>
    public OnnxTensor? Tensor(string name)
    {
        while (Maker(name, "Identity") is { Inputs: [var source, ..] })
            name = source;
        return _tensors.GetValueOrDefault(name);
    }

    /// <summary>Extents of a constant matrix, itself or turned by a node of its own.</summary>
    public IReadOnlyList<int>? Matrix(string name)
    {
        if (Tensor(name) is { } tensor)
            return tensor.Shape;
        OnnxNode? maker = Maker(name, "Transpose", "Identity", "Cast");
        if (maker is null || Tensor(Input(maker, 0)) is not { } source)
            return null;
        return maker.Operator == "Transpose" && source.Shape.Count == 2 ? [source.Shape[1], source.Shape[0]] : maker.Operator == "Transpose" ? null : source.Shape;
    }

    /// <summary>A constant that is one number.</summary>
    public double? Number(string name) => Tensor(name) is { Length: 1 } tensor ? tensor.ToDoubles()[0] : null;
}
