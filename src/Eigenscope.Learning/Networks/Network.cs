using System.Globalization;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A graph of layers and the layout of its parameters in one flat vector. Layers are listed in an order in which each reads earlier results only; the last one's output is the logits.
/// It holds no numbers: parameters are passed to whatever computes with it.
/// </summary>
public sealed class Network
{
    private const string FeaturesName = "H1";
    private readonly Layer[] _layers;
    private readonly int[][] _sources;
    private readonly ParameterBlock[] _blocks;
    private readonly bool[][] _above;

    internal Network(Layer[] layers, int[][] sources)
    {
        _layers = layers;
        _sources = sources;
        Plan = new BoundaryPlan(layers, sources);
        _above = [.. Enumerable.Range(0, layers.Length + 1).Select(Reachable)];
        _blocks = [.. layers.SelectMany(static layer => layer.Parameters)];
        ParameterCount = _blocks.Sum(static block => block.Length);
        Statistics = [.. layers.SelectMany(static layer => layer.Statistics)];
        StateLength = ParameterCount + Statistics.Sum(static block => block.Length);
    }

    /// <summary>The layers, input first.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The parameters in the order in which they lie in the flat vector.</summary>
    public IReadOnlyList<ParameterBlock> Blocks => _blocks;

    /// <summary>p, the number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The statistics that layers keep along training (running means and variances), with offsets from p on; empty without normalisation over batches.</summary>
    public IReadOnlyList<ParameterBlock> Statistics { get; }

    /// <summary>Length of the network's state: the p parameters, then the statistics. Without statistics it is p.</summary>
    public int StateLength { get; }

    /// <summary>Entries of one sample's input.</summary>
    public int InputSize => _layers[0].InputSize;

    /// <summary>Number of logits.</summary>
    public int OutputSize => _layers[^1].OutputSize;

    /// <summary>The layers with a weight, input first; layer l of the literature is entry l − 1.</summary>
    public IReadOnlyList<BilinearLayer> WeightLayers => [.. _layers.OfType<BilinearLayer>()];

    /// <summary>Where results lie in memory.</summary>
    internal BoundaryPlan Plan { get; }

    /// <summary>Builds a multilayer perceptron. Dense layers are named "1" … "L", their parameters "1.weight", "1.bias".</summary>
    /// <param name="options">Widths, activation and biases.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">Fewer than two widths, a width below 1, a dropout rate outside [0, 1), or a rank that no layer can have.</exception>
    public static Network Mlp(MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireChain(options.Widths, options.Activation, features: 0, nameof(options));
        DropoutLayer.RequireRate(options.Dropout, nameof(options));
        return NetworkBuilder.Build(builder => AddPerceptron(builder, NetworkBuilder.Input, options), options.Ranks);
    }

    /// <summary>
    /// Builds a deep unconstrained feature model: the table "H1" of one row of features per sample, then dense layers named "1" … "L". Samples enter as indices of rows:
    /// <see cref="FeatureTableLayer.Indices"/>.
    /// </summary>
    /// <param name="options">Samples, widths, activation and bias.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">No sample or too many, fewer than two widths, a width below 1, or an unknown activation.</exception>
    public static Network UnconstrainedFeatures(UfmNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FeatureTableLayer.RequireSamples(options.Samples, nameof(options));
        IReadOnlyList<int> widths = options.Widths;
        RequireChain(widths, options.Activation, widths.Count > 0 ? (long)options.Samples * widths[0] : 0, nameof(options));
        return NetworkBuilder.Build(builder =>
        {
            int features = builder.FeatureTable(FeaturesName, options.Samples, widths[0]);
            if (options.RectifiedFeatures)
                features = builder.Activation(features, FeaturesName, widths[0], Activation.Relu);
            AddPerceptron(builder, features, new MlpOptions { Widths = widths, Activation = options.Activation, Biases = false, LastBias = options.LastBias });
        });
    }

