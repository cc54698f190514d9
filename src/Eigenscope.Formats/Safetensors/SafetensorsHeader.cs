using System.Globalization;
using System.Text.Json;

namespace Eigenscope.Formats.Safetensors;

/// <summary>The header of a file: JSON with an object for every tensor. It is read token by token, so that every name is seen, those given twice too.</summary>
/// <param name="path">What errors call the file.</param>
internal sealed class SafetensorsHeader(string path)
{
    public const string MetadataKey = "__metadata__";

    private const int DeepestNesting = 16;
    private const int MostAxes = 32;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What a header says of a tensor; its bytes are those from Begin to before End of what follows the header.</summary>
    public sealed record Entry(string Name, SafetensorsElement Element, int[] Shape, long Begin, long End);

    public List<Entry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public void Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
            reader.Read();
            Require(ref reader, JsonTokenType.StartObject, "an object of tensors");
            while (NextKey(ref reader, _names, "the header") is { } name)
                ParseMember(ref reader, name);
            reader.Read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw new DataFormatException(path, "a safetensors file (its header in JSON)", "damaged JSON, or another format", failure);
        }
    }

    private void ParseMember(ref Utf8JsonReader reader, string name)
    {
        Require(ref reader, JsonTokenType.StartObject, $"an object for {ErrorText.Quote(name)}");
        if (!string.Equals(name, MetadataKey, StringComparison.Ordinal))
        {
            Entries.Add(ParseEntry(ref reader, name));
            return;
        }
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (NextKey(ref reader, keys, MetadataKey) is { } key)
        {
            Require(ref reader, JsonTokenType.String, $"text for {ErrorText.Quote(key)} of the metadata");
            Metadata.Add(key, reader.GetString()!);
        }
    }

    private Entry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        SafetensorsElement? element = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (NextKey(ref reader, keys, name) is { } key)
        {
            if (key is "dtype")
                element = ParseElement(ref reader, name);
            else if (key is "shape")
                shape = ParseNumbers(ref reader, name, key, MostAxes);
            else if (key is "data_offsets")
                offsets = ParseNumbers(ref reader, name, key, 2);
            else
                throw Error(name, "dtype, shape and data_offsets", ErrorText.Quote(key));
        }
        if (element is null || shape is null || offsets is not { Count: 2 })
            throw Error(name, "a dtype, a shape and two data_offsets", "an entry without them");
        return Checked(new Entry(name, element.Value, [.. shape.Select(extent => Extent(extent, name))], offsets[0], offsets[1]));
    }

    private Entry Checked(Entry entry)
    {
        int size = NumberBytes.Size(SafetensorsElements.Number(entry.Element));
        long count = EntryBytes.Count(entry.Shape);
        if (count > Array.MaxLength / size)
            throw Error(entry.Name, $"at most {Array.MaxLength / size} entries of {entry.Element}", $"shape [{string.Join(", ", entry.Shape)}]");
        return entry.End - entry.Begin == count * size
            ? entry
            : throw Error(
                entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"{count * size} bytes for shape [{string.Join(", ", entry.Shape)}] of {entry.Element}"),
                string.Create(CultureInfo.InvariantCulture, $"data_offsets [{entry.Begin}, {entry.End}]"));
    }

    private SafetensorsElement ParseElement(ref Utf8JsonReader reader, string name)
    {
        Require(ref reader, JsonTokenType.String, $"text for dtype of {ErrorText.Quote(name)}");
        string type = reader.GetString()!;
        return SafetensorsElements.Element(type) ?? throw Error(name, "dtype F64, F32, F16, BF16, I8 to I64, U8 to U64 or BOOL", ErrorText.Quote(type));
    }

    private List<long> ParseNumbers(ref Utf8JsonReader reader, string name, string key, int most)
    {
        Require(ref reader, JsonTokenType.StartArray, $"numbers for {key} of {ErrorText.Quote(name)}");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0 || numbers.Count == most)
                throw Error(name, $"at most {most} whole numbers of at least 0 for {key}", "something else");
            numbers.Add(number);
        }
        return numbers;
    }

    private int Extent(long extent, string name) =>
        extent <= int.MaxValue ? (int)extent : throw Error(name, $"extents of at most {int.MaxValue}", extent.ToString(CultureInfo.InvariantCulture));

    /// <summary>The next key of an object, with its value as the current token; null at the object's end.</summary>
    private string? NextKey(ref Utf8JsonReader reader, HashSet<string> seen, string place)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return null;
        string key = reader.GetString()!;
        if (!seen.Add(key))
            throw Error(place, "distinct keys", $"two named {ErrorText.Quote(key)}");
        reader.Read();
        return key;
    }

    private void Require(ref Utf8JsonReader reader, JsonTokenType type, string expected)
    {
        if (reader.TokenType != type)
            throw new DataFormatException(path, expected, $"{reader.TokenType}");
    }

    private DataFormatException Error(string name, string expected, string actual) => new($"{path}[{ErrorText.Clean(name)}]", expected, actual);
}
