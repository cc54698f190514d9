using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Eigenscope.Formats;

/// <summary>Reads the data elements of a MAT-file: a tag (type and number of bytes), then the data, padded to a multiple of eight bytes.</summary>
/// <param name="stream">The bytes.</param>
/// <param name="limit">More bytes than this they cannot be.</param>
/// <param name="isBigEndian">Their byte order.</param>
/// <param name="path">What errors call the file.</param>
internal sealed class MatElements(Stream stream, long limit, bool isBigEndian, string path)
{
    private const int TagBytes = 8;
    private const int SmallBytes = 4;
    private const int FirstBlock = 1 << 22;
    private const int MaximumAxes = 32;
    private const int MaximumName = 1 << 12;
    private const int ComplexFlag = 0x0800;
    private const int FirstNumericClass = 6;
    private const int LastNumericClass = 15;

    private long _left = limit;

    /// <summary>Type and size of the next element of a file or of a compressed element; the data follow.</summary>
    public (uint Type, uint Size) ReadTopTag()
    {
        Span<byte> tag = stackalloc byte[TagBytes];
        Fill(tag);
        return (Word(tag), Word(tag[SmallBytes..]));
    }

    /// <summary>Says how many bytes the current element has; more than there can be are refused.</summary>
    public void Limit(uint size) => _left = size <= _left ? size : throw Error("sizes that the file can hold", string.Create(CultureInfo.InvariantCulture, $"{size} bytes for a variable: damaged or truncated"));

    /// <summary>Reads to the end of what was compressed, so that its checksum is checked.</summary>
    public void RequireEnd()
    {
        byte[] rest = new byte[1 << 12];
        while (stream.Read(rest) > 0)
        {
        }
    }

    /// <summary>Reads a variable, its data only when it is wanted.</summary>
    public (string Name, MatArray? Array) ReadMatrix(IReadOnlyList<string> names)
    {
        byte[] flags = ReadData("array flags", TagBytes, out _);
        byte[] extents = ReadData("extents", MaximumAxes * sizeof(int), out _);
        string name = Encoding.ASCII.GetString(ReadData("a variable's name", MaximumName, out _));
        if (!names.Contains(name, StringComparer.Ordinal))
            return (name, null);
        uint kind = flags.Length == TagBytes ? Word(flags) : 0;
        if ((kind & 0xff) is < FirstNumericClass or > LastNumericClass || (kind & ComplexFlag) != 0)
            throw Error($"a real numeric array '{name}'", string.Create(CultureInfo.InvariantCulture, $"a variable of class {kind & 0xff}{((kind & ComplexFlag) != 0 ? ", complex" : "")}"));
        int[] shape = Shape(name, extents);
        return (name, ReadEntries(name, shape));
    }

    private MatArray ReadEntries(string name, int[] shape)
    {
        byte[] data = ReadData($"entries of '{name}'", Array.MaxLength, out uint type);
        if (!Enum.IsDefined((MatElementType)type))
            throw Error($"numbers in '{name}'", string.Create(CultureInfo.InvariantCulture, $"data of type {type}"));
        int size = EntrySize((MatElementType)type);
        if (EntryBytes.Count(shape) * size != data.Length)
            throw Error(string.Create(CultureInfo.InvariantCulture, $"{string.Join('×', shape)} entries of {size} bytes in '{name}'"), string.Create(CultureInfo.InvariantCulture, $"{data.Length} bytes"));
        if (isBigEndian == BitConverter.IsLittleEndian)
            EntryBytes.Reverse(data, size);
        return new MatArray(shape, (MatElementType)type, data);
    }

    private int[] Shape(string name, byte[] extents)
    {
        int[] shape = new int[extents.Length / sizeof(int)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = (int)Word(extents.AsSpan(axis * sizeof(int)));
            if (shape[axis] < 0)
                throw Error($"extents of at least 0 in '{name}'", shape[axis].ToString(CultureInfo.InvariantCulture));
        }
        return shape.Length >= 2 ? shape : throw Error($"at least 2 axes in '{name}'", shape.Length.ToString(CultureInfo.InvariantCulture));
    }

    private byte[] ReadData(string what, int maximum, out uint type)
    {
        Span<byte> tag = stackalloc byte[TagBytes];
        Fill(tag);
        type = Word(tag);
        uint size = type >> 16;
        if (size > 0)
        {
            // A small element has its data where others have their size.
            type &= 0xffff;
            return size <= SmallBytes ? tag.Slice(SmallBytes, (int)size).ToArray() : throw Error($"at most {SmallBytes} bytes in a small element", size.ToString(CultureInfo.InvariantCulture));
        }
        size = Word(tag[SmallBytes..]);
        if (size > _left || size > maximum)
            throw Error($"at most {Math.Min(_left, maximum).ToString(CultureInfo.InvariantCulture)} bytes of {what}", $"{size.ToString(CultureInfo.InvariantCulture)}: damaged or truncated");
        byte[] data = ReadGrowing((int)size);
        Span<byte> padding = stackalloc byte[TagBytes];
        Fill(padding[..(int)Math.Min(_left, (TagBytes - (size % TagBytes)) % TagBytes)]);
        return data;
    }

    /// <summary>Memory grows with what arrives: a size that the data do not keep costs little.</summary>
    private byte[] ReadGrowing(int size)
    {
        byte[] data = new byte[Math.Min(size, FirstBlock)];
        Fill(data);
        while (data.Length < size)
        {
            int filled = data.Length;
            Array.Resize(ref data, (int)Math.Min(size, 2L * filled));
            Fill(data.AsSpan(filled));
        }
        return data;
    }

    private void Fill(Span<byte> destination)
    {
        if (destination.Length > _left || stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
            throw Error("whole variables", "a truncated file");
        _left -= destination.Length;
    }

    private uint Word(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private DataFormatException Error(string expected, string actual) => new(path, expected, actual);

    private static int EntrySize(MatElementType type) => type switch
    {
        MatElementType.Int8 or MatElementType.UInt8 => 1,
        MatElementType.Int16 or MatElementType.UInt16 => 2,
        MatElementType.Int32 or MatElementType.UInt32 or MatElementType.Float32 => 4,
        _ => 8,
    };
}