    /// <summary>
    /// Builds a chain of random or learned features, as a Deep RFM makes: every dense layer reads rows of unit norm and is followed by a ReLU or, with a bias, by a cosine; a dense head without bias ends it. Dense layers are named
    /// "1" … "L" and "head".
    /// </summary>
    /// <param name="widths">Width of the input, of each of the L ≥ 1 layers, and number of logits.</param>
    /// <param name="isCosine">Whether layers have a bias and a cosine; otherwise neither a bias nor anything but a ReLU.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">Fewer than three widths, or one below 1.</exception>
    public static Network UnitNormChain(IReadOnlyList<int> widths, bool isCosine)
    {
        ArgumentNullException.ThrowIfNull(widths);
        RequireChain(widths, Activation.Relu, features: 0, nameof(widths));
        if (widths.Count < 3)
            throw new ArgumentException($"expected the widths of input, at least one layer, and logits, got {widths.Count}", nameof(widths));
        return NetworkBuilder.Build(builder =>
        {
            int source = NetworkBuilder.Input;
            for (int l = 1; l < widths.Count; l++)
            {
                bool isHead = l == widths.Count - 1;
                string name = isHead ? "head" : l.ToString(CultureInfo.InvariantCulture);
                source = builder.Add(source, new UnitNormLayer($"{name}.unit", widths[l - 1]));
                source = builder.Dense(source, name, widths[l - 1], widths[l], isCosine && !isHead);
                if (!isHead)
                    source = isCosine ? builder.Add(source, new CosineLayer($"{name}.cosine", widths[l])) : builder.Activation(source, name, widths[l], Activation.Relu);
            }
        });
    }

    /// <summary>Index in <see cref="Layers"/> of the layer that owns a parameter.</summary>
    /// <param name="parameter">A parameter's name: "2.weight".</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">No parameter has that name; the message lists those there are.</exception>
    public int LayerOf(string parameter)
    {
        int index = Array.FindIndex(_layers, layer => layer.Parameters.Any(block => string.Equals(block.Name, parameter, StringComparison.Ordinal)));
        return index >= 0 ? index : throw new ArgumentException($"no parameter is named '{parameter}'; there are {string.Join(", ", _blocks.Select(static block => block.Name))}", nameof(parameter));
    }

    /// <summary>Whether one layer reads the very output of another, with nothing between them.</summary>
    /// <param name="from">A layer of this network.</param>
    /// <param name="to">A layer of this network.</param>
    /// <returns>Whether it does.</returns>
    public bool FeedsDirectly(Layer from, Layer to) => _sources[Array.IndexOf(_layers, to)].Contains(Array.IndexOf(_layers, from) + 1);

    /// <summary>Whether another layer reads what a layer reads, so that the logits depend on the layer's input by other paths too.</summary>
    /// <param name="layer">A layer of this network.</param>
    /// <returns>Whether one does.</returns>
    public bool SharesInput(Layer layer)
    {
        int index = Array.IndexOf(_layers, layer);
        return _sources[index].Any(source => Enumerable.Range(0, _layers.Length).Any(other => other != index && _sources[other].Contains(source)));
    }

