using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Export;

/// <summary>Puts parameters of a network back into the graph that it was imported of. Only what changed is written; a layer that became a product of two becomes two nodes; what nothing reads any more goes.</summary>
internal sealed class GraphUpdate
{
    private readonly ImportedModel _imported;
    private readonly Dictionary<string, OnnxNode[]> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _tensors;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, int> _readings = new(StringComparer.Ordinal);

    public GraphUpdate(ImportedModel imported)
    {
        _imported = imported;
        OnnxGraph graph = imported.Source.Graph;
        _tensors = graph.Initializers.ToDictionary(static tensor => tensor.Name, StringComparer.Ordinal);
        _names = [.. graph.Nodes.SelectMany(static node => node.Inputs.Concat(node.Outputs)), .. _tensors.Keys, .. graph.Inputs.Select(static input => input.Name)];
        foreach (OnnxNode node in graph.Nodes)
            _nodes[GraphPatterns.Key(node)] = [node];
        foreach (string read in graph.Nodes.SelectMany(static node => node.Inputs).Concat(graph.Outputs.Select(static output => output.Name)))
            _readings[read] = _readings.GetValueOrDefault(read) + 1;
    }

    public OnnxModel Apply(Network network, double[] state)
    {
        if (state.Length != network.StateLength)
            throw new ArgumentException($"expected {network.StateLength} numbers, got {state.Length}", nameof(state));
        RequireWritable();
        Dictionary<string, BilinearLayer> layers = network.WeightLayers.ToDictionary(static layer => layer.Name, StringComparer.Ordinal);
        foreach (BilinearLayer whole in _imported.Network.WeightLayers.Where(layer => !layers.ContainsKey(layer.Name)))
        {
            if (!layers.TryGetValue(NetworkBuilder.RightName(whole.Name), out BilinearLayer? right) || !layers.TryGetValue(NetworkBuilder.LeftName(whole.Name), out BilinearLayer? left))
                throw new ArgumentException($"the network has no layer '{whole.Name}', nor factors of one: it is not of this model", nameof(network));
            Split(whole, right, left, state);
        }
        Dictionary<string, ParameterBlock> before = _imported.Network.Blocks.Concat(_imported.Network.Statistics).ToDictionary(static block => block.Name, StringComparer.Ordinal);
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
        {
            // The bias of a product is that of the whole, by another name.
            string name = before.ContainsKey(block.Name) ? block.Name : WholeBias(block.Name);
            if (before.TryGetValue(name, out ParameterBlock? whole))
                Replace(whole, state.AsSpan(block.Offset, block.Length));
        }
        return Cleaned();
    }

    private string WholeBias(string name)
    {
        foreach (BilinearLayer layer in _imported.Network.WeightLayers)
        {
            if (layer.Bias is { } bias && string.Equals(name, $"{NetworkBuilder.LeftName(layer.Name)}.bias", StringComparison.Ordinal))
                return bias.Name;
        }
        return name;
    }

    private void Replace(ParameterBlock block, ReadOnlySpan<double> values)
    {
        TensorPlace place = _imported.Places[block.Name];
        if (values.SequenceEqual(_imported.State.AsSpan(block.Offset, block.Length)))
            return;
        double[] laid = Laid(place.Order, block.Shape, values);
        string old = Input(place);
        if (_tensors.TryGetValue(old, out OnnxTensor? tensor) && _readings[old] == 1 && tensor.Shape.SequenceEqual(place.Shape))
            _tensors[old] = OnnxTensor.FromDoubles(old, place.Shape, laid, tensor.Element);
        else
            SetInput(place, Add(block.Name, place.Shape, laid, place));
    }

    // What the node of the file reads there.
    private string Input(TensorPlace place) => _imported.Source.Graph.Nodes.First(node => string.Equals(GraphPatterns.Key(node), place.Reader, StringComparison.Ordinal)).Inputs[place.Input];

    // The last of two nodes that a node became has its bias.
    private void SetInput(TensorPlace place, string name)
    {
        OnnxNode[] nodes = _nodes[place.Reader];
        OnnxNode node = nodes[^1];
        nodes[^1] = node with { Inputs = [.. node.Inputs.Select((input, index) => index == place.Input ? name : input)] };
    }

    private void Split(BilinearLayer whole, BilinearLayer right, BilinearLayer left, double[] state)
    {
        TensorPlace place = _imported.Places[whole.Weight.Name];
        OnnxNode node = _nodes[place.Reader][0];
        string name = node.Name.Length > 0 ? NetworkBuilder.RightName(node.Name) : "";
        string first = Add(right.Weight.Name, FactorShape(place, right), Laid(place.Order, right.Weight.Shape, Values(right, state)), place);
        string last = Add(left.Weight.Name, FactorShape(place, left), Laid(place.Order, left.Weight.Shape, Values(left, state)), place);
        string middle = Fresh($"{node.Outputs[0]}.right");
        _nodes[place.Reader] = node.Operator switch
        {
            "Conv" => [node with { Name = name, Inputs = [node.Inputs[0], first], Outputs = [middle] }, new OnnxNode { Name = node.Name, Operator = "Conv", Inputs = [middle, last, .. node.Inputs.Skip(2)], Outputs = node.Outputs }],
            "Gemm" => [FirstGemm(node, name, first, middle, place), node with { Inputs = [middle, last, .. node.Inputs.Skip(2)], Attributes = With(node, "transA", OnnxAttribute.Of(0)) }],
            _ when place.Input == 0 => [node with { Name = name, Inputs = [first, node.Inputs[1]], Outputs = [middle] }, node with { Inputs = [last, middle] }],
            _ => [node with { Name = name, Inputs = [node.Inputs[0], first], Outputs = [middle] }, node with { Inputs = [middle, last] }],
        };
    }

