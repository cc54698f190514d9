using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Eigenscope.Formats.Onnx;
using Eigenscope.Formats.Safetensors;
using Eigenscope.Testing.Files;

namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>All readers. Bounds follow from what a byte can become: a double (8), twice while a list grows, or a small object of a hundred bytes or more where two bytes make a part.</summary>
internal static class FuzzTargets
{
    private const int Cifar = 3073;

    private static readonly byte[][] NpySeeds =
    [
        Npy("<f8", false, "(2, 3)", new byte[48]), Npy(">f4", true, "(3, 2)", [.. Enumerable.Range(0, 24).Select(static i => (byte)i)]), Npy("|b1", true, "(2, 2, 2)", [0, 1, 0, 1, 1, 1, 0, 2]),
        Npy("<f2", false, "(3,)", [0, 0x3c, 0, 0x7c, 1, 0]), Npy(">i8", false, "()", new byte[8]), Npy("<u2", false, "(0, 5)", []), Npy("|i1", true, "(1, 4)", [1, 2, 3, 0xff]),
    ];

    private static readonly byte[][] IdxSeeds = [[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6], [0, 0, 0x0d, 1, 0, 0, 0, 1, 0x3f, 0x80, 0, 0], [0, 0, 0x0e, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, .. new byte[8]]];

