using System.Globalization;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Goes through the nodes of a plan in order and lays out their layers. What cannot be imported is collected, so that all of it is told at once.</summary>
internal sealed class GraphWalk(GraphPlan plan, ImportBuilder builder)
{
    private const int MostListed = 40;
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _tensors = plan.Model.Graph.Initializers.ToDictionary(static tensor => tensor.Name, StringComparer.Ordinal);
    private readonly List<string> _refused = [];

    public void Run()
    {
        int[] shape = [1, .. plan.SampleShape];
        _values[plan.Input.Name] = new ActivationValue(NetworkBuilder.Input, shape, Extents.Ascending(shape.Length), new SampleAxis(0));
        builder.Reserve(Extents.Product(shape));
        foreach (OnnxNode node in plan.Nodes)
            Import(node);
        if (_refused.Count > 0)
            throw new OnnxImportException(Complaint());
        End();
    }

    private void Import(OnnxNode node)
    {
        if (OperatorTable.Find(node.Domain, node.Operator) is not { } importer)
        {
            Refuse(node, "the operator is not supported");
            return;
        }
        GraphValue?[] inputs = new GraphValue?[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            // What a refused node would have made is unknown, and so is what reads it: only the first is told.
            if (node.Inputs[i].Length > 0 && (inputs[i] = Find(node.Inputs[i])) is null)
                return;
        }
        try
        {
            Keep(node, importer(new NodeContext(node, inputs, plan, builder)));
        }
        catch (NodeNotSupportedException refused)
        {
            Refuse(node, refused.Message);
        }
        catch (ArgumentException refused)
        {
            Refuse(node, refused.Message);
        }
        catch (OverflowException)
        {
            Refuse(node, "its extents are too large");
        }
    }

    private void Keep(OnnxNode node, GraphValue[] results)
    {
        for (int i = 0; i < Math.Min(results.Length, node.Outputs.Count); i++)
        {
            if (node.Outputs[i].Length == 0)
                continue;
            if (results[i].Length == 0 && results[i] is ActivationValue)
                throw new NodeNotSupportedException("its result has no entries");
            _values[node.Outputs[i]] = results[i];
        }
    }

    private GraphValue? Find(string name)
    {
        if (_values.TryGetValue(name, out GraphValue? value))
            return value;
        return _tensors.TryGetValue(name, out OnnxTensor? tensor) ? _values[name] = ConstantOperators.FromTensor(tensor, name) : null;
    }

    private void Refuse(OnnxNode node, string why)
    {
        string name = node.Name.Length > 0 ? node.Name : GraphPatterns.Key(node);
        string domain = node.Domain is "" or "ai.onnx" ? "" : $"{node.Domain}.";
        _refused.Add($"'{name}' ({domain}{node.Operator}): {why}");
    }

    private string Complaint()
    {
        string count = _refused.Count == 1 ? "1 node cannot be imported" : string.Create(CultureInfo.InvariantCulture, $"{_refused.Count} nodes cannot be imported");
        string more = _refused.Count > MostListed ? string.Create(CultureInfo.InvariantCulture, $"; and {_refused.Count - MostListed} more") : "";
        return $"{count}: {string.Join("; ", _refused.Take(MostListed))}{more}. Export the model without them (the part up to its logits, in evaluation mode), or with a newer opset that has the operator whole";
    }

    // The last layer's output is the logits, as rows of single numbers.
    private void End()
    {
        if (Find(plan.Logits) is not ActivationValue logits)
            throw new OnnxImportException($"output '{plan.OutputName}' does not depend on the samples");
        if (logits.Shape.Count(static extent => extent != 1) > 1 || logits.Shape[logits.BatchAxis] != 1)
            throw new OnnxImportException($"output '{plan.OutputName}' has shape [{Extents.Text(logits.Shape)}] (samples counted as one); expected one row of logits for each sample");
        // A network has at least one layer; and parts that nothing reads, or of which only the shape is read, are none of it.
        if (logits.Boundary == NetworkBuilder.Input)
            logits = builder.Map(logits, new SelectLayer(builder.LayerName("logits"), logits.Length, Extents.Ascending(logits.Length)));
        builder.Network.Logits = logits.Boundary;
    }
}
