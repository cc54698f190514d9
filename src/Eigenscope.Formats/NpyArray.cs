using System.Globalization;
using System.Numerics;

namespace Eigenscope.Formats;

/// <summary>A numeric array from, or for, an NPY file: row-major entries of one element type, kept exactly as stored.</summary>
public sealed class NpyArray
{
    private readonly int[] _shape;

    internal NpyArray(NpyElementType elementType, Array data, int[] shape)
    {
        ElementType = elementType;
        Data = data;
        _shape = shape;
    }

    /// <summary>Element type.</summary>
    public NpyElementType ElementType { get; }

    /// <summary>Extent of every axis; none for a scalar.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Number of entries.</summary>
    public int Length => Data.Length;

    /// <summary>Whether the entries are integers or truth values.</summary>
    public bool IsInteger => ElementType < NpyElementType.Float16;

    internal Array Data { get; }

    /// <summary>Wraps 64-bit floats without copying.</summary>
    /// <param name="data">Row-major entries.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly <c>data.Length</c> entries.</exception>
    public static NpyArray Create(double[] data, params ReadOnlySpan<int> shape) => Wrap(NpyElementType.Float64, data, shape);

    /// <summary>Wraps 32-bit floats without copying.</summary>
    /// <param name="data">Row-major entries.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly <c>data.Length</c> entries.</exception>
    public static NpyArray Create(float[] data, params ReadOnlySpan<int> shape) => Wrap(NpyElementType.Float32, data, shape);

    /// <summary>Wraps 64-bit integers without copying.</summary>
    /// <param name="data">Row-major entries.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly <c>data.Length</c> entries.</exception>
    public static NpyArray Create(long[] data, params ReadOnlySpan<int> shape) => Wrap(NpyElementType.Int64, data, shape);

    /// <summary>The entries as doubles: exact, except for 64-bit integers beyond ±2⁵³, which are rounded.</summary>
    /// <returns>The array's own storage when the entries are 64-bit floats; otherwise a copy.</returns>
    public double[] ToDoubles() => ElementType switch
    {
        NpyElementType.Float64 => (double[])Data,
        NpyElementType.Boolean => Array.ConvertAll((bool[])Data, value => value ? 1.0 : 0.0),
        NpyElementType.Int8 => ConvertAll<sbyte, double>(),
        NpyElementType.UInt8 => ConvertAll<byte, double>(),
        NpyElementType.Int16 => ConvertAll<short, double>(),
        NpyElementType.UInt16 => ConvertAll<ushort, double>(),
        NpyElementType.Int32 => ConvertAll<int, double>(),
        NpyElementType.UInt32 => ConvertAll<uint, double>(),
        NpyElementType.Int64 => ConvertAll<long, double>(),
        NpyElementType.UInt64 => ConvertAll<ulong, double>(),
        NpyElementType.Float16 => ConvertAll<Half, double>(),
        _ => ConvertAll<float, double>(),
    };

    /// <summary>The entries as integers, exactly.</summary>
    /// <returns>The array's own storage when the entries are 64-bit signed integers; otherwise a copy.</returns>
    /// <exception cref="InvalidOperationException">The entries are floats.</exception>
    /// <exception cref="OverflowException">An unsigned entry exceeds 2⁶³ − 1.</exception>
    public long[] ToInt64s() => ElementType switch
    {
        NpyElementType.Int64 => (long[])Data,
        NpyElementType.Boolean => Array.ConvertAll((bool[])Data, value => value ? 1L : 0L),
        NpyElementType.Int8 => ConvertAll<sbyte, long>(),
        NpyElementType.UInt8 => ConvertAll<byte, long>(),
        NpyElementType.Int16 => ConvertAll<short, long>(),
        NpyElementType.UInt16 => ConvertAll<ushort, long>(),
        NpyElementType.Int32 => ConvertAll<int, long>(),
        NpyElementType.UInt32 => ConvertAll<uint, long>(),
        NpyElementType.UInt64 => ConvertAll<ulong, long>(),
        _ => throw new InvalidOperationException($"expected integer entries, got {ElementType}"),
    };

    private static NpyArray Wrap(NpyElementType type, Array data, ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (int extent in shape)
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
        if (EntryBytes.Count(shape) == data.Length)
            return new NpyArray(type, data, shape.ToArray());
        string count = EntryBytes.Count(shape).ToString(CultureInfo.InvariantCulture);
        throw new ArgumentException($"shape [{string.Join(", ", shape.ToArray())}] holds {count} entries, the array has {data.Length}", nameof(shape));
    }

    private TTo[] ConvertAll<TFrom, TTo>()
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => Array.ConvertAll((TFrom[])Data, TTo.CreateChecked);
}
