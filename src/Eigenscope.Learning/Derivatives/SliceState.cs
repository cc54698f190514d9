using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// What a slice of samples remembers of one forward and one backward pass: the values at every layer boundary, the loss's cotangents, the layers' stashes. Boundary 0 is the network's input, boundary i + 1
/// the output of layer i. Where a layer works in place its boundaries share their memory (<see cref="BoundaryPlan"/>), so that for ReLU and tanh a slice holds two numbers per unit and sample.
/// </summary>
internal sealed class SliceState<T>
    where T : unmanaged
{
    private readonly Network _network;
    private readonly T[][] _values;
    private readonly T[][] _cotangents;
    private readonly T[] _scratch;
    private readonly T[][] _stash;
    private readonly T[] _lossState;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private T[] _own = [];
    private T[] _input = [];
    private int _inputOffset;

    /// <summary>Room for slices of up to <paramref name="capacity"/> samples. Cotangents that nobody will look at again may overwrite each other on their way down.</summary>
    public SliceState(Network network, int capacity, bool keepsCotangents = true)
    {
        _network = network;
        Cotangents = keepsCotangents ? network.Plan.Cotangents : network.Plan.Passing;
        _values = [.. network.Plan.Values.Sizes.Select(size => Allocate(capacity, size))];
        _cotangents = [.. Cotangents.Sizes.Select(size => Allocate(capacity, size))];
        _scratch = Allocate(capacity, network.Plan.ScratchSize);
        _stash = [.. network.Layers.Select(layer => Allocate(capacity, layer.StashSize))];
        _lossState = Allocate(capacity, network.OutputSize);
        _labels = new int[capacity];
        _weights = new double[capacity];
    }

    /// <summary>Where the cotangents lie.</summary>
    public CellLayout Cotangents { get; }

    /// <summary>Number of samples now loaded.</summary>
    public int Rows { get; private set; }

    public Span<int> Labels => _labels.AsSpan(0, Rows);

    public Span<double> Weights => _weights.AsSpan(0, Rows);

    public MatrixSpan<T> LossState => View(_lossState, _network.OutputSize);

    /// <summary>Bytes that a slice of <paramref name="rows"/> samples takes, its inputs not counted.</summary>
    public static unsafe long Bytes(Network network, long rows)
    {
        BoundaryPlan plan = network.Plan;
        long perSample = network.OutputSize + plan.Values.Total + plan.Cotangents.Total + plan.ScratchSize + network.Layers.Sum(static layer => (long)layer.StashSize);
        return rows * perSample * sizeof(T);
    }

    /// <summary>Views samples in somebody else's memory, from entry <paramref name="offset"/> on; labels and weights are left to fill.</summary>
    public void View(T[] inputs, int offset, int rows)
    {
        Rows = rows;
        _input = inputs;
        _inputOffset = offset;
    }

    /// <summary>Makes room for samples in memory of its own, which is left to fill, as are labels and weights.</summary>
    public Span<T> Own(int rows)
    {
        int length = checked(rows * _network.InputSize);
        if (_own.Length < length)
            _own = Allocate(Math.Max(rows, _labels.Length), _network.InputSize);
        View(_own, 0, rows);
        return _own.AsSpan(0, length);
    }

    /// <summary>Values at a boundary.</summary>
    public MatrixSpan<T> Value(int boundary) =>
        boundary == 0
            ? new(_input.AsSpan(_inputOffset, Rows * _network.InputSize), Rows, _network.InputSize)
            : View(_values[_network.Plan.Values.Cell(boundary)], _network.BoundarySize(boundary));

    /// <summary>Cotangents of the loss at a boundary; empty at the input.</summary>
    public MatrixSpan<T> Cotangent(int boundary) =>
        boundary == 0 ? default : View(_cotangents[Cotangents.Cell(boundary)], _network.BoundarySize(boundary));

    /// <summary>Where a second cotangent of a boundary is made before it is added to the first.</summary>
    public MatrixSpan<T> Scratch(int boundary) => View(_scratch, _network.BoundarySize(boundary));

    public Span<T> Stash(int layer) => _stash[layer].AsSpan(0, Rows * _network.Layers[layer].StashSize);

    public LayerSlice<T> Layer(int layer) => new()
    {
        Input = Value(_network.Sources(layer)[0]),
        Output = Value(layer + 1),
        InputCotangent = Cotangent(_network.Sources(layer)[0]),
        OutputCotangent = Cotangent(layer + 1),
        Stash = Stash(layer),
    };

    // Every entry is written before it is read, so the zeros would only cost time.
    private static T[] Allocate(int rows, int columns) => GC.AllocateUninitializedArray<T>(checked(rows * columns));

    private MatrixSpan<T> View(T[] storage, int columns) => new(storage.AsSpan(0, Rows * columns), Rows, columns);
}
