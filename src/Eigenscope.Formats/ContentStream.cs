using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Formats;

/// <summary>
/// Bytes of a named content, counted as they are read. What is read belongs to a section whose length was announced, so that a short content can be described exactly.
/// </summary>
/// <param name="stream">The decompressed content.</param>
/// <param name="name">What errors call it.</param>
/// <param name="maximumBytes">More bytes than this it cannot hold.</param>
internal sealed class ContentStream(Stream stream, string name, long maximumBytes)
{
    private const int ChunkEntries = 1 << 14;

    private string _section = "content";
    private long _sectionStart;
    private long _sectionBytes;
    private long _position;

    public Stream Stream => stream;

    public string Name => name;

    /// <summary>Number of bytes that the content has at most; of a file, exactly.</summary>
    public long Length => maximumBytes;

    /// <summary>Announces what comes next. A promise that the content cannot keep is refused before anything is allocated for it.</summary>
    public void BeginSection(string section, long bytes)
    {
        (_section, _sectionStart, _sectionBytes) = (section, _position, bytes);
        if (bytes > maximumBytes - _position)
        {
            Drain();
            throw Short();
        }
    }

    /// <summary>Fills the whole span.</summary>
    public void ReadExactly(Span<byte> destination)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        _position += read;
        if (read < destination.Length)
            throw Short();
    }

    /// <summary>Reads entries of a fixed-size type chunk by chunk, in the machine's byte order.</summary>
    public void ReadEntries<T>(Span<T> destination, bool bigEndian)
        where T : unmanaged
    {
        for (int start = 0; start < destination.Length; start += ChunkEntries)
        {
            Span<T> chunk = destination.Slice(start, Math.Min(ChunkEntries, destination.Length - start));
            Span<byte> bytes = MemoryMarshal.AsBytes(chunk);
            ReadExactly(bytes);
            if (bigEndian == BitConverter.IsLittleEndian)
                EntryBytes.Reverse(bytes, Unsafe.SizeOf<T>());
        }
    }

    /// <summary>Reads entries and widens them, with only a chunk of the narrow ones in memory.</summary>
    public void ReadAsDoubles<T>(Span<double> destination, bool bigEndian)
        where T : unmanaged, INumberBase<T>
    {
        T[] buffer = new T[Math.Min(ChunkEntries, destination.Length)];
        for (int start = 0; start < destination.Length; start += ChunkEntries)
        {
            Span<T> chunk = buffer.AsSpan(0, Math.Min(ChunkEntries, destination.Length - start));
            ReadEntries(chunk, bigEndian);
            for (int i = 0; i < chunk.Length; i++)
                destination[start + i] = double.CreateChecked(chunk[i]);
        }
    }

    /// <summary>Reads past the rest of the section, which must be there.</summary>
    public void SkipRest()
    {
        byte[] buffer = new byte[1 << 16];
        for (long left = _sectionStart + _sectionBytes - _position; left > 0;)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
                throw Short();
            left -= read;
            _position += read;
        }
    }

    /// <summary>Refuses bytes after the section, which must have been read whole.</summary>
    public void RequireEnd()
    {
        long expected = _position;
        Drain();
        if (_position > expected)
            throw Error($"{Text(expected)} bytes in all as its header says", Text(_position));
    }

    public DataFormatException Error(string expected, string actual) => new(name, expected, actual);

    private DataFormatException Short() => Error(
        $"{Text(_sectionStart + _sectionBytes)} bytes ({Text(_sectionBytes)} of {_section})",
        $"{Text(_position)}: truncated, or not what its header says");

    private void Drain()
    {
        byte[] buffer = new byte[1 << 16];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            _position += read;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
