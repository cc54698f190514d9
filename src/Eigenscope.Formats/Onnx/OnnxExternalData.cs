using System.Globalization;
using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf.Collections;

namespace Eigenscope.Formats.Onnx;

/// <summary>
/// Tensors' bytes in files beside a model. A location is relative to the model's folder and stays in it, links followed. The same region is read once;
/// different regions of a file may not have more bytes together than the file.
/// </summary>
/// <param name="model">The model's file.</param>
/// <param name="mostBytes">Most bytes to read in all.</param>
internal sealed class OnnxExternalData(string model, long mostBytes)
{
    private const int LongestLocation = 1024;

    private readonly string _folder = LinkedPath.Resolve(Path.GetDirectoryName(Path.GetFullPath(model)) ?? "/");
    private readonly Dictionary<(string File, long Offset, long Length), ReadOnlyMemory<byte>> _regions = [];
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);
    private long _left = mostBytes;

    /// <summary>The bytes of a tensor, of which there must be as many as its shape says.</summary>
    public ReadOnlyMemory<byte> Read(RepeatedField<StringStringEntryProto> entries, long bytes, string what)
    {
        string place = $"{model}[{what}]";
        string location = Entry(entries, "location") ?? throw new DataFormatException(place, "the location of its external data", "none");
        long offset = Number(entries, "offset", place) ?? 0;
        if (Number(entries, "length", place) is { } length && length != bytes)
            throw new DataFormatException(place, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes of external data as its shape says"), string.Create(CultureInfo.InvariantCulture, $"{length}"));
        string file = Resolve(location, place);
        if (!_regions.TryGetValue((file, offset, bytes), out ReadOnlyMemory<byte> region))
            _regions[(file, offset, bytes)] = region = ReadRegion(file, location, offset, bytes, place);
        return region;
    }

    private static string? Entry(RepeatedField<StringStringEntryProto> entries, string key) =>
        entries.FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.Ordinal))?.Value;

    private static long? Number(RepeatedField<StringStringEntryProto> entries, string key, string place)
    {
        if (Entry(entries, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new DataFormatException(place, $"a whole number as the {key} of its external data", ErrorText.Quote(text));
    }

    private string Resolve(string location, string place)
    {
        bool leaves = location.Length is 0 or > LongestLocation || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location) || location[0] == '\\'
            || (location.Length > 1 && location[1] == ':') || location.Split('/', '\\').Contains("..", StringComparer.Ordinal);
        if (leaves)
            throw new DataFormatException(place, "external data inside the model's folder", $"location {ErrorText.Quote(location)}");
        string file = Path.Combine(_folder, location);
        try
        {
            string target = LinkedPath.Resolve(file);
            return target.StartsWith(_folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? target
                : throw new DataFormatException(place, "external data inside the model's folder", $"location {ErrorText.Quote(location)}, a link that leaves it");
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw Unreadable(location, place, failure);
        }
    }

    private byte[] ReadRegion(string path, string location, long offset, long bytes, string place)
    {
        long length = Length(path, location, place);
        long read = _read.GetValueOrDefault(path);
        if (offset > length || bytes > length - offset)
            throw new DataFormatException(place, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes at {offset} in {ErrorText.Quote(location)}"), string.Create(CultureInfo.InvariantCulture, $"a file of {length} bytes"));
        if (bytes > length - read)
            throw new DataFormatException(place, $"regions of {ErrorText.Quote(location)} that do not overlap", "some that do");
        if (bytes > _left || bytes > Array.MaxLength)
            throw new DataFormatException(place, string.Create(CultureInfo.InvariantCulture, $"at most {Math.Min(Array.MaxLength, _left)} further bytes of external data"), string.Create(CultureInfo.InvariantCulture, $"{bytes}"));
        if (bytes == 0)
            return []; // Not even opened: what is no file (a pipe) has no length.
        (_read[path], _left) = (read + bytes, _left - bytes);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            file.Position = offset;
            byte[] region = new byte[bytes];
            file.ReadExactly(region);
            return region;
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw Unreadable(location, place, failure);
        }
    }

    private static long Length(string path, string location, string place)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : throw Unreadable(location, place, new FileNotFoundException());
    }

    private static DataFormatException Unreadable(string location, string place, Exception failure) =>
        new(place, $"external data in {ErrorText.Quote(location)}, beside the model", failure is FileNotFoundException or DirectoryNotFoundException ? "no such file" : failure.Message, failure);
}
