using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Tests.Reports.Pages;

/// <summary>The arithmetic behind figures: axes, marks, levels, cells.</summary>
public sealed class PageBuilderTests
{
    [Theory]
    [InlineData(new[] { 0.02, 5.0 }, 0.01, 10.0, 1)]
    [InlineData(new[] { 1.0, 10.0 }, 1.0, 10.0, 1)]
    [InlineData(new[] { 3.0 }, 1.0, 10.0, 1)]
    [InlineData(new[] { 1e-3, 0.0, -4.0, 1e-20, 0.9 }, 1e-3, 1.0, 1)]
    [InlineData(new[] { 3e-10, 1.0 }, 1e-10, 1.0, 2)]
    public void Logarithmic_axes_go_from_power_to_power_around_what_can_be_drawn(double[] values, double min, double max, int step)
    {
        PageAxis axis = Axes.Logarithmic("v", values);

        Assert.Equal((true, step), (axis.IsLogarithmic, axis.TickDecades));
        Assert.Equal(Math.Log10(min), Math.Log10(axis.Min), 1e-9);
        Assert.Equal(Math.Log10(max), Math.Log10(axis.Max), 1e-9);
    }

    [Fact]
    public void Ticks_divide_every_logarithmic_axis()
    {
        for (int decades = 1; decades <= 14; decades++)
        {
            PageAxis axis = Axes.Logarithmic("v", [Math.Pow(10.0, -decades), 1.0]);
            double length = Math.Log10(axis.Max / axis.Min);

            Assert.Equal(0.0, Math.Round(length) % axis.TickDecades!.Value);
            Assert.True(length >= decades - 1e-9 && length / axis.TickDecades.Value <= 8.0 + 1e-9);
        }
    }

    [Fact]
    public void An_axis_without_a_value_is_still_one()
    {
        PageAxis axis = Axes.Logarithmic("v", [0.0, -1.0]);

        Assert.True(axis.Min > 0.0 && axis.Max > axis.Min);
    }

    [Fact]
    public void Marks_keep_signs_apart_and_count_what_cannot_be_drawn()
    {
        MeasuredMarks marks = MeasuredMarks.Of("θ", [2.0, 1.0, 0.0, 1e-20, -0.5]);

        Assert.Equal(2, marks.Series.Count);
        Assert.Equal([false, true], marks.Series.Select(static series => series.IsNegative));
        Assert.Equal([1, 2, 5], marks.Series.SelectMany(static series => series.Ranks));
        Assert.Equal([2.0, 1.0, 0.5], marks.Series.SelectMany(static series => series.Values));
        Assert.StartsWith("2 values (θ) that are zero to rounding", marks.Note, StringComparison.Ordinal);
        Assert.Equal(5, marks.LastRank);
    }

    [Fact]
    public void Long_lists_are_thinned_behind_the_top_and_keep_their_last()
    {
        double[] values = [.. Enumerable.Range(0, 5000).Select(static i => 1.0 / (1 + i))];

        SpectrumSeries series = Assert.Single(MeasuredMarks.Of("θ", values).Series);

        Assert.Equal(Enumerable.Range(1, 120), series.Ranks.Take(120));
        Assert.Equal(5000, series.Ranks[^1]);
        Assert.InRange(series.Ranks.Count, 200, 240);
        Assert.All(series.Ranks.Zip(series.Values), static mark => Assert.Equal(1.0 / mark.First, mark.Second, 1e-15));
        Assert.Equal(series.Ranks.Order().Distinct(), series.Ranks);
    }

    [Fact]
    public void Levels_stand_over_their_ranks_with_their_multiplicities()
    {
        PredictedGroup[] groups = [new(4.0, 1), new(2.0, 9), new(0.0, 5), new(-1.0, 3)];

        IReadOnlyList<PredictedLevel> levels = PredictedLevels.Of(groups, lastRank: 17);

        Assert.Equal([new(4.0, 1, 1, ""), new(2.0, 2, 10, "×9"), new(1.0, 16, 17, "×3", IsNegative: true)], levels);
        Assert.Equal("Theory also predicts the value 0, 5 times.", PredictedLevels.Note(groups, 17));
        Assert.Equal("The prediction goes on to rank 10.", PredictedLevels.Note(groups[..2], 4));
        Assert.Null(PredictedLevels.Note(groups[..2], 10));
    }

    [Fact]
    public void Levels_that_begin_behind_the_axis_are_left_out() =>
        Assert.Equal([new(4.0, 1, 3, "×5000000000")], PredictedLevels.Of([new(4.0, 5_000_000_000), new(2.0, 9)], lastRank: 3));

    [Fact]
    public void Cells_are_rounded_to_the_nearest_of_256_and_cut_at_the_ends() =>
        Assert.Equal([0, 0, 64, 128, 255, 255], Convert.FromBase64String(HeatCells.Encode([-2.0, -1.0, -0.5, 0.004, 1.0, 7.0], -1.0, 1.0)));

    [Theory]
    [InlineData("1.weight", "1-weight")]
    [InlineData("H 1", "h-1")]
    [InlineData("…", "x")]
    public void Anchors_hold_nothing_a_link_would_trip_over(string text, string anchor) => Assert.Equal(anchor, Anchors.Of(text));
}
