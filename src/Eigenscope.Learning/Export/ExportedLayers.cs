using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Export;

/// <summary>How each kind of layer is written.</summary>
internal static class ExportedLayers
{
    private static readonly double SqrtTwo = Math.Sqrt(2.0);

    public static bool CanWrite(Layer layer) => layer is ChannelsLastLayer or ConvolutionLayer or DenseLayer or BatchNormLayer or LayerNormLayer or ReluLayer or TanhLayer or GeluLayer or CosineLayer or UnitNormLayer
        or MaxPoolLayer or AveragePoolLayer { Shape: { DilationHeight: 1, DilationWidth: 1 } } or GlobalAveragePoolLayer or FlattenLayer or DropoutLayer or SumLayer;

    public static ExportedValue Write(GraphWriter graph, Layer layer, ExportedValue[] sources)
    {
        ExportedValue x = sources[0];
        return layer switch
        {
            ChannelsLastLayer turn => Turned(graph, turn, x),
            ConvolutionLayer convolution => Convolution(graph, convolution, x),
            DenseLayer dense => Dense(graph, dense, x),
            BatchNormLayer norm => BatchNorm(graph, norm, x),
            LayerNormLayer norm => LayerNorm(graph, norm, x),
            GeluLayer => x with { Name = Gelu(graph, layer.Name, x.Name) },
            ReluLayer => x with { Name = graph.Node(layer.Name, "Relu", [x.Name]) },
            TanhLayer => x with { Name = graph.Node(layer.Name, "Tanh", [x.Name]) },
            CosineLayer => x with { Name = graph.Node(layer.Name, "Cos", [x.Name]) },
            UnitNormLayer => Row(layer, graph.Node(layer.Name, "LpNormalization", [graph.Flat(x, layer.Name)], ("axis", OnnxAttribute.Of(1)), ("p", OnnxAttribute.Of(2)))),
            MaxPoolLayer pool => Pool(graph, pool.Name, "MaxPool", pool.Shape, x),
            AveragePoolLayer pool => Pool(graph, pool.Name, "AveragePool", pool.Shape, x),
            GlobalAveragePoolLayer pool => new ExportedValue(graph.Node(pool.Name, "GlobalAveragePool", [graph.Image(x, pool.Input, pool.Name)]), pool.OutputSize, new ImageShape(pool.Input.Channels, 1, 1)),
            FlattenLayer => Row(layer, graph.Flat(x, layer.Name)),
            DropoutLayer => x,
            _ => Sum(graph, layer, x, sources[1]),
        };
    }

    private static ExportedValue Row(Layer layer, string name) => new(name, layer.OutputSize, null);

    // The samples come channels-first already.
    private static ExportedValue Turned(GraphWriter graph, ChannelsLastLayer layer, ExportedValue x) => x.Image == layer.Shape
        ? x
        : new ExportedValue(graph.Reshape(x.Name, layer.Name, -1, layer.Shape.Channels, layer.Shape.Height, layer.Shape.Width), layer.OutputSize, layer.Shape);

    private static ExportedValue Convolution(GraphWriter graph, ConvolutionLayer layer, ExportedValue x)
    {
        ConvolutionShape shape = layer.Shape;
        string input = graph.Image(x, shape.Input, layer.Name);
        int[] order = TensorOrders.Places(TensorOrder.ChannelsFirst, layer.Weight.Shape);
        string weight = graph.Parameter(layer.Weight, [shape.OutputChannels, shape.Input.Channels / shape.Groups, shape.KernelHeight, shape.KernelWidth], order);
        string[] operands = layer.Bias is { } bias ? [input, weight, graph.Parameter(bias)] : [input, weight];
        string name = graph.Node(
            layer.Name,
            "Conv",
            operands,
            ("kernel_shape", OnnxAttribute.Of([shape.KernelHeight, shape.KernelWidth])),
            ("strides", OnnxAttribute.Of([shape.StrideHeight, shape.StrideWidth])),
            ("dilations", OnnxAttribute.Of([shape.DilationHeight, shape.DilationWidth])),
            ("pads", OnnxAttribute.Of([shape.PaddingTop, shape.PaddingLeft, shape.PaddingBottom, shape.PaddingRight])),
            ("group", OnnxAttribute.Of(shape.Groups)));
        return new ExportedValue(name, layer.OutputSize, layer.Output);
    }

