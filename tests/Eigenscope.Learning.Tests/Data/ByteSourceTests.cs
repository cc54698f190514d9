using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

public sealed class ByteSourceTests : IDisposable
{
    private const int Samples = 7;
    private static readonly int[] Shape = [2, 3, 4];
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, Samples * 24).Select(static i => (byte)((i * 37) + (i / 24)))];
    private static readonly int[] Labels = [0, 3, 1, 2, 2, 0, 1];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_are_the_same_numbers_from_memory_and_from_either_kind_of_file()
    {
        PixelScaling scaling = new() { Means = [0.25, 0.5], Deviations = [0.5, 0.125] };
        using ByteSource memory = new("memory", Pixels, Labels, Shape, scaling);
        using ByteSource idx = ByteSource.OpenIdx(_folder.Write("images", TemporaryFolder.Idx(Pixels, Samples, 2, 3, 4)), WriteLabels(), scaling);
        using ByteSource records = ByteSource.OpenRecords(WriteRecords(), Shape, scaling);
        foreach (ByteSource source in new[] { memory, idx, records })
        {
            Assert.Equal(Samples, source.SampleCount);
            Assert.Equal(Shape, source.SampleShape);
            for (int start = 0; start < Samples; start++)
                AssertRange(source, start, Samples - start);
            AssertRange(source, 2, 1);
        }
    }

    [Fact]
    public void Numbers_are_those_of_the_loaded_data_set_to_the_bit()
    {
        string images = _folder.Write("train-images-idx3-ubyte", TemporaryFolder.Idx(Pixels, Samples, 6, 4));
        string labels = _folder.Write("train-labels-idx1-ubyte", TemporaryFolder.Idx([.. Labels.Select(static label => (byte)label)], Samples));
        Dataset loaded = IdxFolder.Load(_folder.Path, "images", null, null).Train;
        using ByteSource source = ByteSource.OpenIdx(images, labels, new PixelScaling());
        double[] inputs = new double[Pixels.Length];
        float[] single = new float[Pixels.Length];
        int[] classes = new int[Samples];

        source.Read(0, Samples, single, classes);
        source.Read(0, Samples, inputs, classes);

        Assert.Equal([1, 6, 4], source.SampleShape);
        Assert.Equal(loaded.Labels, classes);
        Assert.Equal(loaded.Inputs.Storage, inputs);
        Assert.Equal(loaded.Inputs.Convert<float>().Storage, single);
    }

    [Fact]
    public void Files_that_do_not_fit_are_refused()
    {
        byte[] idx = TemporaryFolder.Idx(Pixels, Samples, 6, 4);
        AssertRefused("decompress it first", TemporaryFolder.Gzip(idx));
        AssertRefused("expected 184 bytes as its header says, got 183", idx[..^1]);
        AssertRefused("expected an IDX file of bytes with 2 to 4 axes", TemporaryFolder.Idx(Pixels, Pixels.Length));
        AssertRefused("expected an IDX file of bytes with 2 to 4 axes", [0, 0]);
        AssertRefused("expected a label for each of 6 images", TemporaryFolder.Idx(Pixels[..144], 6, 6, 4));
        Assert.Contains("expected a readable file", Assert.Throws<DataException>(() => ByteSource.OpenIdx(_folder["nothing"], WriteLabels(), new PixelScaling())).Message, StringComparison.Ordinal);
        Assert.Contains("expected records of 24 bytes (a class and 23 values), got 175 bytes", Assert.Throws<DataException>(() => ByteSource.OpenRecords(WriteRecords(), [23], new PixelScaling())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ByteSource("short", Pixels[1..], Labels, Shape, new PixelScaling()));
        Assert.Throws<ArgumentException>(() => new ByteSource("scaling", Pixels, Labels, Shape, new PixelScaling { Means = [0.0] }));
        Assert.Throws<ArgumentException>(() => new ByteSource("scaling", Pixels, Labels, Shape, new PixelScaling { Deviations = [1.0, 0.0] }));
    }

    [Fact]
    public void A_file_that_shrinks_afterwards_is_an_error_not_zeros()
    {
        string path = WriteRecords();
        using ByteSource source = ByteSource.OpenRecords(path, Shape, new PixelScaling());
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(3 * 25);

        string message = Assert.Throws<DataException>(() => source.Read(1, 4, new double[4 * 24], new int[4])).Message;

        Assert.Contains("2 samples came where 4 were asked for (1 … 4)", message, StringComparison.Ordinal);
    }

    private static void AssertRange(ByteSource source, int start, int count)
    {
        double[] inputs = new double[count * 24];
        float[] single = new float[count * 24];
        int[] labels = new int[count];

        source.Read(start, count, single, labels);
        source.Read(start, count, inputs, labels);

        Assert.Equal(Labels[start..(start + count)], labels);
        for (int i = 0; i < inputs.Length; i++)
        {
            bool second = i % 24 >= 12;
            double expected = ((Pixels[(start * 24) + i] / 255.0) - (second ? 0.5 : 0.25)) / (second ? 0.125 : 0.5);
            Assert.Equal(expected, inputs[i]);
            Assert.Equal((float)expected, single[i]);
        }
    }

    private string WriteLabels() => _folder.Write("labels", TemporaryFolder.Idx([.. Labels.Select(static label => (byte)label)], Samples));

    private string WriteRecords() => _folder.Write("records.bin", [.. Enumerable.Range(0, Samples).SelectMany(static i => Pixels[(i * 24)..((i + 1) * 24)].Prepend((byte)Labels[i]))]);

    private void AssertRefused(string expected, byte[] images)
    {
        string path = _folder.Write("images", images);
        string labels = WriteLabels();
        Assert.Contains(expected, Assert.Throws<DataException>(() => ByteSource.OpenIdx(path, labels, new PixelScaling())).Message, StringComparison.Ordinal);
    }
}
