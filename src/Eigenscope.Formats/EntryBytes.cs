using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Eigenscope.Formats;

/// <summary>Byte order of fixed-size entries.</summary>
internal static class EntryBytes
{
    /// <summary>Reverses the bytes of every entry in place.</summary>
    public static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 1:
                break;
            case 2:
                Span<ushort> pairs = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(pairs, pairs);
                break;
            case 4:
                Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(size), size, "expected entries of 1, 2, 4 or 8 bytes");
        }
    }

    /// <summary>Product of the extents, saturating: a product that does not fit a long is larger than any file.</summary>
    public static long Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            if (extent != 0 && count > long.MaxValue / 8 / extent)
                return long.MaxValue / 8;
            count *= extent;
        }
        return count;
    }

    /// <summary>A copy of a shape that a caller gives for a tensor.</summary>
    /// <exception cref="ArgumentException">It does not hold exactly so many entries.</exception>
    public static int[] CheckedShape(string name, IReadOnlyList<int> shape, int length)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int[] extents = [.. shape];
        foreach (int extent in extents)
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
        return Count(extents) == length
            ? extents
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"expected entries for shape [{string.Join(", ", extents)}] of tensor {ErrorText.Quote(name)}, got {length}"), nameof(shape));
    }
}
