using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Scratch of one part of the work for a product: the tangents at every boundary of one slice, and two buffers that pass cotangents down.</summary>
internal sealed class TangentBuffers<T>
    where T : unmanaged
{
    private readonly IReadOnlyList<Layer> _layers;
    private readonly T[][] _tangents;
    private readonly T[] _ping;
    private readonly T[] _pong;

    public TangentBuffers(Network network, int capacity)
    {
        _layers = network.Layers;
        _tangents = new T[_layers.Count + 1][];
        _tangents[0] = [];
        int widest = 0;
        for (int i = 0; i < _layers.Count; i++)
        {
            Layer layer = _layers[i];
            _tangents[i + 1] = layer.TangentInPlace && i > 0 ? _tangents[i] : new T[checked(capacity * layer.OutputSize)];
            widest = Math.Max(widest, layer.OutputSize);
        }
        _ping = new T[checked(capacity * widest)];
        _pong = new T[checked(capacity * widest)];
    }

    /// <summary>Tangents at boundary i ≥ 1 of a slice of <paramref name="rows"/> samples.</summary>
    public MatrixSpan<T> Tangent(int boundary, int rows) => View(_tangents[boundary], rows, _layers[boundary - 1].OutputSize);

    /// <summary>One of the two cotangent buffers, as wide as boundary i ≥ 1.</summary>
    public MatrixSpan<T> Cotangent(bool first, int boundary, int rows) => View(first ? _ping : _pong, rows, _layers[boundary - 1].OutputSize);

    private static MatrixSpan<T> View(T[] storage, int rows, int columns) => new(storage.AsSpan(0, rows * columns), rows, columns);
}
