using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// What a slice of samples remembers of one forward and one backward pass: the values at every layer boundary, the loss's cotangents, the layers' stashes. Boundary i is the input of
/// layer i; the last is the logits. Where a layer works in place, its two boundaries share their memory, so that for ReLU and tanh a slice holds two numbers per unit and sample.
/// </summary>
internal sealed class SliceState<T>
    where T : unmanaged
{
    private readonly IReadOnlyList<Layer> _layers;
    private readonly T[][] _values;
    private readonly T[][] _cotangents;
    private readonly T[][] _stash;
    private readonly T[] _lossState;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private T[] _input = [];
    private int _inputOffset;

    public SliceState(Network network, int capacity)
    {
        _layers = network.Layers;
        _values = new T[_layers.Count + 1][];
        _cotangents = new T[_layers.Count + 1][];
        _stash = new T[_layers.Count][];
        _values[0] = [];
        _cotangents[0] = [];
        for (int i = 0; i < _layers.Count; i++)
        {
            Layer layer = _layers[i];
            bool elementwise = layer is ElementwiseLayer;
            _values[i + 1] = layer.ValueInPlace && i > 0 ? _values[i] : Allocate(capacity, layer.OutputSize);
            _cotangents[i + 1] = elementwise && i > 0 ? _cotangents[i] : Allocate(capacity, layer.OutputSize);
            _stash[i] = Allocate(capacity, layer.StashSize);
        }
        _lossState = Allocate(capacity, network.OutputSize);
        _labels = new int[capacity];
        _weights = new double[capacity];
    }

    /// <summary>Number of samples now loaded.</summary>
    public int Rows { get; private set; }

    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Rows);

    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Rows);

    public MatrixSpan<T> LossState => new(_lossState.AsSpan(0, Rows * _layers[^1].OutputSize), Rows, _layers[^1].OutputSize);

    /// <summary>Bytes that a slice of <paramref name="rows"/> samples takes, its inputs not counted.</summary>
    public static unsafe long Bytes(Network network, long rows)
    {
        long perSample = network.OutputSize;
        foreach (Layer layer in network.Layers)
        {
            perSample += (layer.ValueInPlace ? 0 : layer.OutputSize) + (layer is ElementwiseLayer ? 0 : layer.OutputSize) + layer.StashSize;
        }
        return rows * perSample * sizeof(T);
    }

    /// <summary>Views consecutive rows of a matrix of inputs, without copying it.</summary>
    public void Load(T[] inputs, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, int start, int count)
    {
        Rows = count;
        _input = inputs;
        _inputOffset = start * _layers[0].InputSize;
        labels.Slice(start, count).CopyTo(_labels);
        weights.Slice(start, count).CopyTo(_weights);
    }

    /// <summary>Copies scattered rows of a matrix of inputs into <paramref name="buffer"/> and views that; every weight is multiplied by <paramref name="factor"/>.</summary>
    public void Gather(T[] inputs, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, ReadOnlySpan<int> samples, double factor, T[] buffer)
    {
        int size = _layers[0].InputSize;
        Rows = samples.Length;
        _input = buffer;
        _inputOffset = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            inputs.AsSpan(samples[i] * size, size).CopyTo(buffer.AsSpan(i * size));
            _labels[i] = labels[samples[i]];
            _weights[i] = factor * weights[samples[i]];
        }
    }

    /// <summary>Values at boundary i.</summary>
    public MatrixSpan<T> Value(int boundary) =>
        boundary == 0
            ? new(_input.AsSpan(_inputOffset, Rows * _layers[0].InputSize), Rows, _layers[0].InputSize)
            : View(_values[boundary], _layers[boundary - 1].OutputSize);

    /// <summary>Cotangents of the loss at boundary i ≥ 1.</summary>
    public MatrixSpan<T> Cotangent(int boundary) =>
        boundary == 0 ? default : View(_cotangents[boundary], _layers[boundary - 1].OutputSize);

    public Span<T> Stash(int layer) => _stash[layer].AsSpan(0, Rows * _layers[layer].StashSize);

    public LayerSlice<T> Layer(int layer) => new()
    {
        Input = Value(layer),
        Output = Value(layer + 1),
        InputCotangent = Cotangent(layer),
        OutputCotangent = Cotangent(layer + 1),
        Stash = Stash(layer),
    };

    // Every entry is written before it is read, so the zeros would only cost time.
    private static T[] Allocate(int rows, int columns) => GC.AllocateUninitializedArray<T>(checked(rows * columns));

    private MatrixSpan<T> View(T[] storage, int columns) => new(storage.AsSpan(0, Rows * columns), Rows, columns);
}
