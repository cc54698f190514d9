namespace Eigenscope.Formats;

/// <summary>Passes reads through and keeps their CRC-32 (ISO 3309, as zip files use it): the zip reader of the class library does not check it.</summary>
internal sealed class Crc32Stream(Stream inner) : Stream
{
    private const uint ReversedPolynomial = 0xedb88320;

    private static readonly uint[] Table = MakeTable();

    private uint _register = uint.MaxValue;

    public uint Checksum => ~_register;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        uint register = _register;
        foreach (byte value in buffer[..read])
            register = Table[(byte)register ^ value] ^ (register >> 8);
        _register = register;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) == 1 ? ReversedPolynomial ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