    // Before version 11 a Gemm must have something to add; times β = 0 it is nothing.
    private OnnxNode FirstGemm(OnnxNode node, string name, string weight, string middle, TensorPlace place)
    {
        const long OptionalSince = 11;
        OnnxNode first = node with { Name = name, Inputs = [node.Inputs[0], weight], Outputs = [middle], Attributes = With(node, "alpha", OnnxAttribute.Of(1.0)) };
        return _imported.Source.Opset >= OptionalSince
            ? first
            : first with { Inputs = [.. first.Inputs, Add($"{weight}.none", [1], [0.0], place)], Attributes = With(first, "beta", OnnxAttribute.Of(0.0)) };
    }

    private static Dictionary<string, OnnxAttribute> With(OnnxNode node, string name, OnnxAttribute value) => new(node.Attributes, StringComparer.Ordinal) { [name] = value };

    private static ReadOnlySpan<double> Values(BilinearLayer layer, double[] state) => state.AsSpan(layer.Weight.Offset, layer.Weight.Length);

    // As the weight that it is a factor of: a signal has one axis of positions, an image two.
    private static IReadOnlyList<int> FactorShape(TensorPlace place, BilinearLayer factor)
    {
        IReadOnlyList<int> own = factor.Weight.Shape;
        return place.Order switch
        {
            TensorOrder.ChannelsFirst => place.Shape.Count == 3 ? [own[0], own[3], own[2]] : [own[0], own[3], own[1], own[2]],
            TensorOrder.Turned => [.. Leading(place), own[1], own[0]],
            _ => [.. Leading(place), .. own],
        };
    }

    private static IEnumerable<int> Leading(TensorPlace place) => Enumerable.Repeat(1, Math.Max(place.Shape.Count - 2, 0));

    private static double[] Laid(TensorOrder order, IReadOnlyList<int> shape, ReadOnlySpan<double> values)
    {
        double[] source = values.ToArray();
        int[] places = TensorOrders.Places(order, shape);
        return order == TensorOrder.AsIs ? source : [.. places.Select(place => source[place])];
    }

    private string Add(string wanted, IReadOnlyList<int> shape, double[] values, TensorPlace place)
    {
        string name = Fresh(wanted);
        _tensors[name] = OnnxTensor.FromDoubles(name, shape, values, Element(place));
        return name;
    }

    // That of what stood there; of a constant of a node, that of the input of the model.
    private OnnxElement Element(TensorPlace place)
    {
        return _tensors.TryGetValue(Input(place), out OnnxTensor? tensor) ? tensor.Element : _imported.Source.Graph.Inputs.First(input => string.Equals(input.Name, _imported.InputName, StringComparison.Ordinal)).Element;
    }

    private string Fresh(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
            name = $"{wanted}~{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        return name;
    }

    private OnnxModel Cleaned()
    {
        OnnxGraph graph = _imported.Source.Graph;
        List<OnnxNode> nodes = Needed([.. graph.Nodes.SelectMany(node => _nodes[GraphPatterns.Key(node)])], out HashSet<string> wanted);
        HashSet<string> gone = [.. graph.Initializers.Select(static tensor => tensor.Name).Where(name => !wanted.Contains(name))];
        OnnxTensor[] tensors = [.. _tensors.Values.Where(tensor => wanted.Contains(tensor.Name))];
        OnnxValue[] inputs = [.. graph.Inputs.Where(input => !gone.Contains(input.Name))];
        return _imported.Source with
        {
            Graph = graph with { Nodes = nodes, Initializers = tensors, Inputs = [.. inputs, .. Listed(tensors, inputs)] },
        };
    }

    // Inputs of the whole are kept, whether anything reads them or not.
    private List<OnnxNode> Needed(OnnxNode[] all, out HashSet<string> wanted)
    {
        wanted = [.. _imported.Source.Graph.Outputs.Select(static output => output.Name)];
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in all.Reverse())
        {
            if (!node.Outputs.Any(wanted.Contains))
                continue;
            nodes.Add(node);
            wanted.UnionWith(node.Inputs.Where(static input => input.Length > 0));
        }
        nodes.Reverse();
        return nodes;
    }

    // Files of a version before 4 have every initialiser among their inputs.
    private IEnumerable<OnnxValue> Listed(OnnxTensor[] tensors, OnnxValue[] inputs)
    {
        const long Optional = 4;
        HashSet<string> there = [.. inputs.Select(static input => input.Name)];
        return _imported.Source.IrVersion >= Optional
            ? []
            : tensors.Where(tensor => !there.Contains(tensor.Name)).Select(static tensor => new OnnxValue { Name = tensor.Name, Element = tensor.Element, Shape = [.. tensor.Shape.Select(static extent => new OnnxExtent(extent, null))] });
    }

    private void RequireWritable()
    {
        OnnxGraph graph = _imported.Source.Graph;
        string[] lost =
        [
            .. graph.Outputs.Concat(graph.Inputs).Where(static value => value.Element == OnnxElement.Unsupported).Select(static value => $"'{value.Name}', which is no tensor (of a classifier from scikit-learn: convert it with options={{'zipmap': False}})"),
            .. graph.Nodes.Where(static node => node.Attributes.Values.Any(static attribute => attribute.Kind is OnnxAttributeKind.Graph or OnnxAttributeKind.Unsupported)).Select(static node => $"node '{node.Name}' ({node.Operator}), which holds an inner graph"),
            .. graph.Initializers.Where(static tensor => tensor.Element is OnnxElement.Text or OnnxElement.Unsupported).Select(static tensor => $"initialiser '{tensor.Name}' of text"),
        ];
        if (lost.Length > 0)
            throw new OnnxExportException($"the model cannot be written again, because of {string.Join("; ", lost)}");
    }
}
