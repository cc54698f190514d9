using System.Numerics;

namespace Eigenscope.Numerics.Tensors;

/// <summary>
/// A dense row-major array with a shape. The first axis is the sample (or row) axis: <see cref="AsMatrix"/> views the tensor
/// as (shape[0]) × (product of the rest). One class serves both precisions.
/// </summary>
/// <typeparam name="T">Entry type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _data;
    private readonly int[] _shape;

    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">Extent of every axis, each ≥ 0; at least one axis.</param>
    /// <exception cref="ArgumentException">No axis, a negative extent, or more than 2³¹ − 1 entries.</exception>
    public Tensor(params ReadOnlySpan<int> shape)
    {
        TensorShape.RequireAxis(shape);
        _data = new T[TensorShape.Count(shape)];
        _shape = shape.ToArray();
        Columns = TensorShape.Count(_shape.AsSpan(1));
    }

    /// <summary>Wraps an existing array without copying it.</summary>
    /// <param name="data">Row-major entries; the tensor keeps this array.</param>
    /// <param name="shape">Extent of every axis; the product must equal the array's length.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly <c>data.Length</c> entries.</exception>
    public Tensor(T[] data, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        TensorShape.RequireAxis(shape);
        int count = TensorShape.Count(shape);
        if (count != data.Length)
            throw new ArgumentException($"shape [{string.Join(", ", shape.ToArray())}] holds {count} entries, the array has {data.Length}", nameof(shape));
        _shape = shape.ToArray();
        _data = data;
        Columns = TensorShape.Count(_shape.AsSpan(1));
    }

    /// <summary>Extent of every axis.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of entries.</summary>
    public int Length => _data.Length;

    /// <summary>Extent of the first axis.</summary>
    public int Rows => _shape[0];

    /// <summary>Product of the extents after the first (1 for a vector).</summary>
    public int Columns { get; }

    /// <summary>The entries, row-major.</summary>
    public Span<T> Span => _data;

    /// <summary>The array that holds the entries, row-major, for code that has to keep it across a closure; writing to it writes to the tensor.</summary>
    public T[] Storage => _data;

    /// <summary>Entry at the given row and column of <see cref="AsMatrix"/>.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <param name="column">Column index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such entry.</exception>
    public ref T this[int row, int column] => ref AsMatrix()[row, column];

    /// <summary>Views the tensor as (first axis) × (all the rest).</summary>
    /// <returns>A view of the tensor's own storage.</returns>
    public MatrixSpan<T> AsMatrix() => new(_data, Rows, Columns);

    /// <summary>One row of <see cref="AsMatrix"/>.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <returns>A view of the tensor's own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public Span<T> Row(int row) => AsMatrix().Row(row);

    /// <summary>The transpose of <see cref="AsMatrix"/>.</summary>
    /// <returns>A columns × rows tensor with its own storage.</returns>
    public Tensor<T> Transposed()
    {
        Tensor<T> transposed = new(Columns, Rows);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
                transposed._data[(j * Rows) + i] = _data[(i * Columns) + j];
        }
        return transposed;
    }

    /// <summary>A copy with its own storage.</summary>
    /// <returns>A tensor of the same shape and entries.</returns>
    public Tensor<T> Clone() => new([.. _data], _shape);

    /// <summary>Converts the entries to another precision, rounding to nearest.</summary>
    /// <typeparam name="TOther">The entry type wanted.</typeparam>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<TOther> Convert<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        Tensor<TOther> result = new(_shape);
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<T, TOther>(_data, result.Span);
        return result;
    }
}

/// <summary>Arithmetic on shapes.</summary>
internal static class TensorShape
{
    public static void RequireAxis(ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty)
            throw new ArgumentException("a tensor has at least one axis, got none", nameof(shape));
    }

    public static int Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
            count *= extent;
            if (count > int.MaxValue)
                throw new ArgumentException($"shape [{string.Join(", ", shape.ToArray())}] holds more than {int.MaxValue} entries", nameof(shape));
        }
        return (int)count;
    }
}
