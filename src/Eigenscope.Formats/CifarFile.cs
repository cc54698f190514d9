using System.Globalization;

namespace Eigenscope.Formats;

/// <summary>
/// The binary version of CIFAR-10, plain or gzipped: records of 3073 bytes, the label and then the red, green and blue plane of a 32×32 image
/// (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; format on the data set's page).
/// </summary>
public static class CifarFile
{
    /// <summary>Pixels of a record: 3 × 32 × 32.</summary>
    public const int PixelBytes = 3072;

    private const int RecordBytes = PixelBytes + 1;
    private const int RecordsAtOnce = 64;

    private delegate void ReadBytes(Span<byte> destination);

    /// <summary>Reads one file of records.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its records, of any number ≥ 1.</returns>
    /// <exception cref="DataFormatException">The file is missing, damaged, or not a whole number of records.</exception>
    public static CifarBatch ReadBatch(string path) => CompressedFile.Read(path, content => Read(content.Stream.ReadExactly, BatchName(path), path, content.Length));

    /// <summary>Reads the <c>.bin</c> files of the official archive, <c>cifar-10-binary.tar.gz</c>.</summary>
    /// <param name="path">The archive, gzipped or not.</param>
    /// <returns>The batches in the order of their names, whatever their order in the archive.</returns>
    /// <exception cref="DataFormatException">The archive is missing or damaged, or a file in it is not a whole number of records.</exception>
    public static IReadOnlyList<CifarBatch> ReadArchive(string path) => CompressedFile.Read(path, content => ReadEntries(content, path));

    private static List<CifarBatch> ReadEntries(ContentStream content, string path)
    {
        List<CifarBatch> batches = [];
        TarEntries archive = new(content.Stream, path, content.Length);
        while (archive.MoveNext())
        {
            if (archive.IsFile && archive.Name.EndsWith(".bin", StringComparison.Ordinal))
                batches.Add(Read(archive.ReadExactly, Path.GetFileName(archive.Name), $"{path}[{ErrorText.Clean(archive.Name)}]", archive.Length));
        }
        batches.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return batches;
    }

    private static CifarBatch Read(ReadBytes read, string name, string subject, long length)
    {
        if (length == 0 || length % RecordBytes != 0)
            throw new DataFormatException(subject, $"whole records of {RecordBytes} bytes", string.Create(CultureInfo.InvariantCulture, $"{length} bytes"));
        if (length > Array.MaxLength)
            throw new DataFormatException(subject, $"at most {Array.MaxLength} bytes", string.Create(CultureInfo.InvariantCulture, $"{length}"));
        int count = (int)(length / RecordBytes);
        byte[] labels = new byte[count];
        byte[] pixels = new byte[length - count];
        byte[] buffer = new byte[RecordsAtOnce * RecordBytes];
        for (int start = 0; start < count; start += RecordsAtOnce)
        {
            int records = Math.Min(RecordsAtOnce, count - start);
            read(buffer.AsSpan(0, records * RecordBytes));
            for (int i = 0; i < records; i++)
            {
                labels[start + i] = buffer[i * RecordBytes];
                buffer.AsSpan((i * RecordBytes) + 1, PixelBytes).CopyTo(pixels.AsSpan((start + i) * PixelBytes));
            }
        }
        return new CifarBatch(name, labels, pixels);
    }

    private static string BatchName(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
    }
}
