using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>Rewrites on the level of the graph: what the output does not need is left out, a bias that is added after a product joins it, and a layer normalisation spelled out in single operators becomes one. What read the constants of such nodes is remembered.</summary>
internal static class GraphPatterns
{
    /// <summary>What a node is known by: its first result.</summary>
    public static string Key(OnnxNode node) => node.Outputs.FirstOrDefault(static output => output.Length > 0) ?? "";

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

    public static IReadOnlyList<OnnxNode> Fuse(OnnxNode[] nodes, OnnxGraph graph, string logits, Dictionary<(string Node, int Input), (string Reader, int Input)> readers)
    {
        OnnxNode[] normalised = new LayerNormPattern(nodes, graph, logits, readers).Fuse();
        return new BiasPattern(normalised, graph, logits, readers).Fuse();
    }
}
