using Eigenscope.Experiments.Claims;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>What is drawn of a check: its numbers, and where they are expected.</summary>
public sealed class ClaimFiguresTests
{
    [Fact]
    public void A_single_number_stands_beside_the_end_it_is_held_against()
    {
        LineFigure figure = Draw([2.7], Expectation.AtLeast(2.0), "");

        Assert.Equal("one-claim-3", figure.Id);
        Assert.Equal([2.7], figure.Lines[0].Y);
        LineSeries end = Assert.Single(figure.Lines, static line => line.IsPredicted);
        Assert.Equal(("expected at least", "above"), (end.Name, end.Side));
        Assert.Equal([2.0], end.Y);
        AssertDrawn(figure);
    }

    [Fact]
    public void An_undefined_number_leaves_what_was_expected()
    {
        LineFigure figure = Draw([null], Expectation.Within(1.0, 3.0), "");

        Assert.Equal([null], figure.Lines[0].Y);
        Assert.Equal([("above", 1.0), ("below", 3.0)], figure.Lines.Skip(1).Select(static line => (line.Side!, line.Y[0]!.Value)));
        Assert.Contains("undefined", figure.Sentence, StringComparison.Ordinal);
        AssertDrawn(figure);
    }

    [Fact]
    public void Values_that_are_expected_themselves_have_no_side()
    {
        LineSeries expected = Draw([3.0, 4.9], Expectation.Near([3.0, 5.0], absolute: 0.2), "layer").Lines[1];

        Assert.Null(expected.Side);
        Assert.Equal([3.0, 5.0], expected.Y);
    }

    [Theory]
    [InlineData("layer", false)]
    [InlineData("seed", true)]
    public void Only_places_in_an_order_are_joined(string along, bool isUnjoined) => Assert.Equal(isUnjoined, Draw([1.0, 2.0], Expectation.AtMost(3.0), along).IsUnjoined);

    [Fact]
    public void Numbers_that_are_compared_with_their_neighbours_are_joined_and_nothing_else_is_drawn()
    {
        LineFigure figure = Draw([2.0, 1.0], Expectation.Falling(), "seed");

        Assert.False(figure.IsUnjoined);
        Assert.Single(figure.Lines);
    }

    [Theory]
    [InlineData(1e-16, true)]
    [InlineData(5e-10, false)]
    public void What_is_far_below_its_end_is_told_apart_by_powers_of_ten(double largest, bool isLogarithmic)
    {
        LineFigure figure = Draw([1e-33, largest, 0.0], Expectation.AtMost(1e-9), "layer");

        Assert.Equal(isLogarithmic, figure.Y.IsLogarithmic);
        Assert.Equal(isLogarithmic ? "1 value at 0 or below cannot stand on a logarithmic axis." : null, figure.Note);
        Assert.Equal(1e-33, figure.Lines[0].Y[0]);
        AssertDrawn(figure);
    }

    private static LineFigure Draw(double?[] measured, Expectation expected, string along)
    {
        IReadOnlyList<(double Low, double High)>? bands = expected.Bands(measured.Length);
        CheckResult check = new()
        {
            Name = "a number",
            Source = "closed form",
            Along = along,
            Places = [.. measured.Select(static (_, i) => $"{i}")],
            Measured = measured,
            StandardErrors = null,
            Expected = expected.Describe(),
            ExpectedValues = expected.Values,
            Low = bands is null ? null : [.. bands.Select(static band => double.IsFinite(band.Low) ? band.Low : (double?)null)],
            High = bands is null ? null : [.. bands.Select(static band => double.IsFinite(band.High) ? band.High : (double?)null)],
            Tolerance = null,
            Holds = expected.Hold(measured).All(static one => one),
            HoldsEach = expected.Hold(measured),
        };
        return Assert.IsType<LineFigure>(ClaimFigures.Build("one-claim", check, 2));
    }

    private static void AssertDrawn(LineFigure figure)
    {
        Assert.All(figure.Lines.SelectMany(static line => line.Y).OfType<double>(), value => Assert.InRange(value, figure.Y.Min, figure.Y.Max));
        Assert.All(figure.Lines.SelectMany(static line => line.X), position => Assert.InRange(position, figure.X.Min, figure.X.Max));
    }
}
