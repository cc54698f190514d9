using Eigenscope.Experiments.Reports;
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
    public void Marks_are_apart_by_category_and_values_beyond_them_stand_alone()
    {
        MeasuredMarks marks = MeasuredMarks.Of([4.0, 3.0, 2.0, -1.0, 0.5, 0.2], ["cross-class", "class", "cross-class", "network-curvature"]);

        Assert.Equal(["class", "cross-class", "network curvature, negative", "from rank 5 on"], marks.Series.Select(static series => series.Name));
        Assert.Equal(["class", "cross-class", "network-curvature", "unknown"], marks.Series.Select(static series => series.Category));
        Assert.Equal([2, 1, 3, 4, 5, 6], marks.Series.SelectMany(static series => series.Ranks));
    }

    [Theory]
    [InlineData(1.0, 6.0)]
    [InlineData(-1e-3, -3.0)]
    [InlineData(0.0, 0.0)]
    public void The_logarithm_through_zero_counts_decades_above_its_threshold(double value, double decades) =>
        Assert.Equal(decades, DensityFigures.Logarithm(value, 1e-6), 1e-5);

    [Fact]
    public void A_density_stands_between_its_band_with_lines_and_what_is_not_resolved()
    {
        const int Dimension = 1000;
        const double Width = 0.5;
        DensityCurveReport linear = new(Width, null, [-2.0, -1.0, 0.0, 1.0, 2.0], [1e-9, 0.1, 0.8, 0.1, 1e-9], [1e-10, 0.2, 0.1, 0.01, 1e-10], [0.0, 0.1, 0.05, 0.02, 0.0]);
        DensityReport density = new([0.0], [0.998], [9.0, 5.0], 1.0, 10, 64, 0.9, 640, linear, linear with { LinearThreshold = 1e-6 });

        DensityFigure[] figures = [.. DensityFigures.Of(Spectrum(Dimension, density), "full", "Hessian")];

        Assert.Equal(["full-density", "full-density-log"], figures.Select(static figure => figure.Id));
        DensityFigure figure = figures[0];
        Assert.Equal(1.0 / (Dimension * Width * Math.Sqrt(2.0 * Math.PI)), figure.LineHeight, 1e-15);
        Assert.Equal([null, 0.1, 0.8, 0.1, null], figure.Density);
        Assert.Equal(figure.Y.Min, figure.Low[1]);
        Assert.Equal(0.7, figure.Low[2]!.Value, 1e-12);
        Assert.Equal([new PageInterval(1.0, 1.0)], figure.Unresolved);
        Assert.Equal([9.0, 5.0], figure.Lines.Select(static line => line.Value));
        Assert.Contains("10.0 % of the curve's mass", figure.Note, StringComparison.Ordinal);
        Assert.All(figures[1].X.Ticks!, tick => Assert.Equal(DensityFigures.Logarithm(tick.Value, 1e-6), tick.Position));
    }

    private static SpectrumReport Spectrum(int dimension, DensityReport density) => new()
    {
        Operator = "hessian",
        Scope = "all",
        Dimension = dimension,
        Samples = 10,
        IncludesWeightDecay = false,
        Method = "block-lanczos",
        Complete = false,
        Eigenvalues = [9.0, 5.0],
        Residuals = [0.0, 0.0],
        Smallest = [],
        SmallestResiduals = [],
        Multiplicities = [],
        MultiplicityTolerance = 1e-8,
        Status = "converged",
        Message = "",
        OperatorApplications = 10,
        Trace = null,
        Density = density,
    };

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
