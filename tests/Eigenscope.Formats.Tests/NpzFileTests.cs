using System.IO.Compression;

namespace Eigenscope.Formats.Tests;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arrays_are_read_back_by_name(bool compress)
    {
        string path = Write("arrays.npz", compress);
        Assert.Equal(["x", "y", "weights.1"], NpzFile.Names(path));
        Assert.Equal([1.5, 2.5], NpzFile.Read(path, "x").ToDoubles());
        Assert.Equal([2, 1], NpzFile.Read(path, "x").Shape);
        Assert.Equal([0L, 1L], NpzFile.Read(path, "y").ToInt64s());
        Assert.Equal(NpyElementType.Float32, NpzFile.Read(path, "weights.1").ElementType);
    }

    [Fact]
    public void Equal_arrays_give_equal_bytes() =>
        Assert.Equal(File.ReadAllBytes(Write("first.npz", true)), File.ReadAllBytes(Write("second.npz", true)));

    [Fact]
    public void Other_entries_are_passed_over()
    {
        string path = _folder["mixed.npz"];
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using (StreamWriter note = new(archive.CreateEntry("readme.txt").Open()))
                note.Write("not an array");
            using Stream array = archive.CreateEntry("x.npy").Open();
            NpyFile.Write(array, NpyArray.Create([3.0], 1));
        }
        Assert.Equal(["x"], NpzFile.Names(path));
    }

    [Fact]
    public void A_missing_array_is_an_error_that_lists_those_there()
    {
        string path = Write("arrays.npz", false);
        DataFormatException error = Assert.Throws<DataFormatException>(() => NpzFile.Read(path, "labels"));
        Assert.Equal($"{path}: expected an array 'labels', got arrays 'x', 'y', 'weights.1'", error.Message);
    }

    [Fact]
    public void Another_format_a_cut_file_and_a_missing_one_are_errors()
    {
        byte[] whole = File.ReadAllBytes(Write("arrays.npz", true));
        string cut = _folder.Write("cut.npz", whole[..(whole.Length / 2)]);
        string text = _folder.Write("text.npz", "1,2,3\n");
        Assert.Contains("an NPZ file", Assert.Throws<DataFormatException>(() => NpzFile.Names(cut)).Message, StringComparison.Ordinal);
        Assert.Contains("an NPZ file", Assert.Throws<DataFormatException>(() => NpzFile.Read(text, "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<DataFormatException>(() => NpzFile.Names(_folder["none.npz"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_a_stored_array_is_found()
    {
        byte[] bytes = File.ReadAllBytes(Write("arrays.npz", false));
        int at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(2.5));
        bytes[at] ^= 1;
        string path = _folder.Write("flipped.npz", bytes);
        DataFormatException error = Assert.Throws<DataFormatException>(() => NpzFile.Read(path, "x"));
        Assert.Equal($"{path}[x]", error.Path);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal([0L, 1L], NpzFile.Read(path, "y").ToInt64s());
    }

    [Fact]
    public void Names_that_are_empty_or_occur_twice_are_refused()
    {
        KeyValuePair<string, NpyArray> x = new("x", NpyArray.Create([1.0], 1));
        Assert.Throws<ArgumentException>(() => NpzFile.Write(_folder["twice.npz"], [x, x]));
        Assert.Throws<ArgumentException>(() => NpzFile.Write(_folder["empty.npz"], [new("", x.Value)]));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private string Write(string name, bool compress)
    {
        NpzFile.Write(
            _folder[name],
            [
                new("x", NpyArray.Create([1.5, 2.5], 2, 1)),
                new("y", NpyArray.Create([0L, 1L], 2)),
                new("weights.1", NpyArray.Create([0.5f], 1)),
            ],
            compress);
        return _folder[name];
    }
}
