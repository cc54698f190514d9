using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;

namespace Eigenscope.Learning.Tests.Data;

public sealed class ImageSourceTests : IDisposable
{
    private readonly Eigenscope.Learning.Tests.Data.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cifar_is_read_channels_first_and_a_part_of_it_says_so()
    {
        _folder.Write("cifar10/data_batch_2.bin.gz", TemporaryFolder.Gzip(Cifar(11, 10)));
        _folder.Write("cifar10/data_batch_1.bin", Cifar(20, 0));
        _folder.Write("cifar10/test_batch.bin", Cifar(3, 7));
        DataLocations locations = new(_folder.Path);

        DataSplit split = DataCatalog.Load("cifar-10", new DataOptions(), locations, new RandomStream(0));

        Assert.Equal("cifar10", split.Train.Name);
        Assert.Equal([3, 32, 32], split.Train.SampleShape);
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], split.Train.ClassNames);
        Assert.StartsWith("CIFAR-10, first 31 (of 50,000; 20 + 11)", split.Train.Source, StringComparison.Ordinal);
        Assert.StartsWith("CIFAR-10 test, first 3 (of 10,000; 3)", split.Test!.Source, StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(0, 20).Concat(Enumerable.Range(10, 11)).Select(i => i % 10)], split.Train.Labels);
        for (int i = 0; i < 31; i++)
        {
            int record = i < 20 ? i : i - 10;
            foreach ((int c, int y, int x) in new[] { (0, 0, 0), (0, 0, 5), (1, 3, 31), (2, 31, 30) })
                Assert.Equal(Pixel(record, (1024 * c) + (32 * y) + x) / 255.0, split.Train.Inputs[i, (1024 * c) + (32 * y) + x]);
        }
    }

    [Fact]
    public void Cifar_subsets_are_chosen_before_they_are_widened()
    {
        _folder.Write("cifar10/data_batch_1.bin", Cifar(60, 0));
        DataSplit whole = Load("cifar10", new DataOptions()), some = Load("cifar10", new DataOptions { Samples = 23 }), first = Load("cifar10", new DataOptions { MaxSamples = 12 });

        Assert.Null(whole.Test);
        Assert.Equal(whole.Train.TakeBalanced(23, new RandomStream(0).Split("subset")).Inputs.Span.ToArray(), some.Train.Inputs.Span.ToArray());
        Assert.Equal(whole.Train.Inputs.Span[..(12 * 3072)].ToArray(), first.Train.Inputs.Span.ToArray());
        Assert.EndsWith("23 samples in balanced classes, drawn by the seed", some.Train.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_official_archive_is_read_where_it_lies()
    {
        using MemoryStream stream = new();
        using (System.Formats.Tar.TarWriter writer = new(stream, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in new[] { ("test_batch.bin", Cifar(2, 0)), ("data_batch_2.bin", Cifar(10, 0)), ("data_batch_1.bin", Cifar(1, 5)) })
                writer.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}") { DataStream = new MemoryStream(content) });
        }
        _folder.Write("data/cifar10/cifar-10-binary.tar.gz", TemporaryFolder.Gzip(stream.ToArray()));

        DataSplit byName = DataCatalog.Load("cifar10", new DataOptions(), new DataLocations(_folder["data"]), new RandomStream(0));
        DataSplit byPath = Load("data/cifar10/cifar-10-binary.tar.gz", new DataOptions());

        Assert.Equal([5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], byName.Train.Labels);
        Assert.Equal([0, 1], byName.Test!.Labels);
        Assert.Equal(byName.Train.Inputs.Span.ToArray(), byPath.Train.Inputs.Span.ToArray());
    }

    [Fact]
    public void Cifar_files_that_are_wrong_are_named()
    {
        string batch = _folder.Write("cifar10/data_batch_1.bin", Cifar(12, 0)[..^1]);
        Assert.StartsWith($"{batch}: expected whole records of 3073 bytes", Refused("cifar10").Message, StringComparison.Ordinal);
        byte[] wrong = Cifar(12, 0);
        wrong[3073 * 2] = 10;
        _folder.Write("cifar10/data_batch_1.bin", wrong);
        Assert.Contains("record 2 of data_batch_1.bin has label 10", Refused("cifar10").Message, StringComparison.Ordinal);
        _folder.Write("cifar10/data_batch_1.bin", Cifar(9, 0));
        Assert.Contains("class truck has no samples", Refused("cifar10").Message, StringComparison.Ordinal);
        CheckedFile part = DatasetCheck.Run(KnownDataset.Find("cifar10")!, _folder["cifar10"], CancellationToken.None)[0];
        Assert.Equal((FileState.Partial, "9 of 10,000 records"), (part.State, part.Detail));
    }

    [Fact]
    public void House_numbers_are_turned_from_columns_to_lines_and_ten_is_zero()
    {
        _folder.Write("svhn/train_32x32.mat", Svhn(11));
        _folder.Write("svhn/test_32x32.mat", Svhn(2));

        DataSplit split = DataCatalog.Load("svhn", new DataOptions(), new DataLocations(_folder.Path), new RandomStream(0));

        Assert.Equal([3, 32, 32], split.Train.SampleShape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], split.Train.Labels);
        Assert.Equal(2, split.Test!.SampleCount);
        foreach ((int n, int c, int y, int x) in new[] { (0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0), (3, 1, 7, 30), (10, 2, 31, 2) })
            Assert.Equal(Svhn(n, c, y, x) / 255.0, split.Train.Inputs[n, (1024 * c) + (32 * y) + x]);
        Assert.Equal([1, 2], split.Test.Labels);
        DataException few = Assert.Throws<DataException>(() => Load("svhn/test_32x32.mat", new DataOptions { MaxSamples = 2 }));
        Assert.Contains("class 0 has no samples among the first 2", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void House_number_files_that_are_wrong_are_named()
    {
        MatWriter writer = new();
        byte[] images = writer.Array("X", 9, 2, [32, 32, 3, 2], new byte[6144]);
        AssertSvhn("a variable 'y'", writer.File(images));
        AssertSvhn("X of bytes in shape 32×32×3×N, got UInt8 in shape 32×32×2", writer.File(writer.Array("X", 9, 2, [32, 32, 2], new byte[2048]), writer.Array("y", 9, 2, [1, 1], [1])));
        AssertSvhn("a label in y for each of 2 images, got 1", writer.File(images, writer.Array("y", 9, 2, [1, 1], [1])));
        AssertSvhn("sample 1 has label 11", writer.File(images, writer.Array("y", 9, 2, [2, 1], [1, 11])));
        AssertSvhn("expected whole numbers", writer.File(images, writer.Array("y", 6, 9, [2, 1], [.. writer.Double(1), .. writer.Double(double.NaN)])));
        AssertSvhn("truncated", Svhn(11)[..^100]);
    }

    private void AssertSvhn(string problem, byte[] content)
    {
        string path = _folder.Write("svhn/train_32x32.mat", content);
        DataException error = Refused("svhn");
        Assert.Equal(path, error.Subject);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private DataException Refused(string path) => Assert.Throws<DataException>(() => Load(path, new DataOptions()));

    private DataSplit Load(string path, DataOptions options) => DataCatalog.Load(_folder[path], options, DataLocations.None, new RandomStream(0));

    private static byte Pixel(int record, int offset) => (byte)((record * 37) + (offset * 11) + (offset >> 7));

    private static byte[] Cifar(int count, int firstLabel)
    {
        byte[] records = new byte[3073 * count];
        for (int i = 0; i < count; i++)
        {
            records[3073 * i] = (byte)((firstLabel + i) % 10);
            for (int j = 0; j < 3072; j++)
                records[(3073 * i) + 1 + j] = Pixel(firstLabel == 10 ? i + 10 : i, j);
        }
        return records;
    }

    private static byte Svhn(int n, int c, int y, int x) => (byte)((n * 91) + (c * 53) + (y * 7) + (x * 3) + (x * y));

    private static byte[] Svhn(int count)
    {
        byte[] columns = new byte[3072 * count];
        int next = 0;
        for (int n = 0; n < count; n++)
        {
            for (int c = 0; c < 3; c++)
            {
                for (int x = 0; x < 32; x++)
                {
                    for (int y = 0; y < 32; y++)
                        columns[next++] = Svhn(n, c, y, x);
                }
            }
        }
        MatWriter writer = new();
        byte[] labels = [.. Enumerable.Range(0, count).Select(n => (byte)((n % 10) + 1))];
        return writer.File(writer.Compress(writer.Array("X", 9, 2, [32, 32, 3, count], columns)), writer.Compress(writer.Array("y", 6, 2, [count, 1], labels)));
    }
}
