using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Eigenscope.Formats.Safetensors;
using Eigenscope.Formats.Tests.Onnx;
using Eigenscope.Testing.Python;

namespace Eigenscope.Formats.Tests.Safetensors;

/// <summary>Files made byte by byte from the format's public description: here, and by <c>Data/make-safetensors.py</c>.</summary>
public sealed class SafetensorsFileTests : IDisposable
{
    private const string Parse = """
        import json, struct, sys
        import numpy as np
        data = open(sys.argv[1], 'rb').read()
        length = struct.unpack('<Q', data[:8])[0]
        header = json.loads(data[8:8 + length])
        assert (8 + length) % 8 == 0
        print(json.dumps(header.pop('__metadata__'), sort_keys=True))
        end = 0
        for name, entry in header.items():
            begin, stop = entry['data_offsets']
            assert begin == end
            end = stop
            dtype = {'F64': '<f8', 'F32': '<f4', 'I64': '<i8'}[entry['dtype']]
            print(name, entry['dtype'], np.frombuffer(data[8 + length + begin:8 + length + stop], dtype).reshape(entry['shape']).tolist())
        assert 8 + length + end == len(data)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_of_entry_is_read()
    {
        IReadOnlyDictionary<string, SafetensorsTensor> tensors = SafetensorsFile.Read(TestData.Path("types.safetensors"));
        Assert.Equal(15, tensors.Count);
        Assert.Equal([2, 3], tensors["layers.0.weight"].Shape);
        Assert.Equal([0, 1.5, -2, 65280, 0.0625, -0.0], tensors["layers.0.weight"].ToDoubles());
        Assert.Equal([0.1, -1e300], tensors["layers.0.bias"].ToDoubles());
        Assert.Equal([0, 1.5, -2], tensors["half"].ToDoubles());
        Assert.Equal([0, 1.5, -2, 65280, 0.0625, -0.0], tensors["brain"].ToDoubles());
        Assert.Equal([-128L, 127], tensors["i8"].ToIntegers());
        Assert.Equal([-32768L, 32767], tensors["i16"].ToIntegers());
        Assert.Equal([int.MinValue, int.MaxValue], tensors["i32"].ToIntegers());
        Assert.Equal([long.MinValue, long.MaxValue], tensors["i64"].ToIntegers());
        Assert.Equal([0L, 255], tensors["u8"].ToIntegers());
        Assert.Equal([0L, 65535], tensors["u16"].ToIntegers());
        Assert.Equal([0L, uint.MaxValue], tensors["u32"].ToIntegers());
        Assert.Equal([0L, long.MaxValue], tensors["u64"].ToIntegers());
        Assert.Equal([1.0, 0], tensors["truth"].ToDoubles());
        Assert.Equal([2, 1], tensors["truth"].Shape);
        Assert.Empty(tensors["scalar"].Shape);
        Assert.Equal([7.0], tensors["scalar"].ToDoubles());
        Assert.Equal((0, 0), (tensors["nothing"].Length, tensors["nothing"].ToDoubles().Length));
        Assert.Throws<InvalidOperationException>(() => tensors["half"].ToIntegers());
    }

    [Fact]
    public void Metadata_are_read()
    {
        IReadOnlyDictionary<string, string> metadata = SafetensorsFile.ReadMetadata(TestData.Path("types.safetensors"));
        Assert.Equal(2, metadata.Count);
        Assert.Equal("pt", metadata["format"]);
        Assert.Equal("\u2713", metadata["naïve"]);
    }

    [Fact]
    public void Order_in_the_file_and_in_the_header_may_differ()
    {
        string path = Write("""{"b":{"shape":[1],"data_offsets":[4,8],"dtype":"F32"}, "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   """, 1.0f, 2.0f);
        IReadOnlyDictionary<string, SafetensorsTensor> tensors = SafetensorsFile.Read(path);
        Assert.Equal(["b", "a"], tensors.Keys);
        Assert.Equal([2.0], tensors["b"].ToDoubles());
        Assert.Equal([1.0], tensors["a"].ToDoubles());
        Assert.Empty(SafetensorsFile.ReadMetadata(path));
        Assert.Empty(SafetensorsFile.Read(Write("{}")));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { Entry("F32", "[2]", "[0,4]"), "[w]: expected 8 bytes for shape [2] of Float32, got data_offsets [0, 4]" },
        { Entry("F32", "[1]", "[8,4]"), "[w]: expected 4 bytes for shape [1] of Float32, got data_offsets [8, 4]" },
        { Entry("F32", "[1]", "[4,8]"), "[w]: expected data that begin at 0, where those before end, got 4" },
        { Entry("F32", "[1]", "[0,4]"), ": expected 4 bytes of data as its header says, got 8" },
        { Entry("F32", "[4]", "[0,16]"), ": expected 16 bytes of data as its header says, got 8" },
        { Entry("F32", "[2147483647,2147483647,4]", "[0,8]"), "[w]: expected at most 536870897 entries of Float32, got shape [2147483647, 2147483647, 4]" },
        { Entry("F32", "[2147483648,0]", "[0,0]"), "[w]: expected extents of at most 2147483647, got 2147483648" },
        { Entry("F32", "[-1]", "[0,8]"), "[w]: expected at most 32 whole numbers of at least 0 for shape, got something else" },
        { Entry("F32", "[1.5]", "[0,8]"), "[w]: expected at most 32 whole numbers of at least 0 for shape, got something else" },
        { Entry("F32", "[2]", "[0,8,8]"), "[w]: expected at most 2 whole numbers of at least 0 for data_offsets, got something else" },
        { Entry("F32", "[2]", "[0]"), "[w]: expected a dtype, a shape and two data_offsets, got an entry without them" },
        { Entry("F32", "[2]", "[0,18446744073709551624]"), "[w]: expected at most 2 whole numbers of at least 0 for data_offsets, got something else" },
        { Entry("F32", "\"2\"", "[0,8]"), ": expected numbers for shape of 'w', got String" },
        { Entry("F8_E4M3", "[8]", "[0,8]"), "[w]: expected dtype F64, F32, F16, BF16, I8 to I64, U8 to U64 or BOOL, got 'F8_E4M3'" },
        { """{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "[w]: expected distinct keys, got two named 'dtype'" },
        { """{"w":{"dtype":"F32","strides":[1],"shape":[2],"data_offsets":[0,8]}}""", "[w]: expected dtype, shape and data_offsets, got 'strides'" },
        { """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "[the header]: expected distinct keys, got two named 'w'" },
        { """{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "[w]: expected data that begin at 8, where those before end, got 4" },
        { """{"w":[]}""", ": expected an object for 'w', got StartArray" },
        { """{"__metadata__":{"a":1}}""", ": expected text for 'a' of the metadata, got Number" },
        { """{"__metadata__":{"a":"","a":""}}""", "[__metadata__]: expected distinct keys, got two named 'a'" },
        { "[]", ": expected an object of tensors, got StartArray" },
        { """{"w":""", ": expected a safetensors file (its header in JSON), got damaged JSON, or another format" },
        { """{} x""", ": expected a safetensors file (its header in JSON), got damaged JSON, or another format" },
        { """{"\ud800":{}}""", ": expected a safetensors file (its header in JSON), got damaged JSON, or another format" },
        { "", ": expected a safetensors file (its header in JSON), got damaged JSON, or another format" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Headers_that_are_wrong_are_refused_in_one_line(string header, string message)
    {
        string path = Write(header, 1.0f, 2.0f);
        Assert.Equal(path + message, Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(path)).Message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001ul)]
    [InlineData(3ul)]
    public void A_header_longer_than_the_file_costs_no_memory(ulong length)
    {
        byte[] bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        string path = _folder.Write("long.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(path)).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{path}: expected a safetensors file, with a header of at most 2 bytes, got {length}: truncated, or another format"), message);
    }

    [Fact]
    public void Files_that_are_missing_or_too_short_are_one_line()
    {
        Assert.Contains("no such file", Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(_folder["none"])).Message, StringComparison.Ordinal);
        string path = _folder.Write("short", [1, 0, 0]);
        Assert.EndsWith("(the length of its header in 8 bytes), got 3 bytes", Assert.Throws<DataFormatException>(() => SafetensorsFile.ReadMetadata(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_are_these_bytes()
    {
        string path = _folder["bytes.safetensors"];
        SafetensorsFile.Write(path, [SafetensorsTensor.FromDoubles("b", [], [1]), SafetensorsTensor.FromDoubles("a", [1], [2])]);
        const string Header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""";
        string padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(padded), 0, 0, 0, 0x40, 0, 0, 0x80, 0x3f];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public void Every_type_is_read_back()
    {
        IReadOnlyDictionary<string, SafetensorsTensor> tensors = SafetensorsFile.Read(TestData.Path("types.safetensors"));
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["format"] = "pt", ["note"] = "a \"quoted\" \u2713" };
        SafetensorsFile.Write(_folder["copy"], tensors.Values, metadata);
        IReadOnlyDictionary<string, SafetensorsTensor> copies = SafetensorsFile.Read(_folder["copy"]);
        Assert.Equal(tensors.Count, copies.Count);
        foreach ((string name, SafetensorsTensor tensor) in tensors)
        {
            Assert.Equal(tensor.Element, copies[name].Element);
            Assert.Equal(tensor.Shape, copies[name].Shape);
            Assert.Equal(tensor.ToDoubles(), copies[name].ToDoubles());
        }
        Assert.Equal(metadata, SafetensorsFile.ReadMetadata(_folder["copy"]));
    }

