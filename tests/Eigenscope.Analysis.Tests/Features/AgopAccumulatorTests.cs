using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

public sealed class AgopAccumulatorTests
{
    private const double ReferenceUnits = 256;

    [Fact]
    public void A_linear_model_has_its_weight_as_every_jacobian()
    {
        double[] weight = [0.1, 0.2, -0.3, 1.0 / 3.0, 0.7, 0.9];
        Tensor<double> jacobians = new(Enumerable.Repeat(weight, 5).SelectMany(w => w).ToArray(), 10, 3);
        AgopAccumulator accumulator = new(2, 3, TestCompute.Instance);
        accumulator.Add(jacobians.AsMatrix().RowRange(0, 6));
        accumulator.Add(jacobians.AsMatrix().RowRange(6, 4));
        Assert.All(accumulator.Centred().Span.ToArray(), value => Assert.Equal(0.0, value));
        Assert.Equal(weight, accumulator.MeanJacobian().Span.ToArray());
        double[][] w = [weight[..3], weight[3..]];
        AssertEqual(Textbook.Product(Textbook.Transpose(w), w), accumulator.Mean(), ReferenceUnits);
        Assert.Equal(5, accumulator.Samples);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(7, 7, 6)]
    [InlineData(20, 0, 1, 2, 17)]
    public void Uneven_slices_agree_with_the_sum_written_out(params int[] slices)
    {
        const int outputs = 3, dimension = 5;
        int samples = slices.Sum();
        Tensor<double> jacobians = Random(91, samples * outputs, dimension, mean: 0.5);
        AgopAccumulator accumulator = new(outputs, dimension, TestCompute.Instance);
        int start = 0;
        foreach (int slice in slices)
        {
            accumulator.Add(jacobians.AsMatrix().RowRange(start * outputs, slice * outputs));
            start += slice;
        }
        double[][] rows = Textbook.Rows(jacobians);
        double[][] mean = Enumerable.Range(0, outputs).Select(k => Textbook.Mean(rows.Where((_, i) => i % outputs == k).ToArray())).ToArray();
        double[][] centred = rows.Select((r, i) => Textbook.Minus(r, mean[i % outputs])).ToArray();
        AssertEqual(Scaled(Textbook.Moment(rows), outputs), accumulator.Mean(), ReferenceUnits);
        AssertEqual(Scaled(Textbook.Moment(centred), outputs), accumulator.Centred(), ReferenceUnits);
        AssertEqual(mean, accumulator.MeanJacobian(), ReferenceUnits);
    }

    [Fact]
    public void A_large_mean_jacobian_does_not_drown_the_centred_form()
    {
        const double offset = 1 << 26;
        Tensor<double> jacobians = Random(92, 40, 3, mean: 0.0);
        foreach (ref double value in jacobians.Span)
            value = Math.Round(value * 1024) / 1024;
        double[][] expected = Textbook.Moment(Textbook.Centred(Textbook.Rows(jacobians)));
        foreach (ref double value in jacobians.Span)
            value += offset;
        AgopAccumulator accumulator = new(1, 3, TestCompute.Instance);
        accumulator.Add(jacobians.AsMatrix().RowRange(0, 13));
        accumulator.Add(jacobians.AsMatrix().RowRange(13, 27));
        // Slice means are rounded at the offset's last place, 2⁻²⁷, once a slice.
        AssertEqual(expected, accumulator.Centred(), 16 * offset);
    }

    [Fact]
    public void Wrong_slices_are_refused()
    {
        AgopAccumulator accumulator = new(2, 3, TestCompute.Instance);
        Assert.Throws<ArgumentException>(() => accumulator.Add(new Tensor<double>(3, 3).AsMatrix()));
        Assert.Throws<ArgumentException>(() => accumulator.Add(new Tensor<double>(2, 4).AsMatrix()));
        Assert.Throws<ArgumentException>(() => accumulator.Add(new Tensor<double>([1, 2, 3, 4, double.NaN, 6], 2, 3).AsMatrix()));
        Assert.Throws<InvalidOperationException>(accumulator.Mean);
        Assert.Throws<InvalidOperationException>(accumulator.Centred);
        Assert.Throws<InvalidOperationException>(accumulator.MeanJacobian);
    }

    private static double[][] Scaled(double[][] a, double factor) => a.Select(r => r.Select(v => v * factor).ToArray()).ToArray();

    private static void AssertEqual(double[][] expected, Tensor<double> actual, double units)
    {
        double scale = expected.Max(r => r.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            for (int j = 0; j < expected[0].Length; j++)
                Near.Equal(expected[i][j], actual[i, j], units, scale);
    }

    private static Tensor<double> Random(ulong seed, int rows, int columns, double mean)
    {
        Tensor<double> matrix = new(rows, columns);
        new RandomStream(seed).FillNormal(matrix.Span);
        foreach (ref double value in matrix.Span)
            value += mean;
        return matrix;
    }
}
