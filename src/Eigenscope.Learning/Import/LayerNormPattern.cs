using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>
/// Layer normalisation as exporters spelled it before version 17: d = x − mean x, d / √(mean d² + ε), times a scale, plus a shift. Put together, its scale and shift are parameters, and one layer does it.
/// </summary>
internal sealed class LayerNormPattern(OnnxNode[] nodes, OnnxGraph graph, string logits, Dictionary<(string Node, int Input), (string Reader, int Input)> readers)
{
    private readonly GraphIndex _index = new(nodes, graph, logits);

    public OnnxNode[] Fuse()
    {
        Dictionary<OnnxNode, OnnxNode> replaced = new(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode quotient in nodes.Where(static node => node.Operator == "Div" && node.Inputs.Count == 2))
        {
            if (Match(quotient) is var (last, norm))
                replaced[last] = norm;
        }
        return replaced.Count == 0 ? nodes : GraphPatterns.NodesFor([.. nodes.Select(node => replaced.GetValueOrDefault(node, node))], logits);
    }

    private (OnnxNode Last, OnnxNode Norm)? Match(OnnxNode quotient)
    {
        if (Centred(GraphIndex.Input(quotient, 0)) is not var (x, axis) || Variance(GraphIndex.Input(quotient, 1)) is not var (deviation, varianceAxis, epsilon) || varianceAxis != axis || Centred(deviation) is not var (same, sameAxis) || same != x || sameAxis != axis)
            return null;
        if (_index.OnlyReader(quotient.Outputs[0]) is not { Operator: "Mul" } scaled || Other(scaled, quotient.Outputs[0]) is not { } scale || _index.OnlyReader(scaled.Outputs[0]) is not { Operator: "Add" } shifted || Other(shifted, scaled.Outputs[0]) is not { } shift)
            return null;
        if (_index.Tensor(scale) is not { Shape.Count: 1 } || _index.Tensor(shift) is not { Shape.Count: 1 })
            return null;
        readers[(shifted.Outputs[0], 1)] = (scaled.Outputs[0], scaled.Inputs.ToList().IndexOf(scale));
        readers[(shifted.Outputs[0], 2)] = (shifted.Outputs[0], shifted.Inputs.ToList().IndexOf(shift));
        return (shifted, new OnnxNode
        {
            Name = shifted.Name,
            Operator = "LayerNormalization",
            Inputs = [x, scale, shift],
            Outputs = shifted.Outputs,
            Attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal) { ["axis"] = OnnxAttribute.Of(axis), ["epsilon"] = OnnxAttribute.Of(epsilon) },
        });
    }

    // x and the axis of x − mean x.
    private (string X, long Axis)? Centred(string name)
    {
        if (_index.Maker(name, "Sub") is not { } difference || _index.Maker(GraphIndex.Input(difference, 1), "ReduceMean") is not { } mean || GraphIndex.Input(mean, 0) != GraphIndex.Input(difference, 0))
            return null;
        return MeanAxis(mean) is { } axis ? (GraphIndex.Input(difference, 0), axis) : null;
    }

    // d, the axis and ε of √(mean d² + ε).
    private (string Deviation, long Axis, double Epsilon)? Variance(string name)
    {
        if (_index.Maker(name, "Sqrt") is not { } root || _index.Maker(GraphIndex.Input(root, 0), "Add") is not { } sum)
            return null;
        int place = _index.Number(GraphIndex.Input(sum, 1)) is null ? 0 : 1;
        if (_index.Number(GraphIndex.Input(sum, place)) is not { } epsilon || _index.Maker(GraphIndex.Input(sum, 1 - place), "ReduceMean") is not { } mean || MeanAxis(mean) is not { } axis || !(epsilon > 0.0))
            return null;
        return Squared(GraphIndex.Input(mean, 0)) is { } deviation ? (deviation, axis, epsilon) : null;
    }

    private string? Squared(string name)
    {
        if (_index.Maker(name, "Pow", "Mul") is not { Inputs.Count: 2 } square)
            return null;
        bool isSquare = square.Operator == "Mul" ? GraphIndex.Input(square, 0) == GraphIndex.Input(square, 1) : _index.Number(GraphIndex.Input(square, 1)) == 2.0;
        return isSquare ? GraphIndex.Input(square, 0) : null;
    }

    // Only the last axis: what else is spelled out is imported as it is spelled.
    private long? MeanAxis(OnnxNode mean)
    {
        long[]? axes = mean.Attributes.TryGetValue("axes", out OnnxAttribute? attribute) ? [.. attribute.Integers] : mean.Inputs.Count > 1 && _index.Tensor(GraphIndex.Input(mean, 1)) is { } tensor ? tensor.ToIntegers() : null;
        bool keeps = !mean.Attributes.TryGetValue("keepdims", out OnnxAttribute? keepdims) || keepdims.Integer != 0;
        return axes is [-1] && keeps ? -1 : null;
    }

    private static string? Other(OnnxNode node, string one) => node.Inputs.Count != 2 ? null : GraphIndex.Input(node, 0) == one ? GraphIndex.Input(node, 1) : GraphIndex.Input(node, 0);
}
