using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Scratch of one part of the work for a product: the tangents at every boundary of one slice, and the few buffers that pass cotangents down.</summary>
internal sealed class TangentBuffers<T>
    where T : unmanaged
{
    private readonly Network _network;
    private readonly T[][] _tangents;
    private readonly T[][] _passing;
    private readonly T[] _scratch;
    private readonly int _capacity;
    private T[] _inputTangent = [];
    private T[] _inputCotangent = [];
    private T[] _inputScratch = [];

    public TangentBuffers(Network network, int capacity)
    {
        _network = network;
        _capacity = capacity;
        _tangents = [.. network.Plan.Tangents.Sizes.Select(size => new T[checked(capacity * size)])];
        _passing = [.. network.Plan.Passing.Sizes.Select(size => new T[checked(capacity * size)])];
        _scratch = new T[checked(capacity * network.Plan.ScratchSize)];
    }

    /// <summary>Bytes that buffers for slices of <paramref name="rows"/> samples take.</summary>
    public static unsafe long Bytes(Network network, long rows) =>
        rows * sizeof(T) * (network.Plan.Tangents.Total + network.Plan.Passing.Total + network.Plan.ScratchSize);

    /// <summary>Tangents at a boundary of a slice of <paramref name="rows"/> samples.</summary>
    public MatrixSpan<T> Tangent(int boundary, int rows) => View(boundary == 0 ? Input(ref _inputTangent) : _tangents[_network.Plan.Tangents.Cell(boundary)], boundary, rows);

    /// <summary>Cotangents passing down through a boundary; valid from the boundary's highest reader to the layer that made it.</summary>
    public MatrixSpan<T> Passing(int boundary, int rows) => View(boundary == 0 ? Input(ref _inputCotangent) : _passing[_network.Plan.Passing.Cell(boundary)], boundary, rows);

    /// <summary>Where a second cotangent of a boundary is made before it is added to the first.</summary>
    public MatrixSpan<T> Scratch(int boundary, int rows) => View(boundary == 0 ? Input(ref _inputScratch) : _scratch, boundary, rows);

    // Only derivatives in the network's own input need room there, and most walks ask for none.
    private T[] Input(ref T[] storage) => storage.Length > 0 ? storage : storage = new T[checked(_capacity * _network.InputSize)];

    private MatrixSpan<T> View(T[] storage, int boundary, int rows)
    {
        int columns = _network.BoundarySize(boundary);
        return new(storage.AsSpan(0, rows * columns), rows, columns);
    }
}
