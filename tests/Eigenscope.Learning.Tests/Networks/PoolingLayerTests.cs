using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Poolings and flattening against numbers worked out by hand. Images lie channels-last.</summary>
public sealed class PoolingLayerTests
{
    // One division and one multiplication.
    private const double Rounding = 4 * 2.3e-16;
    private static readonly ImageShape Square = new(1, 3, 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_never_wins_a_maximum(bool keep)
    {
        MaxPoolLayer layer = new("pool", Square, kernel: 3, stride: 2, padding: 1);
        double[] x = [-1, -2, -3, -4, -5, -6, -7, -8, -9];
        Assert.Equal([-1, -2, -4, -5], LayerProbe.Value(layer, x, [], keep));
        Assert.Equal((2, 2), (layer.Output.Height, layer.Output.Width));
    }

    [Fact]
    public void Of_equal_entries_the_first_takes_the_derivative()
    {
        MaxPoolLayer layer = new("pool", new ImageShape(1, 2, 4), kernel: 2, stride: 2, padding: 0);
        double[] x = [0, 7, 1, 5, 7, 7, 5, 5];
        Assert.Equal([0, 10, 0, 20, 0, 0, 0, 0], LayerProbe.Pullback(layer, x, [], [10, 20]));
    }

    [Fact]
    public void Overlapping_windows_add_what_they_send_to_one_winner()
    {
        MaxPoolLayer layer = new("pool", Square, kernel: 2, stride: 1, padding: 0);
        Assert.Equal([0, 0, 0, 0, 10, 0, 0, 0, 0], LayerProbe.Pullback(layer, [1.0, 2, 3, 4, 9, 5, 6, 7, 8], [], [1, 2, 3, 4]));
    }

    // More channels than a vector has lanes, so that both the vector loop and its tail are met.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_NaN_is_passed_on_from_any_place_of_the_window(bool keep)
    {
        const int Channels = 19;
        MaxPoolLayer layer = new("pool", new ImageShape(Channels, 2, 2), kernel: 2, stride: 2, padding: 0);
        for (int place = 0; place < 4; place++)
        {
            float[] x = [.. Enumerable.Range(0, 4 * Channels).Select(static i => (float)(i % 7))];
            x.AsSpan(place * Channels, Channels).Fill(float.NaN);
            Assert.All(LayerProbe.Value(layer, x, [], keep), static value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [InlineData(true, new[] { 12.0 / 9, 16.0 / 9, 24.0 / 9, 28.0 / 9 })]
    [InlineData(false, new[] { 12.0 / 4, 16.0 / 4, 24.0 / 4, 28.0 / 4 })]
    public void An_average_over_the_edge_counts_padding_or_not(bool counts, double[] expected)
    {
        AveragePoolLayer layer = new("pool", Square, kernel: 3, stride: 2, padding: 1, counts);
        double[] averages = LayerProbe.Value(layer, [1.0, 2, 3, 4, 5, 6, 7, 8, 9], [], keep: true);
        Assert.All(averages.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, Rounding * pair.Second));
    }

    [Fact]
    public void Averages_count_padding_unless_told_otherwise() => Assert.True(new AveragePoolLayer("pool", Square, kernel: 2, stride: 2, padding: 1).CountsPadding);

    [Fact]
    public void A_global_average_sums_in_double_what_single_precision_would_lose()
    {
        // 2²⁴ + 1 is no single-precision number: a running sum in single precision would stay at 2²⁴.
        float[] x = [16_777_216, 1, 1, 1, 1, 1, 1, 1, 1];
        GlobalAveragePoolLayer layer = new("pool", Square);
        Assert.Equal([(float)(16_777_224.0 / 9)], LayerProbe.Value(layer, x, [], keep: true));
        Assert.Equal(Enumerable.Repeat(2f, 9), LayerProbe.Pullback(layer, x, [], [18f]));
    }

    [Fact]
    public void Channels_are_pooled_apart_and_lie_last()
    {
        double[] x = [1, 10, 2, 20, 3, 30, 4, 40];
        ImageShape image = new(2, 2, 2);
        Assert.Equal([2.5, 25], LayerProbe.Value(new GlobalAveragePoolLayer("pool", image), x, [], keep: true));
        Assert.Equal([4, 40], LayerProbe.Value(new MaxPoolLayer("pool", image, 2, 2, 0), x, [], keep: true));
        Assert.Equal(x, LayerProbe.Value(new FlattenLayer("flatten", image), x, [], keep: true));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(2, 0, 0)]
    [InlineData(2, 1, -1)]
    [InlineData(3, 1, 2)]
    [InlineData(4, 1, 0)]
    public void Windows_that_do_not_fit_are_refused(int kernel, int stride, int padding)
    {
        Assert.ThrowsAny<ArgumentException>(() => new MaxPoolLayer("pool", Square, kernel, stride, padding));
        Assert.ThrowsAny<ArgumentException>(() => new AveragePoolLayer("pool", Square, kernel, stride, padding));
    }
}
