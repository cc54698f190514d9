using System.Globalization;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Lays out a network layer by layer: each call takes the boundary it reads and gives back the boundary it makes, so that branches and joins are plain variables. Statistics lie after all parameters, whose
/// number is known at the end only: a network is therefore described twice, once to count and once to keep.
/// </summary>
internal sealed class NetworkBuilder
{
    private readonly List<Layer> _layers = [];
    private readonly List<int[]> _sources = [];
    private readonly IReadOnlyDictionary<string, int>? _ranks;
    private readonly HashSet<string> _factored = new(StringComparer.Ordinal);
    private int _parameters;
    private int _blocks;
    private int _statistics;

    private NetworkBuilder(int statisticsStart, IReadOnlyDictionary<string, int>? ranks) => (_statistics, _ranks) = (statisticsStart, ranks);

    /// <summary>The boundary that is the network's input.</summary>
    public static int Input => 0;

    /// <summary>The boundary that is the logits, where it is not the last.</summary>
    public int? Logits { get; set; }

    /// <summary>Index of the next parameter block.</summary>
    public int NextBlockIndex => _blocks;

    /// <summary>Builds what <paramref name="describe"/> lays out; the last layer's output is the logits, unless <see cref="Logits"/> says another, and layers without parameters that they do not depend on are left out. Layers that <paramref name="ranks"/> names become two, a right factor and a left one.</summary>
    public static Network Build(Action<NetworkBuilder> describe, IReadOnlyDictionary<string, int>? ranks = null)
    {
        NetworkBuilder count = new(0, ranks);
        describe(count);
        if (ranks?.Keys.FirstOrDefault(name => !count._factored.Contains(name)) is { } unknown)
            throw new ArgumentException($"no layer with a weight is named '{unknown}', which a rank is given for", nameof(ranks));
        NetworkBuilder kept = new(count._parameters, ranks);
        describe(kept);
        RequireOwnNames(kept._layers);
        bool[] needed = kept.Needed();
        if (kept._layers.Where((layer, i) => !needed[i + 1] && layer.Parameters.Count > 0).FirstOrDefault() is { } idle)
            throw new ArgumentException($"the logits do not depend on what layer '{idle.Name}' makes; leave it out", nameof(describe));
        return kept.Keep(needed);
    }

    /// <summary>Entries per sample at a boundary.</summary>
    public int Size(int boundary) => boundary == 0 ? _layers[0].InputSize : _layers[boundary - 1].OutputSize;

