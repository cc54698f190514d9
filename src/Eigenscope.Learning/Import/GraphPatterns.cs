using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>Rewrites on the level of the graph: what the output does not need is left out, a bias that is added after a product joins it, and a layer normalisation spelled out in single operators becomes one.</summary>
internal static class GraphPatterns
{
    /// <summary>Which node makes each result.</summary>
    public static Dictionary<string, OnnxNode> Makers(IEnumerable<OnnxNode> nodes)
    {
        Dictionary<string, OnnxNode> makers = new(StringComparer.Ordinal);
        foreach (OnnxNode node in nodes)
        {
            foreach (string output in node.Outputs.Where(static output => output.Length > 0))
                makers.TryAdd(output, node);
        }
        return makers;
    }

    /// <summary>The nodes that a result depends on, in their order.</summary>
    public static OnnxNode[] NodesFor(IReadOnlyList<OnnxNode> nodes, string result)
    {
        HashSet<string> wanted = new([result], StringComparer.Ordinal);
        List<OnnxNode> needed = [];
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (!nodes[i].Outputs.Any(output => output.Length > 0 && wanted.Contains(output)))
                continue;
            needed.Add(nodes[i]);
            wanted.UnionWith(nodes[i].Inputs);
        }
        needed.Reverse();
        return [.. needed];
    }

    public static IReadOnlyList<OnnxNode> Fuse(OnnxNode[] nodes, OnnxGraph graph, string logits)
    {
        OnnxNode[] normalised = new LayerNormPattern(nodes, graph, logits).Fuse();
        return new BiasPattern(normalised, graph, logits).Fuse();
    }
}

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

    public int Readers(string name) => _readers.GetValueOrDefault(name);

    /// <summary>The one node that reads a result; null where there are several, or none.</summary>
    public OnnxNode? OnlyReader(string name) => Readers(name) == 1 ? _lastReader.GetValueOrDefault(name) : null;

    public OnnxTensor? Tensor(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>A constant that is one number.</summary>
    public double? Number(string name) => Tensor(name) is { Length: 1 } tensor ? tensor.ToDoubles()[0] : null;
}
