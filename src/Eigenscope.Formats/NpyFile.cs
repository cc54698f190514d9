using System.Globalization;
using System.Runtime.InteropServices;

namespace Eigenscope.Formats;

/// <summary>NumPy's array format: reads every numeric type in either byte and axis order, writes version 1.0 in C order, little-endian, byte for byte as NumPy does.</summary>
public static class NpyFile
{
    private const int ChunkEntries = 1 << 14;

    /// <summary>Reads an array, plain or gzipped.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, in row-major order whatever the file's order is.</returns>
    /// <exception cref="DataFormatException">The file is missing, not NPY, not numeric, truncated, or longer than its header says.</exception>
    public static NpyArray Read(string path) => CompressedFile.Read(path, Read);

    /// <summary>Writes an array through a temporary file in the same folder, so that the file is whole or not there.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, NpyArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes an array to a stream.</summary>
    /// <param name="stream">Where to write; left open.</param>
    /// <param name="array">The array.</param>
    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        stream.Write(new NpyHeader(array.ElementType, BigEndian: false, FortranOrder: false, [.. array.Shape]).ToBytes());
        switch (array.Data)
        {
            case double[] data:
                WriteEntries<double>(stream, data);
                break;
            case float[] data:
                WriteEntries<float>(stream, data);
                break;
            case long[] data when array.ElementType == NpyElementType.Int64:
                WriteEntries<long>(stream, data);
                break;
            default:
                throw new ArgumentException($"expected Float32, Float64 or Int64 entries to write, got {array.ElementType}", nameof(array));
        }
    }

    internal static NpyArray Read(ContentStream content)
    {
        NpyHeader header = NpyHeader.Read(content);
        long count = EntryBytes.Count(header.Shape);
        content.BeginSection($"[{string.Join(", ", header.Shape)}] entries of type {header.ElementType}", count * header.EntrySize);
        if (count > Array.MaxLength)
            throw content.Error($"at most {Array.MaxLength} entries", count.ToString(CultureInfo.InvariantCulture));
        Array data = ReadData(content, header, (int)count);
        content.RequireEnd();
        return new NpyArray(header.ElementType, data, header.Shape);
    }

    private static Array ReadData(ContentStream content, NpyHeader header, int count) => header.ElementType switch
    {
        NpyElementType.Boolean => Array.ConvertAll(ReadData<byte>(content, header, count), value => value != 0),
        NpyElementType.Int8 => ReadData<sbyte>(content, header, count),
        NpyElementType.UInt8 => ReadData<byte>(content, header, count),
        NpyElementType.Int16 => ReadData<short>(content, header, count),
        NpyElementType.UInt16 => ReadData<ushort>(content, header, count),
        NpyElementType.Int32 => ReadData<int>(content, header, count),
        NpyElementType.UInt32 => ReadData<uint>(content, header, count),
        NpyElementType.Int64 => ReadData<long>(content, header, count),
        NpyElementType.UInt64 => ReadData<ulong>(content, header, count),
        NpyElementType.Float16 => ReadData<Half>(content, header, count),
        NpyElementType.Float32 => ReadData<float>(content, header, count),
        _ => ReadData<double>(content, header, count),
    };

    private static T[] ReadData<T>(ContentStream content, NpyHeader header, int count)
        where T : unmanaged
    {
        T[] data = new T[count];
        content.ReadEntries<T>(data, header.BigEndian);
        return header.FortranOrder && header.Shape.Length > 1 ? ToRowMajor(data, header.Shape) : data;
    }

    /// <summary>Walks the column-major entries with a row-major counter: the first axis runs fastest in the file.</summary>
    private static T[] ToRowMajor<T>(T[] columnMajor, int[] shape)
    {
        T[] rowMajor = new T[columnMajor.Length];
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        int[] index = new int[shape.Length];
        int target = 0;
        foreach (T value in columnMajor)
        {
            rowMajor[target] = value;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                target += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                target -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return rowMajor;
    }

    private static void WriteEntries<T>(Stream stream, ReadOnlySpan<T> entries)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
        {
            for (int start = 0; start < entries.Length; start += ChunkEntries)
                stream.Write(MemoryMarshal.AsBytes(entries.Slice(start, Math.Min(ChunkEntries, entries.Length - start))));
            return;
        }
        foreach (T entry in entries)
        {
            byte[] bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in entry)).ToArray();
            bytes.AsSpan().Reverse();
            stream.Write(bytes);
        }
    }
}
