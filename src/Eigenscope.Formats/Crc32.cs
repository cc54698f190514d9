using System.Buffers.Binary;

namespace Eigenscope.Formats;

/// <summary>CRC-32 as gzip and zip files use it (ISO 3309), eight bytes at a time.</summary>
internal sealed class Crc32
{
    private const uint ReversedPolynomial = 0xedb88320;
    private const int Slices = 8;

    private static readonly uint[] Tables = MakeTables();

    private uint _register = uint.MaxValue;

    public uint Value => ~_register;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = _register;
        uint[] tables = Tables;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ register;
            register = 0;
            for (int slice = 0; slice < Slices; slice++, word >>= 8)
                register ^= tables[((Slices - 1 - slice) << 8) | (byte)word];
        }
        foreach (byte value in bytes)
            register = tables[(byte)register ^ value] ^ (register >> 8);
        _register = register;
    }

    /// <summary>Table s holds the register's change by a byte followed by s zero bytes.</summary>
    private static uint[] MakeTables()
    {
        uint[] tables = new uint[Slices << 8];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) == 1 ? ReversedPolynomial ^ (value >> 1) : value >> 1;
            tables[i] = value;
        }
        for (int i = 256; i < tables.Length; i++)
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
