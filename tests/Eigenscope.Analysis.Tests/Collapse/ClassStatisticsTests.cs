using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class ClassStatisticsTests
{
    private static readonly Tensor<double> Unbalanced = new([0, 0, 0, 4, 2, 0, 0, 6, 0, 8], 5, 2);
    private static readonly int[] UnbalancedLabels = [0, 1, 0, 1, 1];

    [Fact]
    public void Moments_of_two_unequal_classes_worked_by_hand()
    {
        ClassStatistics statistics = ClassStatistics.Measure(Unbalanced.AsMatrix(), UnbalancedLabels, 2);
        Assert.Equal([2, 3], statistics.Counts);
        Assert.Equal([1, 0, 0, 6], statistics.Means.Span.ToArray());
        Assert.Equal([0.5, 3], statistics.GlobalMean.Span.ToArray());
        Assert.Equal([0.5, -3, -0.5, 3], statistics.CentredMeans.Span.ToArray());
        Assert.Equal(1.0, statistics.Variances[0]);
        Assert.Equal(8.0 / 3.0, statistics.Variances[1]);
        Assert.Equal(2.0, statistics.WithinTrace);
        Assert.Equal(9.25, statistics.BetweenTrace);
        Assert.Equal([1.0, 6.0], statistics.MeanNorms());
        Assert.Equal((5, 2, 2), (statistics.Samples, statistics.Classes, statistics.Dimension));
    }

    [Fact]
    public void Identical_samples_have_no_variance_at_all()
    {
        const int n = 3000;
        double[] data = Enumerable.Range(0, 2 * n).Select(i => i % 2 == 0 ? 0.1 : 1.0 / 3.0).ToArray();
        int[] labels = Enumerable.Range(0, n).Select(i => i % 3).ToArray();
        ClassStatistics statistics = ClassStatistics.Measure(new Tensor<double>(data, n, 2).AsMatrix(), labels, 3);
        Assert.Equal(0.0, statistics.WithinTrace);
        Assert.Equal(0.0, statistics.BetweenTrace);
        Assert.True(statistics.MeansCoincide);
    }

    [Fact]
    public void An_offset_costs_no_more_digits_than_storing_it()
    {
        const double offset = 1 << 26;
        Samples samples = Samples.Gaussian(1, 4, 5, 30);
        // Exactly representable after the shift, so that the shifted data are the same data.
        foreach (ref double value in samples.Features.Span)
            value = Math.Round(value * 1024) / 1024;
        ClassStatistics plain = ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, 4);
        foreach (ref double value in samples.Features.Span)
            value += offset;
        ClassStatistics shifted = ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, 4);
        Near.Equal(plain.BetweenTrace, shifted.BetweenTrace, 16 * offset);
        Near.Equal(plain.WithinTrace, shifted.WithinTrace, 64);
    }

    [Fact]
    public void A_class_without_samples_is_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClassStatistics.Measure(Unbalanced.AsMatrix(), [0, 1, 0, 3, 1], 4));
        Assert.Contains("class 2 has no samples", error.Message);
        Assert.Equal("labels", error.ParamName);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_label_out_of_range_is_named(int label)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClassStatistics.Measure(Unbalanced.AsMatrix(), [0, 1, 0, label, 1], 2));
        Assert.Contains($"got {label} at sample 3", error.Message);
    }

    [Fact]
    public void A_sample_that_is_not_finite_is_named()
    {
        Tensor<double> features = Unbalanced.Clone();
        features[3, 1] = double.NaN;
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClassStatistics.Measure(features.AsMatrix(), UnbalancedLabels, 2));
        Assert.Contains("row 3", error.Message);
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ClassStatistics.Measure(Unbalanced.AsMatrix(), [0, 1], 2));
        Assert.Throws<ArgumentException>(() => ClassStatistics.Measure(default, [], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassStatistics.Measure(Unbalanced.AsMatrix(), [0, 0, 0, 0, 0], 1));
    }
}