    private static ExportedValue Dense(GraphWriter graph, DenseLayer layer, ExportedValue x)
    {
        string input = graph.Flat(x, layer.Name), weight = graph.Parameter(layer.Weight);
        int inputs = layer.InputSize / layer.Positions;
        if (layer.Positions > 1)
            input = graph.Node($"{layer.Name}/positions", "Reshape", [input, graph.Integers($"{layer.Name}/positions/shape", -1, inputs)]);
        string[] operands = layer.Bias is { } bias ? [input, weight, graph.Parameter(bias)] : [input, weight];
        string name = graph.Node(layer.Name, "Gemm", operands, ("transB", OnnxAttribute.Of(1)));
        return Row(layer, layer.Positions > 1 ? graph.Reshape(name, layer.Name, -1, layer.OutputSize) : name);
    }

    private static ExportedValue BatchNorm(GraphWriter graph, BatchNormLayer layer, ExportedValue x)
    {
        ImageShape shape = x.Image ?? new ImageShape(layer.Channels, 1, layer.InputSize / layer.Channels);
        bool isRow = x.Image is null && layer.InputSize == layer.Channels;
        string input = isRow ? x.Name : graph.Image(x, shape, layer.Name);
        string[] operands = [input, graph.Parameter(layer.Scale), graph.Parameter(layer.Shift), graph.Parameter(layer.RunningMean), graph.Variance(layer.RunningVariance, layer.Epsilon)];
        string name = graph.Node(layer.Name, "BatchNormalization", operands, ("epsilon", OnnxAttribute.Of((float)layer.Epsilon)));
        return new ExportedValue(name, layer.OutputSize, isRow ? null : shape);
    }

    private static ExportedValue LayerNorm(GraphWriter graph, LayerNormLayer layer, ExportedValue x)
    {
        int width = layer.Scale.Length;
        string input = graph.Flat(x, layer.Name);
        if (width != layer.InputSize)
            input = graph.Node($"{layer.Name}/groups", "Reshape", [input, graph.Integers($"{layer.Name}/groups/shape", -1, layer.InputSize / width, width)]);
        string[] operands = layer.Shift is { } shift ? [input, graph.Parameter(layer.Scale), graph.Parameter(shift)] : [input, graph.Parameter(layer.Scale)];
        string name = graph.Node(layer.Name, "LayerNormalization", operands, ("axis", OnnxAttribute.Of(-1)), ("epsilon", OnnxAttribute.Of(layer.Epsilon)));
        return Row(layer, width == layer.InputSize ? name : graph.Reshape(name, layer.Name, -1, layer.OutputSize));
    }

    // ½ x (1 + erf(x / √2)): the operator of that name came with version 20, which fewer runtimes have.
    private static string Gelu(GraphWriter graph, string name, string x)
    {
        string error = graph.Node($"{name}/erf", "Erf", [graph.Node($"{name}/scaled", "Div", [x, graph.Constant($"{name}/root", [], [SqrtTwo])])]);
        string share = graph.Node($"{name}/share", "Add", [error, graph.Constant($"{name}/one", [], [1.0])]);
        string product = graph.Node($"{name}/product", "Mul", [x, share]);
        return graph.Node(name, "Mul", [product, graph.Constant($"{name}/half", [], [0.5])]);
    }

    private static ExportedValue Pool(GraphWriter graph, string name, string type, PoolShape shape, ExportedValue x)
    {
        List<(string Name, OnnxAttribute Value)> attributes =
        [
            ("kernel_shape", OnnxAttribute.Of([shape.KernelHeight, shape.KernelWidth])),
            ("strides", OnnxAttribute.Of([shape.StrideHeight, shape.StrideWidth])),
            ("pads", OnnxAttribute.Of([shape.PaddingTop, shape.PaddingLeft, shape.PaddingBottom, shape.PaddingRight])),
            ("ceil_mode", OnnxAttribute.Of(shape.CeilMode ? 1 : 0)),
        ];
        if (type == "MaxPool")
            attributes.Add(("dilations", OnnxAttribute.Of([shape.DilationHeight, shape.DilationWidth])));
        else
            attributes.Add(("count_include_pad", OnnxAttribute.Of(shape.CountsPadding ? 1 : 0)));
        string result = graph.Node(name, type, [graph.Image(x, shape.Input, name)], [.. attributes]);
        return new ExportedValue(result, shape.Output.Size, shape.Output);
    }

    private static ExportedValue Sum(GraphWriter graph, Layer layer, ExportedValue x, ExportedValue y)
    {
        if (x.Image == y.Image)
            return x with { Name = graph.Node(layer.Name, "Add", [x.Name, y.Name]) };
        return Row(layer, graph.Node(layer.Name, "Add", [graph.Flat(x, $"{layer.Name}/first"), graph.Flat(y, $"{layer.Name}/second")]));
    }
}
