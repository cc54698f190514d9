using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Formats;

/// <summary>Numbers in little-endian bytes.</summary>
internal static class NumberBytes
{
    public static int Size(NumberType type) => type switch
    {
        NumberType.Int8 or NumberType.UInt8 or NumberType.Boolean => 1,
        NumberType.Float16 or NumberType.BFloat16 or NumberType.Int16 or NumberType.UInt16 => 2,
        NumberType.Float32 or NumberType.Int32 or NumberType.UInt32 => 4,
        _ => 8,
    };

    public static bool IsFloat(NumberType type) => type <= NumberType.BFloat16;

    /// <summary>Exact, except for 64-bit integers beyond ±2⁵³.</summary>
    public static double[] ToDoubles(NumberType type, ReadOnlySpan<byte> bytes) => type switch
    {
        NumberType.Float64 => Decode<double, double>(bytes),
        NumberType.Float32 => Decode<float, double>(bytes),
        NumberType.Float16 => Decode<Half, double>(bytes),
        NumberType.BFloat16 => WidenUpperHalves(bytes),
        _ => ToIntegersOr<double>(type, bytes),
    };

    /// <summary>Exact; an unsigned number that a signed one cannot hold is an <see cref="OverflowException"/>.</summary>
    public static long[] ToIntegers(NumberType type, ReadOnlySpan<byte> bytes) => ToIntegersOr<long>(type, bytes);

    /// <summary>Floats are rounded; a whole number that the type cannot hold is an <see cref="OverflowException"/>.</summary>
    public static byte[] Of<TFrom, T>(ReadOnlySpan<TFrom> values)
        where TFrom : INumberBase<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        byte[] bytes = new byte[checked(values.Length * Unsafe.SizeOf<T>())];
        Span<T> entries = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int i = 0; i < entries.Length; i++)
            entries[i] = T.CreateChecked(values[i]);
        if (!BitConverter.IsLittleEndian)
            EntryBytes.Reverse(bytes, Unsafe.SizeOf<T>());
        return bytes;
    }

    private static TTo[] ToIntegersOr<TTo>(NumberType type, ReadOnlySpan<byte> bytes)
        where TTo : INumberBase<TTo> => type switch
        {
            NumberType.Int8 => Decode<sbyte, TTo>(bytes),
            NumberType.UInt8 => Decode<byte, TTo>(bytes),
            NumberType.Int16 => Decode<short, TTo>(bytes),
            NumberType.UInt16 => Decode<ushort, TTo>(bytes),
            NumberType.Int32 => Decode<int, TTo>(bytes),
            NumberType.UInt32 => Decode<uint, TTo>(bytes),
            NumberType.Int64 => Decode<long, TTo>(bytes),
            NumberType.UInt64 => Decode<ulong, TTo>(bytes),
            NumberType.Boolean => Truths<TTo>(bytes),
            _ => throw new InvalidOperationException($"expected whole numbers, got {type}"),
        };

    private static double[] WidenUpperHalves(ReadOnlySpan<byte> bytes)
    {
        double[] values = new double[bytes.Length / 2];
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
        return values;
    }

    private static TTo[] Truths<TTo>(ReadOnlySpan<byte> bytes)
        where TTo : INumberBase<TTo>
    {
        TTo[] values = new TTo[bytes.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = bytes[i] == 0 ? TTo.Zero : TTo.One;
        return values;
    }

    private static TTo[] Decode<T, TTo>(ReadOnlySpan<byte> bytes)
        where T : unmanaged, INumberBase<T>
        where TTo : INumberBase<TTo>
    {
        if (!BitConverter.IsLittleEndian)
        {
            byte[] reversed = bytes.ToArray();
            EntryBytes.Reverse(reversed, Unsafe.SizeOf<T>());
            bytes = reversed;
        }
        ReadOnlySpan<T> entries = MemoryMarshal.Cast<byte, T>(bytes);
        TTo[] values = new TTo[entries.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = TTo.CreateChecked(entries[i]);
        return values;
    }
}
