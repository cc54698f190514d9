using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Eigenscope.Formats;

/// <summary>
/// Real numeric arrays of MATLAB's MAT-files of level 5 (MATLAB 5 to 7.2; <c>save -v7</c>), compressed or not, of either byte order (The MathWorks, "MAT-File Format", R2019b).
/// Sizes are checked against what the file holds before anything is allocated for them, and large arrays are allocated as their bytes arrive.
/// </summary>
public static class MatFile
{
    private const int HeaderBytes = 128;
    private const int TagBytes = 8;
    private const int VersionOffset = 124;
    private const ushort Level5 = 0x0100;
    private const uint Matrix = 14;
    private const uint Compressed = 15;

    // Deflate writes at most 258 bytes with 2 bits: no stream grows by more.
    private const long LargestExpansion = 1032;

    /// <summary>Reads arrays by name; other variables of the file are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Names of the variables, all of which must be there.</param>
    /// <returns>The arrays in the order of <paramref name="names"/>.</returns>
    /// <exception cref="DataFormatException">The file is missing, not a MAT-file of level 5, truncated or damaged, or lacks a variable; or a variable is not a real numeric array.</exception>
    public static IReadOnlyList<MatArray> Read(string path, params IReadOnlyList<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(names);
        Dictionary<string, MatArray> found = new(StringComparer.Ordinal);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            bool isBigEndian = ReadHeader(file, path);
            while (file.Position < file.Length && found.Count < names.Count)
                ReadElement(file, path, isBigEndian, names, found);
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(path, failure);
        }
        return [.. names.Select(name => found.TryGetValue(name, out MatArray? array) ? array : throw new DataFormatException(path, $"a variable '{name}'", "a file without it"))];
    }

    private static bool ReadHeader(FileStream file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        int read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        header = header[..read];
        if (header.StartsWith("MATLAB 7.3"u8) || header.StartsWith<byte>([0x89, (byte)'H', (byte)'D', (byte)'F']))
            throw new DataFormatException(path, "a MAT-file of level 5", "one of MATLAB 7.3 (HDF5); save it with -v7");
        bool isLittle = read == HeaderBytes && header[^2..].SequenceEqual("IM"u8) && BinaryPrimitives.ReadUInt16LittleEndian(header[VersionOffset..]) == Level5;
        bool isBig = read == HeaderBytes && header[^2..].SequenceEqual("MI"u8) && BinaryPrimitives.ReadUInt16BigEndian(header[VersionOffset..]) == Level5;
        return isLittle || isBig ? isBig : throw new DataFormatException(path, "a MAT-file of level 5 (a header of 128 bytes that ends in 0100 and IM or MI)", "something else");
    }

    private static void ReadElement(FileStream file, string path, bool isBigEndian, IReadOnlyList<string> names, Dictionary<string, MatArray> found)
    {
        (uint type, uint size) = new MatElements(file, file.Length - file.Position, isBigEndian, path).ReadTopTag();
        if (type >> 16 != 0)
            return; // A small element: its data were in the tag.
        long end = file.Position + size;
        if (end > file.Length)
            throw new DataFormatException(path, string.Create(CultureInfo.InvariantCulture, $"{end} bytes ({size} of a variable)"), string.Create(CultureInfo.InvariantCulture, $"{file.Length}: truncated"));
        if (type == Compressed)
        {
            using ZLibStream content = new(new LimitedStream(file, size), CompressionMode.Decompress);
            ReadCompressed(new MatElements(content, size * LargestExpansion, isBigEndian, path), names, found);
        }
        else if (type == Matrix)
        {
            ReadVariable(new MatElements(file, size, isBigEndian, path), names, found);
        }
        // Only compressed elements are not padded.
        file.Position = type == Compressed ? end : Math.Min(file.Length, end + ((TagBytes - (size % TagBytes)) % TagBytes));
    }

    private static void ReadCompressed(MatElements content, IReadOnlyList<string> names, Dictionary<string, MatArray> found)
    {
        (uint type, uint size) = content.ReadTopTag();
        if (type != Matrix)
            return;
        content.Limit(size);
        if (ReadVariable(content, names, found))
            content.RequireEnd();
    }

    private static bool ReadVariable(MatElements content, IReadOnlyList<string> names, Dictionary<string, MatArray> found)
    {
        (string name, MatArray? array) = content.ReadMatrix(names);
        if (array is not null)
            found[name] = array;
        return array is not null;
    }
}
