using System.Buffers.Binary;
using System.IO.Compression;

namespace Eigenscope.Formats;

/// <summary>
/// Reads a gzip file through and compares it with its trailer (RFC 1952): the class library ends a truncated one silently, as if it were whole.
/// </summary>
internal static class GzipCheck
{
    private const int TrailerBytes = 8;

    /// <summary>Number of bytes that the file holds decompressed; leaves the file at its beginning.</summary>
    /// <exception cref="InvalidDataException">The file is truncated or damaged.</exception>
    public static long RequireWhole(FileStream file)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        file.Position = Math.Max(0, file.Length - TrailerBytes);
        file.ReadExactly(trailer);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint lastLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        (uint found, long length) = Checksum(file, 0);
        bool isWhole = found == checksum && (uint)length == lastLength;

        // Concatenated members are one legal file; its trailer speaks of the last member only.
        if (!isWhole && length > lastLength)
            isWhole = Checksum(file, length - lastLength).Checksum == checksum;
        file.Position = 0;
        return isWhole ? length : throw new InvalidDataException("the data does not fit its checksum");
    }

    private static (uint Checksum, long Length) Checksum(FileStream file, long skip)
    {
        file.Position = 0;
        using GZipStream content = new(file, CompressionMode.Decompress, leaveOpen: true);
        byte[] buffer = new byte[1 << 16];
        for (long left = skip; left > 0;)
        {
            int skipped = content.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (skipped == 0)
                throw new InvalidDataException("the data ends early");
            left -= skipped;
        }
        Crc32 crc = new();
        long length = skip;
        for (int read = content.Read(buffer); read > 0; read = content.Read(buffer))
        {
            crc.Append(buffer.AsSpan(0, read));
            length += read;
        }
        return (crc.Value, length);
    }
}