    public int Add(int source, Layer layer)
    {
        if (_layers.Count > 0 && Size(source) != layer.InputSize)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"layer '{layer.Name}' takes {layer.InputSize} entries, but what it is to read has {Size(source)}"), nameof(source));
        _layers.Add(layer);
        _sources.Add([source]);
        return _layers.Count;
    }

    /// <summary>Adds a residual branch to its shortcut.</summary>
    public int Sum(string name, int shortcut, int branch)
    {
        if (shortcut == branch || Size(shortcut) != Size(branch))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"'{name}' joins two different results of the same size, got sizes {Size(shortcut)} and {Size(branch)}"), nameof(branch));
        _layers.Add(new SumLayer(name, Size(branch)));
        _sources.Add([shortcut, branch]);
        return _layers.Count;
    }

    /// <summary>Puts two or more different results side by side, in the order given.</summary>
    public int Concat(string name, int[] sources)
    {
        if (sources.Distinct().Count() != sources.Length)
            throw new ArgumentException($"'{name}' joins different results, got one of [{string.Join(", ", sources)}] twice", nameof(sources));
        _layers.Add(new ConcatLayer(name, [.. sources.Select(Size)]));
        _sources.Add([.. sources]);
        return _layers.Count;
    }

    public int FeatureTable(string name, int samples, int features)
    {
        int block = _blocks;
        return Add(Input, new FeatureTableLayer(name, Parameter(name, [samples, features]), block));
    }

    /// <summary>A dense layer; with several <paramref name="positions"/> the same one at each.</summary>
    public int Dense(int source, string name, int inputs, int outputs, bool biased, int positions = 1, BlockNames? names = null)
    {
        if (RankOf(name, outputs, inputs) is { } rank)
            return Dense(Dense(source, RightName(name), inputs, rank, biased: false, positions), LeftName(name), rank, outputs, biased, positions);
        int first = _blocks;
        ParameterBlock weight = Parameter(names?.Weight ?? $"{name}.weight", [outputs, inputs]);
        ParameterBlock? bias = biased ? Constant(names?.Bias ?? $"{name}.bias", outputs, 0.0) : null;
        return Add(source, new DenseLayer(name, weight, bias, first, positions));
    }

    public int Convolution(int source, string name, ConvolutionShape shape, bool biased, BlockNames? names = null)
    {
        if (RankOf(name, shape.OutputChannels, shape.PatchSize) is { } rank)
        {
            if (shape.Groups != 1)
                throw new ArgumentException($"convolution '{name}' has {shape.Groups} groups: it is no product of two convolutions", nameof(shape));
            ConvolutionShape right = shape with { OutputChannels = rank };
            return Convolution(Convolution(source, RightName(name), right, biased: false), LeftName(name), ConvolutionShape.Centered(right.Output, shape.OutputChannels, kernel: 1), biased);
        }
        int first = _blocks;
        ParameterBlock weight = Parameter(names?.Weight ?? $"{name}.weight", [.. shape.WeightShape]);
        ParameterBlock? bias = biased ? Constant(names?.Bias ?? $"{name}.bias", shape.OutputChannels, 0.0) : null;
        return Add(source, new ConvolutionLayer(name, shape, weight, bias, first));
    }

    public int BatchNorm(int source, string name, ImageShape shape, double epsilon = BatchNormLayer.StandardEpsilon, BlockNames? names = null)
    {
        int first = _blocks;
        ParameterBlock scale = Constant(names?.Scale ?? $"{name}.scale", shape.Channels, 1.0);
        ParameterBlock shift = Constant(names?.Shift ?? $"{name}.shift", shape.Channels, 0.0);
        ParameterBlock mean = Statistic(names?.Mean ?? $"{name}.mean", shape.Channels, 0.0);
        ParameterBlock variance = Statistic(names?.Variance ?? $"{name}.variance", shape.Channels, 1.0);
        return Add(source, new BatchNormLayer(name, shape.Size, scale, shift, first, mean, variance, epsilon));
    }

    /// <summary>A layer normalisation of every group of <paramref name="width"/> contiguous entries.</summary>
    public int LayerNorm(int source, string name, int size, int width, double epsilon = LayerNormLayer.StandardEpsilon, BlockNames? names = null, bool shifted = true)
    {
        int first = _blocks;
        ParameterBlock scale = Constant(names?.Scale ?? $"{name}.scale", width, 1.0);
        ParameterBlock? shift = shifted ? Constant(names?.Shift ?? $"{name}.shift", width, 0.0) : null;
        return Add(source, new LayerNormLayer(name, size, scale, shift, first, epsilon));
    }

    public int Activation(int source, string after, int size, Activation activation)
    {
        string name = $"{after}.{activation.ToString().ToLowerInvariant()}";
        return activation switch
        {
            Networks.Activation.Linear => source,
            Networks.Activation.Relu => Add(source, new ReluLayer(name, size)),
            Networks.Activation.Tanh => Add(source, new TanhLayer(name, size)),
            Networks.Activation.Gelu => Add(source, new GeluLayer(name, size)),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "expected Relu, Tanh, Gelu or Linear"),
        };
    }

    /// <summary>Dropout after a layer; at rate 0 there is no such layer.</summary>
    public int Dropout(int source, string after, int size, double rate) =>
        rate == 0.0 ? source : Add(source, new DropoutLayer($"{after}.dropout", size, rate));

    /// <summary>A parameter that starts at random and is decayed.</summary>
    public ParameterBlock Parameter(string name, int[] shape) => Next(new ParameterBlock(name, _parameters, shape, IsBias: false));

    /// <summary>A parameter that starts at one value everywhere and is not decayed.</summary>
    public ParameterBlock Constant(string name, int length, double value) => Next(new ParameterBlock(name, _parameters, [length], IsBias: true) { InitialValue = value });

    /// <summary>Numbers that training keeps and nobody differentiates.</summary>
    public ParameterBlock Statistic(string name, int length, double value)
    {
        ParameterBlock block = new(name, _statistics, [length], IsBias: true) { InitialValue = value };
        _statistics = checked(_statistics + length);
        return block;
    }

    /// <summary>Name of the factor that reads a layer's input.</summary>
    public static string RightName(string layer) => $"{layer}.right";

    /// <summary>Name of the factor that makes a layer's output.</summary>
    public static string LeftName(string layer) => $"{layer}.left";

    // One flag per boundary: whether it is the logits or they depend on it.
    private bool[] Needed()
    {
        bool[] needed = new bool[_layers.Count + 1];
        needed[Logits ?? _layers.Count] = true;
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            if (needed[i + 1])
                Array.ForEach(_sources[i], source => needed[source] = true);
        }
        return needed;
    }

    // Cotangents come from readers: what the logits do not depend on would have none.
    private Network Keep(bool[] needed)
    {
        int[] kept = [.. Enumerable.Range(0, _layers.Count).Where(i => needed[i + 1])];
        int[] boundaries = new int[_layers.Count + 1];
        for (int k = 0; k < kept.Length; k++)
            boundaries[kept[k] + 1] = k + 1;
        return new Network([.. kept.Select(i => _layers[i])], [.. kept.Select(i => _sources[i].Select(source => boundaries[source]).ToArray())]);
    }

    private static void RequireOwnNames(List<Layer> layers)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        if (layers.SelectMany(static layer => layer.Parameters.Concat(layer.Statistics)).FirstOrDefault(block => !names.Add(block.Name)) is { } twice)
            throw new ArgumentException($"two parameters are named '{twice.Name}'; each needs a name of its own", nameof(layers));
    }

    private int? RankOf(string name, int outputs, int inputs)
    {
        if (_ranks is null || !_ranks.TryGetValue(name, out int rank))
            return null;
        _factored.Add(name);
        return rank >= 1 && rank <= Math.Min(outputs, inputs)
            ? rank
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"the rank of layer '{name}', {outputs} × {inputs}, must be from 1 to {Math.Min(outputs, inputs)}, got {rank}"), nameof(name));
    }

    private ParameterBlock Next(ParameterBlock block)
    {
        _parameters = checked(_parameters + block.Length);
        _blocks++;
        return block;
    }
}
