using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Data;

public sealed class SampleSourceTests
{
    private const int Size = 3;

    [Fact]
    public void An_array_is_read_by_range_in_both_precisions()
    {
        double[] values = [.. Enumerable.Range(0, 5 * Size).Select(static i => i / 3.0)];
        SampleSource[] sources =
        [
            new InMemorySource("double", new Tensor<double>(values, 5, Size), [0, 1, 2, 1, 0]),
            new InMemorySource("single", new Tensor<float>([.. values.Select(static value => (float)value)], 5, Size), [0, 1, 2, 1, 0]),
        ];
        foreach (SampleSource source in sources)
        {
            double[] inputs = new double[2 * Size];
            float[] single = new float[2 * Size];
            int[] labels = new int[2];

            source.Read(2, 2, single, labels);
            source.Read(2, 2, inputs, labels);

            Assert.Equal([2, 1], labels);
            Assert.Equal(values[(2 * Size)..(4 * Size)].Select(static value => (float)value), single);
            Assert.Equal(source.Name == "double" ? values[(2 * Size)..(4 * Size)] : [.. single.Select(static value => (double)value)], inputs);
        }
    }

    [Fact]
    public void A_data_set_is_one_source_whose_single_precision_copy_is_shared()
    {
        Dataset data = EmbeddedDigits.Load();

        InMemorySource source = Assert.IsType<InMemorySource>(data.AsSource());

        Assert.Same(source, data.AsSource());
        Assert.Same(data.Inputs.Storage, source.Storage<double>());
        Assert.Same(source.Storage<float>(), source.Storage<float>());
        Assert.Equal((float)data.Inputs.Span[77], source.Storage<float>()![77]);
    }

    [Theory]
    [InlineData(-1, 2, 6, 2, "samples -1 … 0 were asked of 4")]
    [InlineData(3, 2, 6, 2, "samples 3 … 4 were asked of 4")]
    [InlineData(0, int.MaxValue, 6, 2, "were asked of 4")]
    [InlineData(0, 2, 5, 2, "expected room for 2 × 3 values, got 5")]
    [InlineData(0, 2, 6, 3, "expected room for 2 labels, got 3")]
    public void A_range_that_is_not_there_is_refused(int start, int count, int inputs, int labels, string expected)
    {
        InMemorySource source = new("four", new Tensor<double>(4, Size), new int[4]);

        string message = Assert.ThrowsAny<ArgumentException>(() => source.Read(start, count, new double[inputs], new int[labels])).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_source_delivers_is_checked()
    {
        Assert.Contains("sample 6 has NaN at coordinate 2", Complaint((start, inputs, _) => inputs[(2 * Size) - 1] = start == 5 ? double.NaN : 0.0), StringComparison.Ordinal);
        Assert.Contains("sample 5 has -Infinity at coordinate 0", Complaint((_, inputs, _) => inputs[0] = double.NegativeInfinity), StringComparison.Ordinal);
        Assert.Contains("sample 7 has label -3", Complaint((_, _, labels) => labels[2] = -3), StringComparison.Ordinal);
        Assert.Contains("reading samples 5 … 8 failed: disk on fire", Complaint((_, _, _) => throw new IOException("disk on fire")), StringComparison.Ordinal);
        DelegateSource few = new(9, Size, static (_, _, count, _, _) => count - 1);
        Assert.Contains("3 samples came where 4 were asked for (5 … 8)", Assert.Throws<DataException>(() => few.Read(5, 4, new double[4 * Size], new int[4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_precision_is_checked_too()
    {
        DelegateSource huge = new(2, Size, static (_, _, count, inputs, _) =>
        {
            inputs.Fill(1e300);
            return count;
        });

        huge.Read(0, 2, new double[2 * Size], new int[2]);
        Assert.Contains("sample 0 has +Infinity at coordinate 0", Assert.Throws<DataException>(() => huge.Read(0, 2, new float[2 * Size], new int[2])).Message, StringComparison.Ordinal);
    }

    private static string Complaint(Action<int, double[], int[]> deliver)
    {
        DelegateSource source = new(9, Size, (_, start, count, inputs, labels) =>
        {
            double[] values = new double[inputs.Length];
            int[] classes = new int[labels.Length];
            deliver(start, values, classes);
            values.CopyTo(inputs);
            classes.CopyTo(labels);
            return count;
        });
        string message = Assert.Throws<DataException>(() => source.Read(5, 4, new double[4 * Size], new int[4])).Message;
        Assert.StartsWith("test source: ", message, StringComparison.Ordinal);
        return message;
    }
}
