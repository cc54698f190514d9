using System.Buffers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>A pooled block of vectors for an operator's intermediate results: nothing is allocated per product once the pool is warm.</summary>
internal readonly struct Scratch(int rows, int columns) : IDisposable
{
    private readonly double[] _buffer = ArrayPool<double>.Shared.Rent(rows * columns);

    public MatrixSpan<double> Matrix => new(_buffer, rows, columns);

    public void Dispose() => ArrayPool<double>.Shared.Return(_buffer);
}
