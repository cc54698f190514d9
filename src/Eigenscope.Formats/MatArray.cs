using System.Numerics;
using System.Runtime.InteropServices;

namespace Eigenscope.Formats;

/// <summary>A real numeric array of a MAT-file.</summary>
/// <param name="Shape">Extent of every axis, at least two of them.</param>
/// <param name="ElementType">How the entries are stored, which may be narrower than their class: MATLAB writes small whole doubles as bytes.</param>
/// <param name="Data">The entries in column-major order (the first index runs fastest) and in the machine's byte order.</param>
public sealed record MatArray(IReadOnlyList<int> Shape, MatElementType ElementType, byte[] Data)
{
    /// <summary>The entries as doubles, in column-major order; 64-bit integers beyond 2⁵³ are rounded.</summary>
    /// <returns>A new array.</returns>
    public double[] ToDoubles() => ElementType switch
    {
        MatElementType.Int8 => Widen<sbyte>(),
        MatElementType.UInt8 => Widen<byte>(),
        MatElementType.Int16 => Widen<short>(),
        MatElementType.UInt16 => Widen<ushort>(),
        MatElementType.Int32 => Widen<int>(),
        MatElementType.UInt32 => Widen<uint>(),
        MatElementType.Float32 => Widen<float>(),
        MatElementType.Int64 => Widen<long>(),
        MatElementType.UInt64 => Widen<ulong>(),
        _ => Widen<double>(),
    };

    private double[] Widen<T>()
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> entries = MemoryMarshal.Cast<byte, T>(Data);
        double[] values = new double[entries.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = double.CreateTruncating(entries[i]);
        return values;
    }
}
