using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Eigenscope.Testing.Files;

/// <summary>Writes MAT-files of level 5 from the published description of the format, element by element, so that tests can also write wrong ones.</summary>
public sealed class MatWriter(bool isBigEndian = false)
{
    /// <summary>A file: the header and the given elements.</summary>
    public byte[] File(params byte[][] elements)
    {
        byte[] header = new byte[128];
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, written by a test".PadRight(124)).CopyTo(header, 0);
        byte[] end = isBigEndian ? [1, 0, (byte)'M', (byte)'I'] : [0, 1, (byte)'I', (byte)'M'];
        end.CopyTo(header, 124);
        return [.. header, .. elements.SelectMany(static element => element)];
    }

    /// <summary>A numeric array.</summary>
    /// <param name="name">The variable's name; up to four letters go into a small element.</param>
    /// <param name="arrayClass">The format's class: 6 double, 9 uint8.</param>
    /// <param name="type">The format's type of the stored entries: 2 uint8, 9 double.</param>
    /// <param name="shape">Extents.</param>
    /// <param name="entries">Entries in column-major order and in this writer's byte order.</param>
    /// <param name="flags">Further bits of the array's flags: 0x0800 complex.</param>
    public byte[] Array(string name, int arrayClass, int type, int[] shape, byte[] entries, int flags = 0)
    {
        byte[] content =
        [
            .. Element(6, [.. Word((uint)(arrayClass | flags)), .. Word(0)]),
            .. Element(5, [.. shape.SelectMany(extent => Word((uint)extent))]),
            .. name.Length <= 4 ? Small(1, Encoding.ASCII.GetBytes(name)) : Element(1, Encoding.ASCII.GetBytes(name)),
            .. entries.Length is > 0 and <= 4 ? Small(type, entries) : Element(type, entries),
        ];
        return [.. Word(14), .. Word((uint)content.Length), .. content];
    }

    /// <summary>An element as MATLAB compresses it.</summary>
    public byte[] Compress(byte[] element)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(element);
        byte[] bytes = packed.ToArray();
        return [.. Word(15), .. Word((uint)bytes.Length), .. bytes];
    }

    /// <summary>Tag, data and padding.</summary>
    public byte[] Element(int type, byte[] data) => [.. Word((uint)type), .. Word((uint)data.Length), .. data, .. new byte[(8 - (data.Length % 8)) % 8]];

    /// <summary>A 32-bit word.</summary>
    public byte[] Word(uint value)
    {
        byte[] bytes = new byte[4];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>A double.</summary>
    public byte[] Double(double value)
    {
        byte[] bytes = new byte[8];
        if (isBigEndian)
            BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }

    private byte[] Small(int type, byte[] data) => [.. Word((uint)((data.Length << 16) | type)), .. data, .. new byte[4 - data.Length]];
}
