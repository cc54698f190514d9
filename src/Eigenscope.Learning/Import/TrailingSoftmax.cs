using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>Finds the logits of a model that ends in probabilities: cross-entropy is of logits, and a softmax of a softmax is another function.</summary>
internal static class TrailingSoftmax
{
    private const string MachineLearning = "ai.onnx.ml";

    /// <summary>The result to follow, and what is to be said of it.</summary>
    internal sealed record Result(string Logits, IReadOnlyList<string> Notes);

    public static Result Leave(OnnxGraph graph, string output, bool keep)
    {
        Dictionary<string, OnnxNode> makers = GraphPatterns.Makers(graph.Nodes);
        List<string> notes = [];
        string name = output;
        // As many steps as there are nodes: more would be a cycle.
        for (int step = 0; step < graph.Nodes.Count && makers.TryGetValue(name, out OnnxNode? maker) && maker.Inputs.Count > 0; step++)
        {
            if (IsPassive(maker))
                name = maker.Inputs[0];
            else if (!keep && IsSoftmax(maker))
            {
                notes.Add($"a trailing {maker.Operator} ('{(maker.Name.Length > 0 ? maker.Name : maker.Outputs[0])}') was left off: loss and derivatives are of the logits");
                return new Result(maker.Inputs[0], notes);
            }
            else
                break;
        }
        return new Result(IsReal(makers, output) ? output : name, notes);
    }

    // Only a node of the machine-learning domain must be left off, a softmax before it or not.
    private static bool IsReal(Dictionary<string, OnnxNode> makers, string output) => !makers.TryGetValue(output, out OnnxNode? maker) || maker.Domain != MachineLearning;

    private static bool IsPassive(OnnxNode node) => (node.Domain is "" or "ai.onnx" && node.Operator is "Identity" or "Cast" or "Dropout") || (node.Domain == MachineLearning && node.Operator == "ZipMap");

    // Over the classes: the last of two axes. Which axis it is of more is seen when the output is.
    private static bool IsSoftmax(OnnxNode node)
    {
        if (node.Domain is not ("" or "ai.onnx") || node.Operator is not ("Softmax" or "LogSoftmax"))
            return false;
        return !node.Attributes.TryGetValue("axis", out OnnxAttribute? axis) || axis.Integer is 1 or -1;
    }
}
