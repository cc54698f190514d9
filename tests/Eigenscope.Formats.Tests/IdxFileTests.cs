using System.Buffers.Binary;

namespace Eigenscope.Formats.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_read_gzipped_or_not(bool gzip)
    {
        byte[] content = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 250, 251, 255];
        IdxArray array = IdxFile.Read(_folder.Write("any-name", gzip ? TemporaryFolder.Gzip(content) : content));
        Assert.Equal([2, 1, 3], array.Shape);
        Assert.Equal(IdxElementType.UInt8, array.ElementType);
        Assert.Equal([1, 2, 3, 250, 251, 255], array.Values);
    }

    [Theory]
    [InlineData(0x08, new byte[] { 0xfe, 2 }, 254.0, 2.0)]
    [InlineData(0x09, new byte[] { 0xfe, 2 }, -2.0, 2.0)]
    [InlineData(0x0b, new byte[] { 0xff, 0xfe, 1, 2 }, -2.0, 258.0)]
    [InlineData(0x0c, new byte[] { 0xff, 0xff, 0xff, 0xfe, 0, 1, 0, 2 }, -2.0, 65538.0)]
    [InlineData(0x0d, new byte[] { 0xbf, 0xc0, 0, 0, 0x40, 0, 0, 0 }, -1.5, 2.0)]
    [InlineData(0x0e, new byte[] { 0xbf, 0xf8, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0 }, -1.5, 2.0)]
    public void Every_element_type_is_big_endian(byte type, byte[] entries, double first, double second)
    {
        IdxArray array = IdxFile.Read(_folder.Write("vector", [0, 0, type, 1, 0, 0, 0, 2, .. entries]));
        Assert.Equal([first, second], array.Values);
        Assert.Equal(type, (byte)array.ElementType);
    }

    [Fact]
    public void Only_the_first_items_are_kept_when_asked()
    {
        string path = _folder.Write("images", [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6]);
        IdxArray array = IdxFile.Read(path, maximumItems: 2);
        Assert.Equal([2, 2], array.Shape);
        Assert.Equal([1, 2, 3, 4], array.Values);
        Assert.Equal(3, array.StoredItems);
        Assert.Equal(6, IdxFile.Read(path, maximumItems: 9).Values.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => IdxFile.Read(path, 0));
    }

    [Fact]
    public void More_than_one_chunk_of_narrow_entries_is_widened_in_order()
    {
        const int Count = 40_000;
        byte[] content = new byte[8 + (2 * Count)];
        content[2] = 0x0b;
        content[3] = 1;
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), Count);
        for (int i = 0; i < Count; i++)
            BinaryPrimitives.WriteInt16BigEndian(content.AsSpan(8 + (2 * i)), (short)(i - 20_000));
        double[] values = IdxFile.Read(_folder.Write("many", content)).Values;
        for (int i = 0; i < Count; i++)
            Assert.Equal(i - 20_000, values[i]);
    }

    [Theory]
    [InlineData(new byte[] { }, "4 bytes (4 of IDX magic number), got 0")]
    [InlineData(new byte[] { 0x89, 0x50, 0x4e, 0x47, 1 }, "an IDX file (first bytes 00 00, a type code and the number of axes), got 89504e47")]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 1, 1 }, "an IDX file")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "an IDX file")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1 }, "12 bytes (8 of extents), got 8")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, "an extent of at least 1 for axis 0, got 0")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2 }, "11 bytes (3 of 3 entries of type UInt8), got 10: truncated")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1, 2 }, "9 bytes in all as its header says, got 10")]
    [InlineData(new byte[] { 0, 0, 14, 3, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255, 1 }, "got 17: truncated")]
    public void A_malformed_file_is_an_error_with_its_bytes(byte[] content, string problem)
    {
        foreach (byte[] stored in new[] { content, TemporaryFolder.Gzip(content) })
        {
            string path = _folder.Write("bad", stored);
            DataFormatException error = Assert.Throws<DataFormatException>(() => IdxFile.Read(path));
            Assert.StartsWith($"{path}: expected ", error.Message, StringComparison.Ordinal);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_truncated_gzip_file_and_a_damaged_one_are_errors()
    {
        byte[] content = [0, 0, 8, 1, 0, 0, 4, 0, .. Enumerable.Range(0, 1024).Select(i => (byte)(i * i >> 3))];
        byte[] packed = TemporaryFolder.Gzip(content);
        byte[] damaged = [.. packed];
        damaged[^6] ^= 0x40;
        Assert.Throws<DataFormatException>(() => IdxFile.Read(_folder.Write("cut", packed[..(packed.Length / 2)])));
        Assert.Throws<DataFormatException>(() => IdxFile.Read(_folder.Write("cut-trailer", packed[..^4])));
        Assert.Throws<DataFormatException>(() => IdxFile.Read(_folder.Write("damaged", damaged)));
        Assert.Equal(1024, IdxFile.Read(_folder.Write("whole", packed)).Values.Length);
    }
}
