using System.Buffers.Binary;
using System.Globalization;

namespace Eigenscope.Formats;

/// <summary>
/// The IDX format of the MNIST database, plain or gzipped: magic number 00 00 (type) (number of axes), the big-endian 32-bit extents, then the big-endian entries
/// (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", file formats).
/// </summary>
public static class IdxFile
{
    /// <summary>Reads an array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumItems">Keep only this many items of the first axis (≥ 1); the rest is read past and its presence checked. Null keeps all.</param>
    /// <returns>The array.</returns>
    /// <exception cref="DataFormatException">The file is missing, not IDX, truncated, or longer than its header says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumItems"/> is less than 1.</exception>
    public static IdxArray Read(string path, int? maximumItems = null)
    {
        if (maximumItems is < 1)
            throw new ArgumentOutOfRangeException(nameof(maximumItems), maximumItems, "expected at least 1 item");
        return CompressedFile.Read(path, content => Read(content, maximumItems));
    }

    private static IdxArray Read(ContentStream content, int? maximumItems)
    {
        (IdxElementType type, int[] shape) = ReadHeader(content);
        content.BeginSection($"{string.Join('×', shape)} entries of type {type}", EntryBytes.Count(shape) * EntrySize(type));
        int storedItems = shape[0];
        shape[0] = Math.Min(storedItems, maximumItems ?? int.MaxValue);
        long wanted = EntryBytes.Count(shape);
        if (wanted > Array.MaxLength)
            throw content.Error($"at most {Array.MaxLength} entries", wanted.ToString(CultureInfo.InvariantCulture));
        double[] values = new double[wanted];
        ReadValues(content, type, values);
        content.SkipRest();
        content.RequireEnd();
        return new IdxArray(shape, type, values, storedItems);
    }

    private static (IdxElementType Type, int[] Shape) ReadHeader(ContentStream content)
    {
        Span<byte> magic = stackalloc byte[4];
        content.BeginSection("IDX magic number", magic.Length);
        content.ReadExactly(magic);
        IdxElementType type = (IdxElementType)magic[2];
        if (magic[0] != 0 || magic[1] != 0 || !Enum.IsDefined(type) || magic[3] == 0)
            throw content.Error("an IDX file (first bytes 00 00, a type code and the number of axes)", Convert.ToHexStringLower(magic));
        int[] shape = new int[magic[3]];
        Span<byte> extent = stackalloc byte[4];
        content.BeginSection("extents", shape.Length * extent.Length);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            content.ReadExactly(extent);
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(extent);
            if (shape[axis] < 1)
                throw content.Error($"an extent of at least 1 for axis {axis}", shape[axis].ToString(CultureInfo.InvariantCulture));
        }
        return (type, shape);
    }

    private static void ReadValues(ContentStream content, IdxElementType type, double[] values)
    {
        switch (type)
        {
            case IdxElementType.UInt8:
                content.ReadAsDoubles<byte>(values, bigEndian: true);
                break;
            case IdxElementType.Int8:
                content.ReadAsDoubles<sbyte>(values, bigEndian: true);
                break;
            case IdxElementType.Int16:
                content.ReadAsDoubles<short>(values, bigEndian: true);
                break;
            case IdxElementType.Int32:
                content.ReadAsDoubles<int>(values, bigEndian: true);
                break;
            case IdxElementType.Float32:
                content.ReadAsDoubles<float>(values, bigEndian: true);
                break;
            default:
                content.ReadEntries<double>(values, bigEndian: true);
                break;
        }
    }

    private static int EntrySize(IdxElementType type) => type switch
    {
        IdxElementType.UInt8 or IdxElementType.Int8 => 1,
        IdxElementType.Int16 => 2,
        IdxElementType.Int32 or IdxElementType.Float32 => 4,
        _ => 8,
    };
}