    [Fact]
    public void Names_that_occur_twice_and_the_metadatas_are_refused()
    {
        SafetensorsTensor w = SafetensorsTensor.FromIntegers("w", [1], [1]);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_folder["twice"], [w, w]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_folder["metadata"], [SafetensorsTensor.FromIntegers("__metadata__", [1], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromDoubles("w", [2], [1]));
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromDoubles("w", [1], [1], SafetensorsElement.BFloat16));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [PythonOnnxFact]
    public void A_parser_in_a_few_lines_of_Python_finds_the_same()
    {
        SafetensorsTensor[] tensors =
        [
            SafetensorsTensor.FromDoubles("weight", [2, 2], [1, 2.5, -3, 4]), SafetensorsTensor.FromDoubles("bias", [2], [0.1, -1e300], SafetensorsElement.Float64),
            SafetensorsTensor.FromIntegers("count", [], [long.MinValue]),
        ];
        SafetensorsFile.Write(_folder["out"], tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        string[] expected = ["{\"format\": \"pt\"}", "bias F64 [0.1, -1e+300]", "count I64 -9223372036854775808", "weight F32 [[1.0, 2.5], [-3.0, 4.0]]"];
        Assert.Equal(expected, PythonScript.Run(Parse, _folder["out"]).TrimEnd().Split('\n'));
    }

    private static string Entry(string type, string shape, string offsets) => $$$"""{"w":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""";

    private string Write(string header, params float[] values)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return _folder.Write("made.safetensors", [.. length, .. text, .. values.SelectMany(BitConverter.GetBytes)]);
    }
}