    /// <summary>Draws initial parameters; see <see cref="InitializationOptions"/>.</summary>
    /// <param name="options">Distribution and scale.</param>
    /// <param name="random">Source of randomness; each block draws from a child stream named after it.</param>
    /// <returns>A flat vector of <see cref="StateLength"/> entries.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive and finite, or no such distribution.</exception>
    public double[] Initialize(InitializationOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        if (!(options.Scale > 0.0) || !double.IsFinite(options.Scale))
            throw new ArgumentOutOfRangeException(nameof(options), options.Scale, "the initial scale must be positive and finite");
        if (!Enum.IsDefined(options.Kind))
            throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "expected LeCunNormal or XavierUniform");
        double[] parameters = new double[StateLength];
        foreach (ParameterBlock block in _blocks.Concat(Statistics))
        {
            if (block.IsBias || block.Offset >= ParameterCount)
            {
                parameters.AsSpan(block.Offset, block.Length).Fill(block.InitialValue);
                continue;
            }
            Draw(block, options, random.Split(block.Name), parameters.AsSpan(block.Offset, block.Length));
        }
        return parameters;
    }

    private void Draw(ParameterBlock block, InitializationOptions options, RandomStream random, Span<double> weights)
    {
        if (options.Kind == InitializationKind.LeCunNormal)
        {
            random.FillNormal(weights, options.Scale * Math.Sqrt((double)block.Shape[0] / block.Length));
            return;
        }
        double fanIn = (double)block.Length / block.Shape[0], fanOut = (double)block.Length / block.Shape[^1];
        double limit = block == WeightLayers[^1].Weight ? 1.0 / Math.Sqrt(fanIn) : options.Scale * Math.Sqrt(6.0 / (fanIn + fanOut));
        foreach (ref double weight in weights)
            weight = limit * ((2.0 * random.NextDouble()) - 1.0);
    }

    /// <summary>Builds a convolutional classifier.</summary>
    /// <param name="options">Model, shape of the samples, classes, channels, head.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">Samples that are not images or too small for the model, an extent below 1, or a rank that no layer can have.</exception>
    public static Network ForImages(ImageModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ImageModels.Create(options);
    }

    /// <summary>The boundaries that a layer reads: 0 is the network's input, i + 1 the output of layer i. One, or several for a <see cref="JoinLayer"/>.</summary>
    /// <param name="layer">Index in <see cref="Layers"/>.</param>
    /// <returns>The boundaries.</returns>
    public ReadOnlySpan<int> Sources(int layer) => _sources[layer];

    /// <summary>Entries per sample at a boundary.</summary>
    internal int BoundarySize(int boundary) => boundary == 0 ? InputSize : _layers[boundary - 1].OutputSize;

    /// <summary>One flag per boundary: whether it is the given one or depends on it.</summary>
    internal ReadOnlySpan<bool> Above(int boundary) => _above[boundary];

    /// <summary>One flag per boundary: whether its value depends on a parameter block that is active (one flag per block).</summary>
    internal bool[] MovedBy(ReadOnlySpan<bool> activeBlocks)
    {
        bool[] moving = new bool[_layers.Length + 1];
        int block = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            int count = _layers[i].Parameters.Count;
            moving[i + 1] = activeBlocks.Slice(block, count).Contains(true) || Array.Exists(_sources[i], source => moving[source]);
            block += count;
        }
        return moving;
    }

    private bool[] Reachable(int boundary)
    {
        bool[] reached = new bool[_layers.Length + 1];
        reached[boundary] = true;
        for (int i = boundary; i < _layers.Length; i++)
            reached[i + 1] |= Array.Exists(_sources[i], source => reached[source]);
        return reached;
    }

    private static void AddPerceptron(NetworkBuilder builder, int source, MlpOptions options)
    {
        IReadOnlyList<int> widths = options.Widths;
        int last = widths.Count - 1;
        for (int l = 1; l <= last; l++)
        {
            string name = l.ToString(CultureInfo.InvariantCulture);
            source = builder.Dense(source, name, widths[l - 1], widths[l], options.Biases || (l == last && options.LastBias));
            if (l < last)
                source = builder.Dropout(builder.Activation(source, name, widths[l], options.Activation), name, widths[l], options.Dropout);
        }
    }

    private static void RequireChain(IReadOnlyList<int> widths, Activation activation, long features, string argument)
    {
        if (widths.Count < 2)
            throw new ArgumentException($"a network needs an input width and an output width, got {widths.Count} width(s)", argument);
        if (widths.Any(static width => width < 1))
            throw new ArgumentException($"every width must be at least 1, got [{string.Join(", ", widths)}]", argument);
        if (!Enum.IsDefined(activation))
            throw new ArgumentException($"expected ReLU, tanh, GELU or linear, got activation {(int)activation}", argument);
        long parameters = features + Enumerable.Range(1, widths.Count - 1).Sum(l => (long)widths[l] * (widths[l - 1] + 1L));
        if (parameters > Array.MaxLength)
            throw new ArgumentException($"widths [{string.Join(", ", widths)}] give {parameters} parameters, more than the {Array.MaxLength} that fit in one vector", argument);
    }
}