    private static readonly byte[][] CsvSeeds =
    [
        .. new[]
        {
            "1,2.5,a\n3,4e5,b\n", "x,y,label\r\n1,2,0\r\n3,-4,1\r\n", "2,2,setosa,\"versi\",other\n5.1,3.5,0\n4.9,3.0,1\n\n", "\"1\",\"2\",\"a,b\"\n3, 4 ,c\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] OnnxSeeds = [.. new[] { "attributes", "elements-raw", "elements-typed", "perceptron", "perceptron-old", "perceptron-external" }.Select(static name => File.ReadAllBytes(TestData.Path(name + ".onnx")))];

    private static readonly byte[][] CifarSeeds = [new byte[Cifar], [.. Enumerable.Range(0, 2 * Cifar).Select(static i => (byte)i)]];

    private static readonly IReadOnlyDictionary<string, byte[]> Weights = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["perceptron.weights"] = File.ReadAllBytes(TestData.Path("perceptron.weights")) };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("onnx bytes", OnnxSeeds, ReadOnnx) { BytesPerByte = 512, Beside = Weights },
        new("onnx fields", OnnxSeeds, ReadOnnx) { BytesPerByte = 512, Beside = Weights, Mutate = FieldMutation.Mutate },
        new("onnx external data", [Weights["perceptron.weights"]], ReadBeside) { BytesPerByte = 512, Beside = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["model.onnx"] = External() } },
        new("safetensors", SafetensorsSeeds(), ReadSafetensors) { BytesPerByte = 64 },
        new("safetensors header", [.. SafetensorsSeeds().Select(static seed => seed[8..])], ReadSafetensors) { BytesPerByte = 64, Wrap = WithHeaderLength },
        new("npy", NpySeeds, static path => NpyFile.Read(path).ToDoubles()) { BytesPerByte = 32 },
        new("npy gzipped", NpySeeds, static path => NpyFile.Read(path).ToDoubles()) { BytesPerByte = 32, Wrap = Tests.TemporaryFolder.Gzip },
        new("npz", [.. NpySeeds.Select(Zip), .. NpySeeds.Select(static seed => Zip(seed, CompressionLevel.NoCompression))], ReadNpz) { BytesPerByte = 1032 * 8 },
        new("npz entries", NpySeeds, ReadNpz) { BytesPerByte = 32, Wrap = Zip },
        new("idx", IdxSeeds, static path => IdxFile.Read(path)) { BytesPerByte = 16 },
        new("idx gzipped", IdxSeeds, static path => IdxFile.Read(path, 1)) { BytesPerByte = 16, Wrap = Tests.TemporaryFolder.Gzip },
        new("gzip", [.. IdxSeeds.Select(Tests.TemporaryFolder.Gzip)], static path => IdxFile.Read(path)) { BytesPerByte = 1032 * 8 },
        new("csv", CsvSeeds, static path => CsvFile.Read(path)) { BytesPerByte = 128 },
        new("cifar", CifarSeeds, static path => CifarFile.ReadBatch(path)) { BytesPerByte = 8 },
        new("cifar archive", TarSeeds(), static path => CifarFile.ReadArchive(path)) { BytesPerByte = 64 },
        new("cifar archive headers", TarSeeds(), static path => CifarFile.ReadArchive(path)) { BytesPerByte = 64, Mutate = MutateTarHeader, Wrap = WithTarChecksums },
        new("mat", MatSeeds(compressed: false), ReadMat) { BytesPerByte = 512 },
        new("mat compressed", MatSeeds(compressed: true), ReadMat) { BytesPerByte = 1032 * 16 },
        new("mat inside", [Variable(new MatWriter())], static path => MatFile.Read(path, "X")[0].ToDoubles()) { BytesPerByte = 512, Wrap = static bytes => new MatWriter().File(new MatWriter().Compress(bytes)) },
    ];

    private static void ReadOnnx(string path)
    {
        OnnxModel model = OnnxFile.Read(path);
        foreach (OnnxTensor tensor in model.Graph.Initializers.Concat(model.Graph.Nodes.SelectMany(static node => node.Attributes.Values).Select(static attribute => attribute.Tensor).OfType<OnnxTensor>()))
        {
            if (tensor.Element is not (OnnxElement.Text or OnnxElement.Unsupported))
                Assert.Equal(tensor.Length, tensor.ToDoubles().Length);
        }
    }

    /// <summary>The damaged file is the weights; the model beside it is whole.</summary>
    private static void ReadBeside(string path)
    {
        string weights = Path.Combine(Path.GetDirectoryName(path)!, "perceptron.weights");
        File.Move(path, weights, overwrite: true);
        File.Copy(weights, path);
        ReadOnnx(Path.Combine(Path.GetDirectoryName(path)!, "model.onnx"));
    }

    private static byte[] External() => OnnxSeeds[^1];

    private static void ReadSafetensors(string path)
    {
        SafetensorsFile.ReadMetadata(path);
        foreach (SafetensorsTensor tensor in SafetensorsFile.Read(path).Values)
            Assert.Equal(tensor.Length, tensor.ToDoubles().Length);
    }

    private static void ReadNpz(string path)
    {
        foreach (string name in NpzFile.Names(path))
            NpzFile.Read(path, name).ToDoubles();
    }

    private static void ReadMat(string path)
    {
        foreach (MatArray array in MatFile.Read(path, "X", "a_longer_name"))
            array.ToDoubles();
    }

    private static byte[] Npy(string type, bool isFortran, string shape, byte[] entries)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), .. entries];
    }

    private static byte[] Zip(byte[] entry) => Zip(entry, CompressionLevel.Fastest);

    private static byte[] Zip(byte[] entry, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (ZipArchive archive = new(packed, ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "x.npy", "note.txt", "y.npy" })
            {
                using Stream content = archive.CreateEntry(name, level).Open();
                content.Write(entry);
            }
        }
        return packed.ToArray();
    }

    private static byte[][] SafetensorsSeeds()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"__metadata__":{"k":"v"},"b":{"dtype":"BOOL","shape":[],"data_offsets":[8,9]}}""";
        byte[] small = [.. new byte[8], .. Encoding.ASCII.GetBytes(Header)];
        BinaryPrimitives.WriteInt64LittleEndian(small, small.Length - 8);
        return [File.ReadAllBytes(TestData.Path("types.safetensors")), [.. small, .. new byte[9]]];
    }

    /// <summary>The length of the header is mended: to its last braces and the blanks after them.</summary>
    private static byte[] WithHeaderLength(byte[] bytes)
    {
        int end = Math.Min(bytes.Length, bytes.AsSpan().LastIndexOf("}}"u8) + 2);
        while (end < bytes.Length && bytes[end] == ' ')
            end++;
        byte[] file = [.. new byte[8], .. bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, end);
        return file;
    }

    private static byte[][] TarSeeds() => [.. new[] { TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu }.Select(Tar)];

    private static byte[] Tar(TarEntryFormat format)
    {
        using MemoryStream packed = new();
        using (TarWriter writer = new(packed, format, leaveOpen: true))
        {
            foreach (string name in new[] { "cifar/data_batch_1.bin", "cifar/readme.html" })
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    _ => new GnuTarEntry(TarEntryType.RegularFile, name),
                };
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                entry.DataStream = new MemoryStream(new byte[Cifar]);
                writer.WriteEntry(entry);
            }
        }
        return packed.ToArray();
    }

    /// <summary>Damages one of the first blocks (headers, and the lists of attributes that some have) and nothing of the pixels.</summary>
    private static byte[] MutateTarHeader(byte[] bytes, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        byte[] file = [.. bytes];
        Span<byte> block = file.AsSpan(512 * random.Below(3), 512);
        byte[] damaged = ByteMutation.Mutate(block.ToArray(), random, [block.ToArray()]);
        damaged.AsSpan(0, Math.Min(512, damaged.Length)).CopyTo(block);
        return file;
    }

    /// <summary>Mends the checksum of every block that looks like a header: the sum of its bytes, those of the checksum taken as blanks.</summary>
    private static byte[] WithTarChecksums(byte[] bytes)
    {
        byte[] file = [.. bytes];
        for (int start = 0; start + 512 <= file.Length; start += 512)
        {
            Span<byte> block = file.AsSpan(start, 512);
            if (!block.Slice(257, 5).SequenceEqual("ustar"u8))
                continue;
            block.Slice(148, 8).Fill((byte)' ');
            int sum = 0;
            foreach (byte value in block)
                sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
        }
        return file;
    }

    private static byte[] Variable(MatWriter writer) => writer.Array("X", 9, 2, [2, 3, 3, 2], [.. Enumerable.Range(0, 36).Select(static i => (byte)i)]);

    private static byte[][] MatSeeds(bool compressed)
    {
        return [Seed(new MatWriter()), Seed(new MatWriter(isBigEndian: true))];

        byte[] Seed(MatWriter writer)
        {
            byte[][] elements =
            [
                writer.Array("a_longer_name", 6, 9, [1, 2], [.. writer.Double(1.5), .. writer.Double(-2)]), writer.Array("other", 9, 2, [2, 2], [1, 2, 3, 4]),
                Variable(writer),
            ];
            return writer.File([.. elements.Select(element => compressed ? writer.Compress(element) : element)]);
        }
    }
}
