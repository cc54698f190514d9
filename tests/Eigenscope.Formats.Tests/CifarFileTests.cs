using System.Formats.Tar;
using System.Security.Cryptography;

namespace Eigenscope.Formats.Tests;

public sealed class CifarFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    public void Any_number_of_records_is_read_gzipped_or_not(int count)
    {
        byte[] records = Records(count);
        foreach (byte[] content in new[] { records, TemporaryFolder.Gzip(records) })
        {
            CifarBatch batch = CifarFile.ReadBatch(_folder.Write("data_batch_1.bin.gz", content));
            Assert.Equal(("data_batch_1.bin", count), (batch.Name, batch.Count));
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(records[3073 * i], batch.Labels[i]);
                Assert.Equal(records.AsSpan((3073 * i) + 1, 3072), batch.Pixels.AsSpan(3072 * i, 3072));
            }
        }
    }

    [Fact]
    public void The_archive_gives_its_batches_in_the_order_of_their_names()
    {
        byte[] archive = Archive(("b/test_batch.bin", Records(2)), ("b/readme.html", [1, 2, 3]), ("b/data_batch_2.bin", Records(3)), ("b/data_batch_1.bin", Records(1)));

        IReadOnlyList<CifarBatch> batches = CifarFile.ReadArchive(_folder.Write("cifar.tar.gz", TemporaryFolder.Gzip(archive)));

        Assert.Equal(["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"], batches.Select(batch => batch.Name));
        Assert.Equal([1, 3, 2], batches.Select(batch => batch.Count));
        Assert.Equal(Records(3).AsSpan(1, 3072), batches[1].Pixels.AsSpan(0, 3072));
    }

    [Theory]
    [InlineData(TarEntryFormat.V7, 60)]
    [InlineData(TarEntryFormat.Ustar, 60)]
    [InlineData(TarEntryFormat.Ustar, 130)]
    [InlineData(TarEntryFormat.Pax, 60)]
    [InlineData(TarEntryFormat.Pax, 300)]
    [InlineData(TarEntryFormat.Gnu, 60)]
    [InlineData(TarEntryFormat.Gnu, 300)]
    public void Every_dialect_of_archives_is_read_with_long_names_too(TarEntryFormat format, int folder)
    {
        string above = new('f', folder);
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, format, leaveOpen: true))
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, above + "/a.bin/"));
            writer.WriteEntry(Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, above + "/first.bin", Records(1)));
            TarEntry link = Entry(format, TarEntryType.SymbolicLink, above + "/link.bin");
            link.LinkName = format is TarEntryFormat.Pax or TarEntryFormat.Gnu ? new string('l', 200) : "first.bin";
            writer.WriteEntry(link);
            writer.WriteEntry(Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, "second.bin", Records(2)));
        }
        IReadOnlyList<CifarBatch> batches = CifarFile.ReadArchive(_folder.Write("cifar.tar", stream.ToArray()));
        Assert.Equal([("first.bin", 1), ("second.bin", 2)], batches.Select(static batch => (batch.Name, batch.Count)));
        Assert.Equal(Records(2).AsSpan(1, 3072), batches[1].Pixels.AsSpan(0, 3072));
    }

    [Theory]
    [InlineData('x', "a name or attributes of 1073741824 bytes")]
    [InlineData('L', "a name or attributes of 1073741824 bytes")]
    [InlineData('g', "an entry of 1073741824 bytes where")]
    [InlineData('0', "an entry of 1073741824 bytes where")]
    public void A_length_that_an_archive_does_not_hold_costs_no_memory(char kind, string problem)
    {
        byte[] archive = Archive(("b/data_batch_1.bin", Records(2)));
        archive[156] = (byte)kind;
        "10000000000\0"u8.CopyTo(archive.AsSpan(124));
        archive.AsSpan(148, 8).Fill((byte)' ');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(archive.AsSpan(0, 512).ToArray().Sum(static value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(archive, 148);
        string path = _folder.Write("a.tar", archive);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(problem, () => CifarFile.ReadArchive(path));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Parts_of_records_and_damaged_archives_are_refused()
    {
        AssertRefused("whole records of 3073 bytes, got 3072 bytes", () => CifarFile.ReadBatch(_folder.Write("a.bin", Records(1)[..^1])));
        AssertRefused("whole records of 3073 bytes, got 0 bytes", () => CifarFile.ReadBatch(_folder.Write("a.bin", [])));
        AssertRefused("truncated or damaged", () => CifarFile.ReadBatch(_folder.Write("a.bin", TemporaryFolder.Gzip(Records(1))[..^5])));
        byte[] archive = Archive(("b/data_batch_1.bin", Records(2)));
        AssertRefused("damaged", () => CifarFile.ReadArchive(_folder.Write("a.tar.gz", TemporaryFolder.Gzip(archive)[..^5])));
        AssertRefused("", () => CifarFile.ReadArchive(_folder.Write("a.tar", archive[..2000])));
        byte[] scrambled = [.. archive];
        scrambled.AsSpan(100, 60).Fill(0xee);
        AssertRefused("", () => CifarFile.ReadArchive(_folder.Write("a.tar", scrambled)));
    }

    [Fact]
    public void Checksums_are_of_the_file_and_of_its_content()
    {
        byte[] content = Records(1);
        byte[] packed = TemporaryFolder.Gzip(content);
        string plain = _folder.Write("a", content), gzipped = _folder.Write("a.gz", packed);

        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", FileDigest.Md5(_folder.Write("abc", "abc")));
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", FileDigest.ContentSha256(_folder["abc"]));
        Assert.Equal(FileDigest.ContentSha256(plain), FileDigest.ContentSha256(gzipped));
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(packed)), FileDigest.Md5(gzipped));
        AssertRefused("no such file", () => FileDigest.Md5(_folder["none"]));
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, byte[]? content = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            _ => new GnuTarEntry(type, name),
        };
        if (content is not null)
            entry.DataStream = new MemoryStream(content);
        return entry;
    }

    private static byte[] Records(int count)
    {
        byte[] records = new byte[3073 * count];
        for (int i = 0; i < records.Length; i++)
            records[i] = i % 3073 == 0 ? (byte)((i / 3073) % 10) : (byte)((i * 31) >> 3);
        return records;
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
        return stream.ToArray();
    }

    private static void AssertRefused(string problem, Action read)
    {
        DataFormatException error = Assert.Throws<DataFormatException>(read);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
