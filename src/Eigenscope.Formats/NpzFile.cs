using System.IO.Compression;

namespace Eigenscope.Formats;

/// <summary>NumPy's archive of named arrays: a zip file of NPY entries, stored or deflated.</summary>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>Deflate cannot expand more than this: an entry that promises more is damaged, and nothing is allocated for it.</summary>
    private const long LargestExpansion = 1032;

    /// <summary>Every entry carries this time, the earliest that a zip file can hold: equal arrays give equal files.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Names of the arrays in a file, without their extension.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The names, in the file's order.</returns>
    /// <exception cref="DataFormatException">The file is missing or not a zip file.</exception>
    public static IReadOnlyList<string> Names(string path) => Open(path, Names);

    /// <summary>Reads one array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The array's name, without extension.</param>
    /// <returns>The array.</returns>
    /// <exception cref="DataFormatException">The file is missing, not a zip file, has no such array (the message lists those it has), or the array is damaged.</exception>
    public static NpyArray Read(string path, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Open(path, archive =>
        {
            ZipArchiveEntry entry = archive.GetEntry(name + Extension)
                ?? throw new DataFormatException(path, $"an array '{name}'", $"arrays {ErrorText.QuoteSome(Names(archive))}");
            return Read(entry, $"{path}[{name}]");
        });
    }

    /// <summary>Writes several arrays through a temporary file in the same folder, so that the file is whole or not there. Equal arrays give equal bytes.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="arrays">Names (without extension) and arrays.</param>
    /// <param name="compress">Whether to deflate the entries.</param>
    /// <exception cref="ArgumentException">A name is empty or occurs twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, NpyArray>> arrays, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, _) in arrays)
        {
            if (string.IsNullOrEmpty(name) || !names.Add(name))
                throw new ArgumentException($"expected distinct names that are not empty, got '{name}'", nameof(arrays));
        }
        AtomicFile.Write(path, stream => Write(stream, arrays, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression));
    }

    private static void Write(Stream stream, IReadOnlyList<KeyValuePair<string, NpyArray>> arrays, CompressionLevel level)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, NpyArray array) in arrays)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Extension, level);
            entry.LastWriteTime = EntryTime;
            using Stream content = entry.Open();
            NpyFile.Write(content, array);
        }
    }

    private static NpyArray Read(ZipArchiveEntry entry, string name)
    {
        try
        {
            using Crc32Stream content = new(entry.Open());
            long possible = Math.Min(entry.Length, entry.CompressedLength * LargestExpansion);
            NpyArray array = NpyFile.Read(new ContentStream(content, name, possible));
            return content.Checksum == entry.Crc32
                ? array
                : throw new DataFormatException(name, $"checksum {entry.Crc32:x8}", $"{content.Checksum:x8}: damaged data");
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(name, failure);
        }
    }

    private static IReadOnlyList<string> Names(ZipArchive archive) =>
        [.. archive.Entries.Select(entry => entry.FullName).Where(name => name.Length > Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)).Select(name => name[..^Extension.Length])];

    private static T Open<T>(string path, Func<ZipArchive, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using ZipArchive archive = OpenArchive(file, path);
            return read(archive);
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(path, failure);
        }
    }

    private static ZipArchive OpenArchive(FileStream file, string path)
    {
        try
        {
            ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (InvalidDataException failure)
        {
            throw new DataFormatException(path, "an NPZ file (a zip file of NPY arrays)", "no whole zip file: another format, or truncated", failure);
        }
    }
}
