using System.IO.Compression;

namespace Eigenscope.Formats;

/// <summary>Opens files that may be gzipped, told by their first two bytes (1f 8b) and never by their name.</summary>
internal static class CompressedFile
{
    /// <summary>Deflate cannot expand more than this: a header that promises more bytes is wrong, and nothing is allocated for it.</summary>
    public const long LargestExpansion = 1032;

    private const int BufferBytes = 1 << 16;

    /// <summary>Runs a reader over the decompressed content and turns every failure of the file system or of the decompression into one clear line.</summary>
    public static T Read<T>(string path, Func<ContentStream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            if (!IsGzip(file))
                return read(new ContentStream(file, path, file.Length));
            using BufferedStream content = new(new GZipStream(file, CompressionMode.Decompress), BufferBytes);
            return read(new ContentStream(content, path, file.Length * LargestExpansion));
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            throw Describe(path, failure);
        }
    }

    public static bool IsUnreadable(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException;

    public static DataFormatException Describe(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(path, "a readable file", "no such file", failure),
        UnauthorizedAccessException when Directory.Exists(path) => new(path, "a file", "a folder", failure),
        UnauthorizedAccessException => new(path, "a readable file", "no permission to read it", failure),
        InvalidDataException or EndOfStreamException => new(path, "whole compressed data", "truncated or damaged compressed data", failure),
        _ => new(path, "a readable file", failure.Message, failure),
    };

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }
}
