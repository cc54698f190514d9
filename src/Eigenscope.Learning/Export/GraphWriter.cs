using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Export;

/// <summary>A result in the graph that is being written: of shape (samples, entries), or (samples, channels, rows, columns) where it is known to be an image.</summary>
internal sealed record ExportedValue(string Name, int Size, ImageShape? Image);

/// <summary>The nodes and initialisers written so far. Inside a network an image lies channels-last, in the graph channels-first: entries are turned only where an image is read as a row, or a row as an image.</summary>
internal sealed class GraphWriter
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _tensors = [];
    private readonly ExportedValue[] _values;
    private readonly double[] _state;
    private readonly OnnxExportOptions _options;
    private readonly OnnxValue _input;

    public GraphWriter(Network network, double[] state, OnnxExportOptions options)
    {
        _state = state;
        _options = options;
        _values = new ExportedValue[network.Layers.Count + 1];
        ImageShape? image = InputImage(network);
        _input = Declared(options.InputName, image is { } shape ? [shape.Channels, shape.Height, shape.Width] : [network.InputSize]);
        _values[0] = Scaled(new ExportedValue(options.InputName, network.InputSize, image));
    }

    public ExportedValue At(int boundary) => _values[boundary];

    public void Set(int boundary, ExportedValue value) => _values[boundary] = value;

    /// <summary>Adds a node with one result; returns its name.</summary>
    public string Node(string name, string type, string[] inputs, params ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes)
    {
        _nodes.Add(new OnnxNode { Name = name, Operator = type, Inputs = inputs, Outputs = [name], Attributes = attributes.ToArray().ToDictionary(static entry => entry.Name, static entry => entry.Value, StringComparer.Ordinal) });
        return name;
    }

    /// <summary>Adds the numbers of a parameter, row-major or in another order; returns their name.</summary>
    public string Parameter(ParameterBlock block, int[]? shape = null, int[]? order = null)
    {
        ReadOnlySpan<double> values = _state.AsSpan(block.Offset, block.Length);
        double[] laid = order is null ? values.ToArray() : [.. order.Select(index => _state[block.Offset + index])];
        return Constant(block.Name, shape ?? [.. block.Shape], laid);
    }

    public string Constant(string name, int[] shape, double[] values)
    {
        _tensors.Add(OnnxTensor.FromDoubles(name, shape, values, _options.Element));
        return name;
    }

    public string Integers(string name, params long[] values)
    {
        _tensors.Add(OnnxTensor.FromIntegers(name, [values.Length], values));
        return name;
    }

    /// <summary>The result as rows, entries in the network's own order.</summary>
    public string Flat(ExportedValue value, string layer)
    {
        if (value.Image is not { } image)
            return value.Name;
        bool isInOrder = image.Channels == 1 || image.Positions == 1;
        string turned = isInOrder ? value.Name : Node($"{layer}/channels-last", "Transpose", [value.Name], ("perm", OnnxAttribute.Of([0, 2, 3, 1])));
        return Node($"{layer}/flat", "Flatten", [turned], ("axis", OnnxAttribute.Of(1)));
    }

    /// <summary>The result as images.</summary>
    public string Image(ExportedValue value, ImageShape shape, string layer)
    {
        if (value.Image == shape)
            return value.Name;
        string rows = Flat(value, layer);
        if (shape.Channels == 1)
            return Reshape(rows, layer, -1, 1, shape.Height, shape.Width);
        return Node($"{layer}/channels-first", "Transpose", [Reshape(rows, layer, -1, shape.Height, shape.Width, shape.Channels)], ("perm", OnnxAttribute.Of([0, 3, 1, 2])));
    }

    public string Reshape(string value, string layer, params long[] shape) => Node($"{layer}/reshape", "Reshape", [value, Integers($"{layer}/shape", shape)]);

    public OnnxGraph Finish()
    {
        ExportedValue last = _values[^1];
        string logits = Flat(last, _options.OutputName);
        Node(_options.OutputName, "Identity", [logits]);
        return new OnnxGraph { Name = "network", Nodes = _nodes, Initializers = _tensors, Inputs = [_input], Outputs = [Declared(_options.OutputName, [last.Size])] };
    }

    // Images where every reader takes the input as one; then a sample has the shape that data sets give it.
    private static ImageShape? InputImage(Network network)
    {
        ImageShape?[] shapes = [.. Enumerable.Range(0, network.Layers.Count).Where(i => network.Sources(i).Contains(0)).Select(i => network.Layers[i] switch
        {
            ChannelsLastLayer turn => turn.Shape,
            ConvolutionLayer { Shape.Input: { Channels: 1 } input } => input,
            MaxPoolLayer { Input: { Channels: 1 } input } => input,
            AveragePoolLayer { Input: { Channels: 1 } input } => input,
            _ => (ImageShape?)null,
        })];
        return shapes.Distinct().Count() == 1 ? shapes[0] : null;
    }

    private ExportedValue Scaled(ExportedValue input)
    {
        if (_options.InputMeans is null)
            return input;
        int[] shape = input.Image is { } image ? [1, image.Channels, image.Height, image.Width] : [1, input.Size];
        string centred = Node("input/centred", "Sub", [input.Name, Constant("input/means", shape, [.. _options.InputMeans])]);
        return input with { Name = Node("input/scaled", "Div", [centred, Constant("input/scales", shape, [.. _options.InputScales!])]) };
    }

    private OnnxValue Declared(string name, int[] shape) => new()
    {
        Name = name,
        Element = _options.Element,
        Shape = [new OnnxExtent(null, "N"), .. shape.Select(static extent => new OnnxExtent(extent, null))],
    };
}
