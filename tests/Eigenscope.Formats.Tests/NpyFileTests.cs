using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Formats.Tests;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_written_are_those_of_numpy_save()
    {
        string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }".PadRight(117) + "\n";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0];
        string path = _folder["golden.npy"];
        NpyFile.Write(path, NpyArray.Create([1.5, -2.0], 1, 2));
        Assert.Equal(128 + 16, expected.Length);
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public void Shapes_are_written_as_python_tuples()
    {
        Assert.Contains("'shape': (), }", HeaderOf(NpyArray.Create([7L])), StringComparison.Ordinal);
        Assert.Contains("'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", HeaderOf(NpyArray.Create([1L, 2, 3], 3)), StringComparison.Ordinal);
        Assert.Contains("'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", HeaderOf(NpyArray.Create(Array.Empty<float>(), 0, 4)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("|b1", new byte[] { 0, 1 }, 0.0, 1.0)]
    [InlineData("|i1", new byte[] { 0xfe, 3 }, -2.0, 3.0)]
    [InlineData("|u1", new byte[] { 0xfe, 3 }, 254.0, 3.0)]
    [InlineData("<i2", new byte[] { 0xfe, 0xff, 3, 1 }, -2.0, 259.0)]
    [InlineData(">i2", new byte[] { 0xff, 0xfe, 1, 3 }, -2.0, 259.0)]
    [InlineData("<u2", new byte[] { 0xfe, 0xff, 3, 1 }, 65534.0, 259.0)]
    [InlineData("<i4", new byte[] { 0xfe, 0xff, 0xff, 0xff, 3, 1, 0, 0 }, -2.0, 259.0)]
    [InlineData(">u4", new byte[] { 0xff, 0xff, 0xff, 0xfe, 0, 0, 1, 3 }, 4294967294.0, 259.0)]
    [InlineData("<i8", new byte[] { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3, 1, 0, 0, 0, 0, 0, 0 }, -2.0, 259.0)]
    [InlineData(">u8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 3 }, 2.0, 259.0)]
    [InlineData("<f2", new byte[] { 0x00, 0xbe, 0x00, 0x40 }, -1.5, 2.0)]
    [InlineData(">f2", new byte[] { 0xbe, 0x00, 0x40, 0x00 }, -1.5, 2.0)]
    [InlineData("<f4", new byte[] { 0, 0, 0xc0, 0xbf, 0, 0, 0, 0x40 }, -1.5, 2.0)]
    [InlineData(">f4", new byte[] { 0xbf, 0xc0, 0, 0, 0x40, 0, 0, 0 }, -1.5, 2.0)]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf, 0, 0, 0, 0, 0, 0, 0, 0x40 }, -1.5, 2.0)]
    [InlineData(">f8", new byte[] { 0xbf, 0xf8, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0 }, -1.5, 2.0)]
    public void Every_numeric_type_is_read_in_either_byte_order(string descriptor, byte[] entries, double first, double second)
    {
        NpyArray array = Read(Content(descriptor, "False", "(2,)", entries));
        Assert.Equal([first, second], array.ToDoubles());
        if (array.IsInteger)
            Assert.Equal([(long)first, (long)second], array.ToInt64s());
        else
            Assert.Throws<InvalidOperationException>(() => array.ToInt64s());
    }

    [Fact]
    public void Integers_beyond_the_precision_of_doubles_stay_exact()
    {
        long[] values = [long.MaxValue, long.MinValue, (1L << 53) + 1];
        NpyFile.Write(_folder["large.npy"], NpyArray.Create(values, 3));
        Assert.Equal(values, NpyFile.Read(_folder["large.npy"]).ToInt64s());
        NpyArray tooLarge = Read(Content("<u8", "False", "(1,)", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
        Assert.Throws<OverflowException>(() => tooLarge.ToInt64s());
        Assert.Equal(18446744073709551615.0, Assert.Single(tooLarge.ToDoubles()));
    }

    [Fact]
    public void Fortran_order_becomes_row_major()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], Read(Content("|u1", "True", "(2, 3)", [1, 4, 2, 5, 3, 6])).ToDoubles());

        // Entry (i, j, k) = 100 i + 10 j + k of a 2×3×2 array; in Fortran's order i runs fastest.
        Assert.Equal(
            [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121],
            Read(Content("|u1", "True", "(2, 3, 2)", [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121])).ToDoubles());
    }

    [Fact]
    public void Headers_of_versions_2_and_3_and_of_python_2_are_read()
    {
        foreach (byte version in new byte[] { 2, 3 })
        {
            byte[] header = Encoding.ASCII.GetBytes("{'shape': (2L,), 'fortran_order': False, 'descr': '|u1'}\n");
            NpyArray array = Read([0x93, .. "NUMPY"u8, version, 0, (byte)header.Length, 0, 0, 0, .. header, 8, 9]);
            Assert.Equal([8, 9], array.ToDoubles());
        }
    }

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<double[]>(values => RoundTrips(NpyArray.Create(values, values.Length, 1), values)));
        Check.QuickThrowOnFailure(Prop.ForAll<float[]>(values => RoundTrips(NpyArray.Create(values, 1, values.Length), Array.ConvertAll(values, value => (double)value))));
        Check.QuickThrowOnFailure(Prop.ForAll<long[]>(values => RoundTrips(NpyArray.Create(values, values.Length), values)));
    }

    [Fact]
    public void More_than_one_chunk_is_written_and_read()
    {
        double[] values = [.. Enumerable.Range(0, 50_000).Select(i => Math.Sqrt(i))];
        NpyFile.Write(_folder["long.npy"], NpyArray.Create(values, 500, 100));
        Assert.Equal(values, NpyFile.Read(_folder["long.npy"]).ToDoubles());
    }

    [Theory]
    [InlineData("<c16", "False", "(1,)", "numeric element type (b1, i1–i8, u1–u8, f2–f8), got '<c16'")]
    [InlineData("|O", "False", "(1,)", "numeric element type")]
    [InlineData("<U3", "False", "(1,)", "numeric element type")]
    [InlineData("|u1", "Maybe", "(1,)", "fortran_order True or False")]
    [InlineData("|u1", "False", "(-1,)", "extents in 0")]
    [InlineData("|u1", "False", "(99999999999,)", "extents in 0")]
    [InlineData("|u1", "False", "1", "a shape such as (3, 4)")]
    [InlineData("|u1", "False", "(3,)", "bytes (3 of [3] entries of type UInt8), got")]
    [InlineData("<f8", "False", "(2147483647, 2147483647, 2147483647)", "truncated")]
    [InlineData("|u1", "False", "(1,)", "bytes in all as its header says, got")]
    public void A_malformed_header_or_a_wrong_length_is_an_error(string descriptor, string order, string shape, string problem)
    {
        string path = _folder.Write("bad.npy", Content(descriptor, order, shape, [1, 2]));
        DataFormatException error = Assert.Throws<DataFormatException>(() => NpyFile.Read(path));
        Assert.StartsWith($"{path}: expected ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_format_another_version_and_a_cut_header_are_errors()
    {
        Assert.Contains("an NPY file", Assert.Throws<DataFormatException>(() => Read("1,2,3\n4,5,6\n"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("version 1, 2 or 3, got 9", Assert.Throws<DataFormatException>(() => Read([0x93, .. "NUMPY"u8, 9, 0, 1, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("of header), got 20", Assert.Throws<DataFormatException>(() => Read(Content("|u1", "False", "(1,)", [1])[..20])).Message, StringComparison.Ordinal);
        Assert.Contains("'descr' in the NPY header", Assert.Throws<DataFormatException>(() => Read([0x93, .. "NUMPY"u8, 1, 0, 2, 0, .. "{}"u8])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_does_not_fit_its_entries_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NpyArray.Create([1.0, 2.0], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NpyArray.Create([1.0, 2.0], -1, -2));
    }

    [Fact]
    public void More_axes_than_NumPy_has_are_refused_before_their_entries_are_put_in_order()
    {
        string shape = $"({string.Join("", Enumerable.Repeat("1,", 100_000))}100000)";
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '|u1', 'fortran_order': True, 'shape': {shape}, }}\n");
        byte[] content = [0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(header.Length), .. header, .. new byte[100_000]];
        Assert.EndsWith("expected at most 64 axes in the NPY header, got 100001", Assert.Throws<DataFormatException>(() => Read(content)).Message, StringComparison.Ordinal);
        Assert.Equal(64, Read(Content("|u1", "True", $"({string.Join("", Enumerable.Repeat("1,", 63))}2)", [1, 2])).Shape.Count);
    }

    [Fact]
    public void What_a_header_holds_cannot_break_the_message_or_flood_it()
    {
        string message = Assert.Throws<DataFormatException>(() => Read(Content("\n\u001b[2J", "True", "(1,)", [1]))).Message;
        Assert.Contains("got '\ufffd\ufffd[2J'", message, StringComparison.Ordinal);
        byte[] header = Encoding.ASCII.GetBytes(new string('x', 60_000));
        Assert.True(Assert.Throws<DataFormatException>(() => Read([0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. header])).Message.Length < 1000);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = _folder.Write("old.npy", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    private static byte[] Content(string descriptor, string order, string shape, byte[] entries)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{descriptor}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. entries];
    }

    private static string HeaderOf(NpyArray array)
    {
        using MemoryStream stream = new();
        NpyFile.Write(stream, array);
        return Encoding.ASCII.GetString(stream.ToArray());
    }

    private static bool BitsEqual(double left, double right) =>
        BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right) || (double.IsNaN(left) && double.IsNaN(right));

    private NpyArray Read(byte[] content) => NpyFile.Read(_folder.Write("array.npy", content));

    private bool RoundTrips(NpyArray array, double[] values)
    {
        NpyArray read = RoundTrip(array);
        return read.Shape.SequenceEqual(array.Shape) && read.ElementType == array.ElementType && read.ToDoubles().Zip(values, BitsEqual).All(equal => equal);
    }

    private bool RoundTrips(NpyArray array, long[] values) => RoundTrip(array).ToInt64s().SequenceEqual(values);

    private NpyArray RoundTrip(NpyArray array)
    {
        using MemoryStream stream = new();
        NpyFile.Write(stream, array);
        return Read(stream.ToArray());
    }
}
