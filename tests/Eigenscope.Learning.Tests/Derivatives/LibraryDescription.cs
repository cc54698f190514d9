using System.Globalization;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>The library's reading of a description; see <see cref="INetworkDescription"/>. Layers are named by their kind and number.</summary>
internal sealed class LibraryDescription : INetworkDescription
{
    private readonly NetworkBuilder _builder;
    private readonly Dictionary<int, ImageShape> _shapes = [];

    public LibraryDescription(NetworkBuilder builder, ImageShape input)
    {
        _builder = builder;
        // A feature vector has one order only.
        Input = input.Positions == 1 ? NetworkBuilder.Input : builder.Add(NetworkBuilder.Input, new ChannelsLastLayer("input", input));
        _shapes[Input] = input;
    }

    public int Input { get; }

    public static Network Build(ImageShape input, Action<INetworkDescription> describe) =>
        NetworkBuilder.Build(builder => describe(new LibraryDescription(builder, input)));

    public int Convolution(int source, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = true)
    {
        ConvolutionShape shape = new()
        {
            Input = _shapes[source],
            OutputChannels = channels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingTop = padding,
            PaddingLeft = padding,
            PaddingBottom = padding,
            PaddingRight = padding,
            Groups = groups,
        };
        int first = _builder.NextBlockIndex;
        string name = Name(source, "convolution");
        ParameterBlock weight = _builder.Parameter($"{name}.weight", [.. shape.WeightShape]);
        ParameterBlock? shift = bias ? _builder.Constant($"{name}.bias", channels, 0.0) : null;
        return Add(source, new ConvolutionLayer(name, shape, weight, shift, first), shape.Output);
    }

    public int BatchNorm(int source, double epsilon = 1e-5)
    {
        int first = _builder.NextBlockIndex;
        (string name, ParameterBlock scale, ParameterBlock shift) = ScaleAndShift(source, "batchnorm");
        ParameterBlock mean = _builder.Statistic($"{name}.mean", scale.Length, 0.0);
        ParameterBlock variance = _builder.Statistic($"{name}.variance", scale.Length, 1.0);
        return Add(source, new BatchNormLayer(name, _shapes[source].Size, scale, shift, first, mean, variance, epsilon), _shapes[source]);
    }

    public int LayerNorm(int source)
    {
        int first = _builder.NextBlockIndex;
        (string name, ParameterBlock scale, ParameterBlock shift) = ScaleAndShift(source, "layernorm");
        return Add(source, new LayerNormLayer(name, _shapes[source].Size, scale, shift, first), _shapes[source]);
    }

    public int MaxPool(int source, int kernel, int stride, int padding = 0)
    {
        MaxPoolLayer layer = new(Name(source, "maxpool"), _shapes[source], kernel, stride, padding);
        return Add(source, layer, layer.Output);
    }

    public int AveragePool(int source, int kernel, int stride, int padding = 0, bool countsPadding = true)
    {
        AveragePoolLayer layer = new(Name(source, "averagepool"), _shapes[source], kernel, stride, padding, countsPadding);
        return Add(source, layer, layer.Output);
    }

    public int GlobalAveragePool(int source) =>
        Add(source, new GlobalAveragePoolLayer(Name(source, "globalpool"), _shapes[source]), new ImageShape(_shapes[source].Channels, 1, 1));

    public int Activation(int source, Activation activation) =>
        Keep(_builder.Activation(source, Name(source, "activation"), _shapes[source].Size, activation), _shapes[source]);

    public int Sum(int shortcut, int branch) => Keep(_builder.Sum(Name(branch, "sum"), shortcut, branch), _shapes[branch]);

    public int Flatten(int source) => Add(source, new FlattenLayer(Name(source, "flatten"), _shapes[source]), new ImageShape(_shapes[source].Size, 1, 1));

    public int Dense(int source, int outputs, bool bias = true) =>
        Keep(_builder.Dense(source, Name(source, "dense"), _shapes[source].Size, outputs, bias), new ImageShape(outputs, 1, 1));

    public int TokenDense(int source, int outputs, int positions, bool bias = true) =>
        Keep(_builder.Dense(source, Name(source, "dense"), _shapes[source].Size / positions, outputs, bias, positions), Features(outputs * positions));

    public int Concat(params int[] sources) => Keep(_builder.Concat(Name(sources[0], "concat"), sources), Features(sources.Sum(source => _shapes[source].Size)));

    public int Select(int source, params int[] indices) => Add(source, new SelectLayer(Name(source, "select"), _shapes[source].Size, indices), Features(indices.Length));

    public int Reduce(int source, int outputs, double factor, params int[] targets) =>
        Add(source, new ReduceLayer(Name(source, "reduce"), _shapes[source].Size, outputs, targets, factor), Features(outputs));

    public int Affine(int source, double[] scale, double[] shift) => Add(source, new AffineLayer(Name(source, "affine"), scale, shift), _shapes[source]);

    public int Function(int source, ScalarFunction function) => Add(source, new FunctionLayer(Name(source, "function"), _shapes[source].Size, function), _shapes[source]);

    public int Product(int first, int second) => Add(Concat(first, second), new ProductLayer(Name(first, "product"), _shapes[first].Size), _shapes[first]);

    public int BatchedProduct(int first, int second, int batches, int rows, int inner, int columns) =>
        Add(Concat(first, second), new BatchedProductLayer(Name(first, "products"), batches, rows, inner, columns), Features(batches * rows * columns));

    public int Softmax(int source, int width) => Add(source, new SoftmaxLayer(Name(source, "softmax"), _shapes[source].Size, width), _shapes[source]);

    public int LogSoftmax(int source, int width) => Add(source, new LogSoftmaxLayer(Name(source, "logsoftmax"), _shapes[source].Size, width), _shapes[source]);

    private static ImageShape Features(int size) => new(size, 1, 1);

    private (string Name, ParameterBlock Scale, ParameterBlock Shift) ScaleAndShift(int source, string kind)
    {
        string name = Name(source, kind);
        int channels = _shapes[source].Channels;
        return (name, _builder.Constant($"{name}.scale", channels, 1.0), _builder.Constant($"{name}.shift", channels, 0.0));
    }

    private string Name(int source, string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{source}-{_shapes.Count}");

    private int Add(int source, Layer layer, ImageShape output) => Keep(_builder.Add(source, layer), output);

    private int Keep(int boundary, ImageShape shape)
    {
        _shapes[boundary] = shape;
        return boundary;
    }
}
