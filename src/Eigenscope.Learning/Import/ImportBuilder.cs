using System.Globalization;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Lays out the network of a graph: layers by activations with shapes, parameters by the file's names with their values, and what a reader is to be told.</summary>
internal sealed class ImportBuilder(NetworkBuilder network, long mostEntries, long fixedBatch)
{
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private long _entries;

    public NetworkBuilder Network => network;

    /// <summary>The number of samples that the model was exported for; 1 where it takes any number.</summary>
    public long FixedBatch => fixedBatch;

    /// <summary>Values of parameters and statistics by block name, in the order in which the network holds them.</summary>
    public Dictionary<string, double[]> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the file has them.</summary>
    public Dictionary<string, TensorPlace> Places { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Notes => _notes;

    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
            _notes.Add(sentence);
    }

    /// <summary>Counts entries about to be taken; throws where a model asks for more than the bound.</summary>
    public void Reserve(long entries)
    {
        _entries += entries;
        if (entries < 0 || _entries > mostEntries)
            throw new OnnxImportException(string.Create(CultureInfo.InvariantCulture, $"the results of one sample have more than {mostEntries} entries in all; expected a smaller model, or a larger bound"));
    }

    /// <summary>A name that no layer has yet.</summary>
    public string LayerName(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_layers.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}#{i}");
        return name;
    }

    /// <summary>
    /// The name of a parameter, which is its initialiser's. A second node that reads the same initialiser gets a parameter of its own: files share equal constants as well as parameters that were trained as one.
    /// </summary>
    public string BlockName(string? origin, string layer, string role, double[] values, TensorPlace place, bool isParameter = true)
    {
        string wanted = origin ?? $"{layer}.{role}";
        string name = wanted;
        for (int i = 2; !Values.TryAdd(name, values); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}#{i}");
        if (isParameter && !string.Equals(name, wanted, StringComparison.Ordinal))
            Note($"initialiser '{wanted}' is read by several nodes: each has its own copy here ('{name}'), so derivatives are those of separate parameters");
        Places[name] = place;
        return name;
    }

    /// <summary>Adds a layer that reads an activation.</summary>
    public ActivationValue Add(ActivationValue x, Layer layer, int[] shape, int[] order, SampleAxis samples)
    {
        Reserve(layer.OutputSize);
        return new ActivationValue(network.Add(x.Boundary, layer), shape, order, samples);
    }

    /// <summary>Adds a layer that changes entries but not where they lie.</summary>
    public ActivationValue Map(ActivationValue x, Layer layer) => Add(x, layer, x.Shape, x.Order, x.Samples);

    /// <summary>The activation with its entries in an order; moves them only if they lie otherwise.</summary>
    public ActivationValue InOrder(ActivationValue x, int[] order, string name)
    {
        if (x.LiesAs(order))
            return new ActivationValue(x.Boundary, x.Shape, order, x.Samples);
        Reserve(x.Length);
        int[] strides = Extents.Strides(x.Shape, x.Order);
        int[] indices = Extents.Walk([.. order.Select(axis => x.Shape[axis])], [.. order.Select(axis => strides[axis])], 0);
        return Add(x, new SelectLayer(LayerName($"{name}/order"), x.Length, indices), x.Shape, order, x.Samples);
    }

    /// <summary>The activation with its entries as its shape says.</summary>
    public ActivationValue Standard(ActivationValue x, string name) => InOrder(x, Extents.Ascending(x.Rank), name);

    /// <summary>Entries picked from an activation: <paramref name="map"/> has, for every entry of the new shape, row-major, the one of the old; −1 is a zero.</summary>
    public ActivationValue Pick(ActivationValue x, int[] shape, int[] map, SampleAxis samples, string name)
    {
        int[] order = shape.Length == x.Rank ? x.Order : Extents.Ascending(shape.Length);
        Reserve(3L * map.Length);
        int[] places = x.IsStandard ? [] : Extents.Walk(x.Shape, Extents.Strides(x.Shape, x.Order), 0);
        int[] strides = Extents.Strides(shape, Extents.Ascending(shape.Length));
        int[] outputs = Extents.Walk([.. order.Select(axis => shape[axis])], [.. order.Select(axis => strides[axis])], 0);
        int[] indices = [.. outputs.Select(output => map[output]).Select(input => input < 0 || places.Length == 0 ? input : places[input])];
        if (indices.Length == x.Length && indices.SequenceEqual(Enumerable.Range(0, x.Length)))
            return new ActivationValue(x.Boundary, shape, order, samples);
        return Add(x, new SelectLayer(LayerName(name), x.Length, indices), shape, order, samples);
    }

    /// <summary>The activation repeated along axes of extent 1, and given leading ones, to a shape.</summary>
    public ActivationValue Broadcast(ActivationValue x, int[] shape, string name)
    {
        int batchAxis = x.BatchAxis + shape.Length - x.Rank;
        if (shape[batchAxis] != x.Shape[x.BatchAxis])
            throw new NodeNotSupportedException("it repeats results along the axis of the samples");
        ActivationValue aligned = Aligned(x, shape.Length);
        return aligned.Shape.AsSpan().SequenceEqual(shape) ? aligned : Pick(aligned, shape, Extents.BroadcastMap(x.Shape, shape), aligned.Samples, $"{name}/repeat");
    }

    /// <summary>The activation with leading axes of extent 1.</summary>
    public static ActivationValue Aligned(ActivationValue x, int rank)
    {
        int more = rank - x.Rank;
        return more == 0 ? x : new ActivationValue(x.Boundary, Extents.Aligned(x.Shape, rank), [.. Extents.Ascending(more), .. x.Order.Select(axis => axis + more)], x.Samples.At(x.BatchAxis + more));
    }

    /// <summary>y = scale ⊙ x + shift, the constants given row-major.</summary>
    public ActivationValue Affine(ActivationValue x, double[] scale, double[] shift, string name)
    {
        Reserve(2L * x.Length);
        int[] strides = Extents.Strides(x.Shape, Extents.Ascending(x.Rank));
        int[] places = x.IsStandard ? [] : Extents.Walk([.. x.Order.Select(axis => x.Shape[axis])], [.. x.Order.Select(axis => strides[axis])], 0);
        return Map(x, new AffineLayer(LayerName(name), Lay(scale, places), Lay(shift, places)));
    }

    /// <summary>The same factor and the same summand for every entry.</summary>
    public ActivationValue Affine(ActivationValue x, double scale, double shift, string name) =>
        Affine(x, [.. Enumerable.Repeat(scale, x.Length)], [.. Enumerable.Repeat(shift, x.Length)], name);

    /// <summary>A constant as a result of the network, for operators that need two: it does not depend on the sample, and is not differentiated.</summary>
    public ActivationValue Result(ConstantValue constant, ActivationValue beside, SampleAxis samples, string name)
    {
        int[] none = [.. Enumerable.Repeat(-1, constant.Length)];
        Reserve(constant.Length);
        ActivationValue zeros = Add(beside, new SelectLayer(LayerName($"{name}/zero"), beside.Length, none), constant.Shape, Extents.Ascending(constant.Rank), samples);
        return Affine(zeros, new double[constant.Length], constant.Data, $"{name}/constant");
    }

    /// <summary>A constant beside a result: where the model was exported for a fixed number of samples and the constant repeats itself for each of them, it is taken once.</summary>
    public ConstantValue Once(ConstantValue constant, ActivationValue beside)
    {
        int axis = beside.BatchAxis + constant.Rank - beside.Rank;
        if (fixedBatch <= 1 || axis < 0 || constant.Shape[axis] != fixedBatch * beside.Shape[beside.BatchAxis] || beside.Shape[beside.BatchAxis] != 1)
            return constant;
        int[] shape = [.. constant.Shape];
        shape[axis] = 1;
        int[] strides = Extents.Strides(constant.Shape, Extents.Ascending(constant.Rank));
        int[] first = Extents.Walk(shape, strides, 0);
        for (int sample = 1; sample < fixedBatch; sample++)
        {
            if (Array.Exists(first, index => !constant.Data[index].Equals(constant.Data[index + (sample * strides[axis])])))
                throw new NodeNotSupportedException("its constant differs from sample to sample");
        }
        return constant.Picked(shape, first);
    }

    /// <summary>The rows of several results side by side, each in its own order.</summary>
    public int Concatenate(IReadOnlyList<ActivationValue> parts, string name)
    {
        Reserve(parts.Sum(static part => (long)part.Length));
        List<int> sources = [];
        foreach (ActivationValue part in parts)
        {
            // A join reads different results: one that is read twice is passed on as it is.
            bool again = sources.Contains(part.Boundary);
            sources.Add(again ? network.Add(part.Boundary, new SelectLayer(LayerName($"{name}/again"), part.Length, Extents.Ascending(part.Length))) : part.Boundary);
        }
        return network.Concat(LayerName($"{name}/join"), [.. sources]);
    }

    private static double[] Lay(double[] values, int[] places) => places.Length == 0 ? values : [.. places.Select(place => values[place])];
}
