using Eigenscope.Testing.Files;

namespace Eigenscope.Formats.Tests;

public sealed class MatFileTests : IDisposable
{
    private static readonly byte[] Entries = [.. Enumerable.Range(0, 36).Select(i => (byte)(7 * i))];
    private readonly Eigenscope.Testing.Files.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Arrays_are_read_in_either_byte_order_compressed_or_not(bool isBigEndian, bool isCompressed)
    {
        MatWriter writer = new(isBigEndian);
        byte[][] elements =
        [
            writer.Array("a_longer_name", 6, 9, [1, 2], [.. writer.Double(1.5), .. writer.Double(-2)]),
            writer.Array("X", 9, 2, [2, 3, 3, 2], Entries),
            writer.Array("y", 6, 2, [2, 1], [10, 3]),
        ];
        string path = _folder.Write("data.mat", writer.File([.. elements.Select(element => isCompressed ? writer.Compress(element) : element)]));

        IReadOnlyList<MatArray> arrays = MatFile.Read(path, "y", "X", "a_longer_name");

        Assert.Equal([10.0, 3.0], arrays[0].ToDoubles());
        Assert.Equal([2, 1], arrays[0].Shape);
        Assert.Equal(Entries, arrays[1].Data);
        Assert.Equal([2, 3, 3, 2], arrays[1].Shape);
        Assert.Equal((MatElementType.UInt8, MatElementType.Float64), (arrays[1].ElementType, arrays[2].ElementType));
        Assert.Equal([1.5, -2.0], arrays[2].ToDoubles());
    }

    [Fact]
    public void Every_numeric_type_is_widened_exactly()
    {
        MatWriter writer = new();
        (int Type, byte[] Bytes, double Value)[] cases =
        [
            (1, [0xff], -1), (2, [0xff], 255), (3, [0xfe, 0xff], -2), (4, [0xfe, 0xff], 65534), (5, BitConverter.GetBytes(-3), -3), (6, BitConverter.GetBytes(uint.MaxValue), uint.MaxValue),
            (7, BitConverter.GetBytes(0.5f), 0.5), (9, BitConverter.GetBytes(Math.PI), Math.PI), (12, BitConverter.GetBytes(-4L), -4), (13, BitConverter.GetBytes(5UL), 5),
        ];
        foreach ((int type, byte[] bytes, double value) in cases)
            Assert.Equal([value], MatFile.Read(_folder.Write("one.mat", writer.File(writer.Array("v", 6, type, [1, 1], bytes))), "v")[0].ToDoubles());
    }

    [Fact]
    public void What_is_not_asked_for_is_passed_over_whatever_it_is()
    {
        MatWriter writer = new();
        byte[] cell = writer.Array("cell", 1, 14, [1, 1], []);
        byte[] foreign = writer.Element(16, [1, 2, 3]);

        Assert.Equal([7.0], MatFile.Read(_folder.Write("data.mat", writer.File(foreign, cell, writer.Compress(cell), writer.Array("v", 6, 2, [1, 1], [7]))), "v")[0].ToDoubles());
    }

    [Fact]
    public void What_cannot_be_used_is_told_in_one_line()
    {
        MatWriter writer = new();
        AssertRefused("a MAT-file of level 5", "not a mat file"u8.ToArray());
        AssertRefused("save it with -v7", [.. "MATLAB 7.3 MAT-file"u8, .. new byte[200]]);
        AssertRefused("a variable 'v', got a file without it", writer.File(writer.Array("w", 6, 2, [1, 1], [1])));
        AssertRefused("a real numeric array 'v', got a variable of class 4", writer.File(writer.Array("v", 4, 4, [1, 1], [65, 0])));
        AssertRefused("complex", writer.File(writer.Array("v", 6, 2, [1, 1], [1], flags: 0x0800)));
        AssertRefused("numbers in 'v', got data of type 17", writer.File(writer.Array("v", 6, 17, [1, 1], [1])));
        AssertRefused("2×2 entries of 8 bytes in 'v', got 8 bytes", writer.File(writer.Array("v", 6, 9, [2, 2], writer.Double(1))));
        AssertRefused("extents of at least 0", writer.File(writer.Array("v", 6, 9, [-1, -1], writer.Double(1))));
        AssertRefused("at least 2 axes", writer.File(writer.Array("v", 6, 9, [1], writer.Double(1))));
        Assert.Contains("no such file", Assert.Throws<DataFormatException>(() => MatFile.Read(_folder["none.mat"], "v")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_the_file_does_not_hold_are_refused_before_memory_is_taken()
    {
        MatWriter writer = new();
        byte[] promise = [.. writer.Element(6, [.. writer.Word(9), .. writer.Word(0)]), .. writer.Element(5, [.. writer.Word(40_000), .. writer.Word(50_000)]), .. writer.Element(1, "v_long_name"u8.ToArray()), .. writer.Word(2), .. writer.Word(2_000_000_000)];
        byte[] matrix = [.. writer.Word(14), .. writer.Word(2_000_000_100), .. promise];
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused("truncated", writer.File(matrix), "v_long_name");
        AssertRefused("damaged or truncated", writer.File(writer.Compress(matrix)), "v_long_name");
        AssertRefused("damaged or truncated", writer.File([.. writer.Word(14), .. writer.Word((uint)promise.Length), .. promise]), "v_long_name");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void A_file_cut_or_changed_anywhere_gives_one_clear_error_or_the_right_values()
    {
        MatWriter writer = new();
        byte[] whole = writer.File(writer.Compress(writer.Array("X", 9, 2, [2, 3, 3, 2], Entries)), writer.Array("v", 6, 2, [3, 1], [1, 2, 3]));
        for (int length = 0; length < whole.Length; length += 3)
            Assert.Throws<DataFormatException>(() => MatFile.Read(_folder.Write("cut.mat", whole[..length]), "X", "v"));
        for (int position = 128; position < whole.Length; position++)
        {
            byte[] changed = [.. whole];
            changed[position] ^= 0x81;
            string path = _folder.Write("changed.mat", changed);
            Exception? failure = Record.Exception(() => Assert.Equal(36, MatFile.Read(path, "X", "v")[0].Data.Length));
            Assert.True(failure is null or DataFormatException, $"byte {position}: {failure}");
        }
    }

    private void AssertRefused(string problem, byte[] content, string name = "v")
    {
        string path = _folder.Write("bad.mat", content);
        DataFormatException error = Assert.Throws<DataFormatException>(() => MatFile.Read(path, name));
        Assert.StartsWith($"{path}: expected ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
