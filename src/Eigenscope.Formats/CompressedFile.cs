using System.IO.Compression;

namespace Eigenscope.Formats;

/// <summary>Opens files that may be gzipped, told by their first two bytes (1f 8b) and never by their name.</summary>
internal static class CompressedFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Runs a reader over the decompressed content and turns every failure of the file system or of the decompression into one clear line.</summary>
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using Stream stream = Open(path);
            return read(stream);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Describe(path, failure);
        }
    }

    public static DataFormatException Describe(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(path, "a readable file", "no such file", failure),
        UnauthorizedAccessException when Directory.Exists(path) => new(path, "a file", "a folder", failure),
        UnauthorizedAccessException => new(path, "a readable file", "no permission to read it", failure),
        InvalidDataException => new(path, "whole compressed data", "truncated or damaged compressed data", failure),
        _ => new(path, "a readable file", failure.Message, failure),
    };

    private static Stream Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        bool compressed = read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        return compressed ? new BufferedStream(new GZipStream(file, CompressionMode.Decompress), BufferBytes) : file;
    }
}
