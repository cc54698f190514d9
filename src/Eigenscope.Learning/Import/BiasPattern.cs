using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>A constant that is added right after a MatMul, a Gemm or a Conv is its bias: the two nodes become one with a third input.</summary>
internal sealed class BiasPattern(OnnxNode[] nodes, OnnxGraph graph, string logits, Dictionary<(string Node, int Input), (string Reader, int Input)> readers)
{
    private readonly GraphIndex _index = new(nodes, graph, logits);

    public OnnxNode[] Fuse()
    {
        Dictionary<OnnxNode, OnnxNode> replaced = new(ReferenceEqualityComparer.Instance);
        HashSet<OnnxNode> gone = new(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode add in nodes.Where(static node => node.Operator == "Add" && node.Inputs.Count == 2))
        {
            if ((Join(add, 0, 1) ?? Join(add, 1, 0)) is not var (product, joined) || gone.Contains(product))
                continue;
            replaced[add] = joined;
            gone.Add(product);
        }
        return [.. nodes.Where(node => !gone.Contains(node)).Select(node => replaced.GetValueOrDefault(node, node))];
    }

    private (OnnxNode Product, OnnxNode Joined)? Join(OnnxNode add, int of, int bias)
    {
        if (_index.Maker(add.Inputs[of], "MatMul", "Gemm", "Conv") is not { } product || _index.Readers(add.Inputs[of]) != 1 || _index.Tensor(add.Inputs[bias]) is not { } shift || product.Inputs.Count < 2)
            return null;
        bool hasBias = product.Inputs.Count > 2 && product.Inputs[2].Length > 0;
        if (hasBias || _index.Matrix(product.Inputs[1]) is not { } weight || !Fits(product, weight, shift))
            return null;
        readers[(add.Outputs[0], 1)] = (product.Outputs[0], 1);
        readers[(add.Outputs[0], 2)] = (add.Outputs[0], bias);
        return (product, product with { Inputs = [product.Inputs[0], product.Inputs[1], add.Inputs[bias]], Outputs = add.Outputs });
    }

    private static bool Fits(OnnxNode product, IReadOnlyList<int> weight, OnnxTensor shift)
    {
        int[] expected = product.Operator switch
        {
            "MatMul" when weight.Count == 2 => [weight[1]],
            "Gemm" when weight.Count == 2 => [product.Attributes.TryGetValue("transB", out OnnxAttribute? turned) && turned.Integer != 0 ? weight[0] : weight[1]],
            "Conv" when weight.Count > 2 => [weight[0], .. Enumerable.Repeat(1, weight.Count - 2)],
            _ => [],
        };
        // More leading axes of extent 1 would be more axes of the result.
        int[] given = [.. shift.Shape];
        bool isAligned = given.SequenceEqual(expected) || (given.Length == expected.Length + 1 && given[0] == 1 && given[1..].SequenceEqual(expected));
        return expected.Length > 0 && expected[0] > 0 && isAligned;
    }
}
