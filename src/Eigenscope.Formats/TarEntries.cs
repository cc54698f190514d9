using System.Globalization;
using System.Text;

namespace Eigenscope.Formats;

/// <summary>
/// Walks a tar archive (POSIX 1003.1 "ustar" and "pax" interchange formats, and GNU's long names) from its beginning to its end. The reader of the class library allocates whatever length
/// a header claims for a long name or a list of attributes, gigabytes too; here such an entry has at most 64 KB.
/// </summary>
/// <param name="stream">The archive.</param>
/// <param name="path">What errors call it.</param>
/// <param name="most">More bytes than this the archive cannot be.</param>
internal sealed class TarEntries(Stream stream, string path, long most)
{
    private const int Block = 512;
    private const int LargestAttributes = 1 << 16;

    private readonly byte[] _header = new byte[Block];
    private long _position;
    private long _next;

    /// <summary>Name of the current entry.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the current entry is a file.</summary>
    public bool IsFile { get; private set; }

    /// <summary>Bytes of the current entry.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next entry; false at the archive's end.</summary>
    public bool MoveNext()
    {
        (string? name, long? length) = (null, null);
        while (ReadHeader())
        {
            char kind = (char)_header[156];
            if (kind == 'L')
                name = Text(ReadAttributes());
            else if (kind == 'x')
                ParseAttributes(ReadAttributes(), ref name, ref length);
            else if (kind is 'g' or 'K')
                Begin(Size()); // Attributes of all entries and names of links do not concern us.
            else
                return BeginEntry(kind, name, length ?? Size());
        }
        return false;
    }

    /// <summary>Reads the next bytes of the current entry.</summary>
    public void ReadExactly(Span<byte> destination)
    {
        if (destination.Length > _next - _position || Fill(destination) < destination.Length)
            throw Damaged("truncated data");
    }

    private static long Padded(long length) => (length + Block - 1) / Block * Block;

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private bool ReadHeader()
    {
        Skip(_next - _position);
        int read = Fill(_header);
        if (read == 0 || !_header.AsSpan(0, read).ContainsAnyExcept((byte)0))
            return read is 0 or Block ? false : throw Damaged("a truncated header");
        if (read < Block)
            throw Damaged("a truncated header");
        int sum = 8 * ' ';
        for (int i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? 0 : _header[i];
        if (Octal(148, 8) != sum)
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"a header whose checksum is not {sum}"));
        return true;
    }

    private bool BeginEntry(char kind, string? name, long size)
    {
        Name = name ?? HeaderName();
        IsFile = kind is '0' or '7' or '\0';
        Length = kind is >= '1' and <= '6' ? 0 : size; // Links, devices and folders have no data, whatever their size says.
        Begin(Length);
        return true;
    }

    private void Begin(long size)
    {
        if (size > most - _position)
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"an entry of {size} bytes where {most - _position} are left"));
        _next = _position + Padded(size);
    }

    private byte[] ReadAttributes()
    {
        long size = Size();
        if (size > LargestAttributes)
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"a name or attributes of {size} bytes"));
        Begin(size);
        byte[] text = new byte[size];
        ReadExactly(text);
        return text;
    }

    /// <summary>Records "length key=value" with a line break, of which the name and the size concern us.</summary>
    private void ParseAttributes(ReadOnlySpan<byte> text, ref string? name, ref long? length)
    {
        while (text.Length > 0)
        {
            int blank = text.IndexOf((byte)' ');
            if (blank < 0 || !int.TryParse(text[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int record) || record <= blank + 1 || record > text.Length)
                throw Damaged("attributes that are none");
            ReadOnlySpan<byte> pair = text[(blank + 1)..(record - 1)];
            if (pair.StartsWith("path="u8))
                name = Text(pair["path=".Length..]);
            else if (pair.StartsWith("size="u8))
                length = long.TryParse(pair["size=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : throw Damaged("a size that is none");
            text = text[record..];
        }
    }

    private string HeaderName()
    {
        string name = Text(_header.AsSpan(0, 100));
        bool hasPrefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) && _header[345] != 0;
        return hasPrefix ? $"{Text(_header.AsSpan(345, 155))}/{name}" : name;
    }

    /// <summary>Octal digits; or, where GNU's mark is set, a binary number.</summary>
    private long Size()
    {
        if (_header[124] != 0x80)
            return Octal(124, 12);
        long size = 0;
        for (int i = 125; i < 136; i++)
            size = size > most ? size : (size << 8) | _header[i];
        return size;
    }

    private long Octal(int start, int width)
    {
        ReadOnlySpan<byte> digits = _header.AsSpan(start, width).Trim(" \0"u8);
        long value = 0;
        foreach (byte digit in digits)
            value = digit is >= (byte)'0' and <= (byte)'7' ? (8 * value) + (digit - '0') : throw Damaged("a header whose numbers are none");
        return value;
    }

    private void Skip(long bytes)
    {
        byte[] buffer = new byte[Math.Min(bytes, 1 << 16)];
        for (long left = bytes; left > 0;)
        {
            int read = Fill(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            if (read == 0)
                throw Damaged("truncated data");
            left -= read;
        }
    }

    private int Fill(Span<byte> destination)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        _position += read;
        return read;
    }

    private DataFormatException Damaged(string actual) => new(path, "a whole tar archive", $"a damaged one, with {actual}");
}
