using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Eigenscope.Formats.Safetensors;

/// <summary>
/// The safetensors format of Hugging Face: the length of a header in eight bytes (little-endian), the header in JSON with name, type, shape and place of every tensor, and the tensors' bytes one after another.
/// </summary>
/// <remarks>
/// A file is not trusted: the header has at most 100 MB, and all that it says is compared with the bytes that are there before anything is allocated for it. Reading takes the file's bytes once,
/// and about ten times those of its header, which of a real model are few.
/// </remarks>
public static class SafetensorsFile
{
    private const int LargestHeader = 100_000_000;
    private const int LengthBytes = 8;

    /// <summary>Reads all tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, in the order of the header.</returns>
    /// <exception cref="DataFormatException">The file is missing, no safetensors file, truncated or damaged; a tensor has a type that is not read or a shape that does not fit its bytes;
    /// or the tensors overlap or leave gaps.</exception>
    public static IReadOnlyDictionary<string, SafetensorsTensor> Read(string path) => Open(path, (file, header) => ReadTensors(file, header));

    /// <summary>Reads the metadata: text by text, as whoever wrote the file chose it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The texts by their keys; empty where there are none.</returns>
    /// <exception cref="DataFormatException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) => Open(path, static (_, header) => header.Metadata);

    /// <summary>Writes tensors through a temporary file in the same folder, so that the file is whole or not there. Equal tensors give equal bytes: wider types come first, and names are in order.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">Texts to go with them, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has the metadata's, <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(static tensor => NumberBytes.Size(SafetensorsElements.Number(tensor.Element))).ThenBy(static tensor => tensor.Name, StringComparer.Ordinal)];
        HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"expected distinct names other than {SafetensorsHeader.MetadataKey}, got {ErrorText.Quote(tensor.Name)}", nameof(tensors));
        }
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsTensor tensor in ordered)
                stream.Write(tensor.Bytes);
        });
    }

    private static T Open<T>(string path, Func<FileStream, SafetensorsHeader, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            SafetensorsHeader header = new(path);
            header.Parse(ReadHeader(file, path));
            RequireLayout(header.Entries, file.Length - file.Position, path);
            return read(file, header);
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(path, failure);
        }
    }

    private static byte[] ReadHeader(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[LengthBytes];
        if (file.ReadAtLeast(start, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
            throw new DataFormatException(path, "a safetensors file (the length of its header in 8 bytes)", string.Create(CultureInfo.InvariantCulture, $"{file.Length} bytes"));
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > LargestHeader || length > (ulong)(file.Length - LengthBytes))
            throw new DataFormatException(path, string.Create(CultureInfo.InvariantCulture, $"a safetensors file, with a header of at most {Math.Min(LargestHeader, file.Length - LengthBytes)} bytes"), string.Create(CultureInfo.InvariantCulture, $"{length}: truncated, or another format"));
        byte[] header = new byte[length];
        file.ReadExactly(header);
        return header;
    }

    /// <summary>Tensors lie one after another, without gaps and to the end, as the format demands: no byte is in two tensors or in none.</summary>
    private static void RequireLayout(List<SafetensorsHeader.Entry> entries, long bytes, string path)
    {
        long end = 0;
        foreach (SafetensorsHeader.Entry entry in entries.OrderBy(static entry => entry.Begin).ThenBy(static entry => entry.End))
        {
            if (entry.Begin != end)
                throw new DataFormatException($"{path}[{ErrorText.Clean(entry.Name)}]", string.Create(CultureInfo.InvariantCulture, $"data that begin at {end}, where those before end"), string.Create(CultureInfo.InvariantCulture, $"{entry.Begin}"));
            end = entry.End;
        }
        if (end != bytes)
            throw new DataFormatException(path, string.Create(CultureInfo.InvariantCulture, $"{end} bytes of data as its header says"), string.Create(CultureInfo.InvariantCulture, $"{bytes}"));
    }

    private static Dictionary<string, SafetensorsTensor> ReadTensors(FileStream file, SafetensorsHeader header)
    {
        long start = file.Position;
        Dictionary<string, SafetensorsTensor> tensors = new(header.Entries.Count, StringComparer.Ordinal);
        foreach (SafetensorsHeader.Entry entry in header.Entries)
        {
            byte[] bytes = new byte[entry.End - entry.Begin];
            file.Position = start + entry.Begin;
            file.ReadExactly(bytes);
            tensors.Add(entry.Name, new SafetensorsTensor(entry.Name, entry.Element, entry.Shape, bytes));
        }
        return tensors;
    }

    /// <summary>Padded with blanks, so that the tensors begin at a multiple of eight bytes.</summary>
    private static byte[] Header(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
                WriteMetadata(json, metadata);
            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
                WriteEntry(json, tensor, ref offset);
            json.WriteEndObject();
        }
        while (text.Length % LengthBytes != 0)
            text.WriteByte((byte)' ');
        return text.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, ref long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsElements.Name(tensor.Element));
        json.WriteStartArray("shape");
        foreach (int extent in tensor.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
