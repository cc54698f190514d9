using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>What is expected, against cases told by hand.</summary>
public sealed class ExpectationTests
{
    [Fact]
    public void A_value_may_be_off_by_its_tolerance_and_no_more()
    {
        Assert.Equal([true, true, false, false], Expectation.Near(100.0, relative: 0.01).Hold([100.9, 99.1, 101.1, 98.9]));
        Assert.Equal([true, false], Expectation.Near([1.0, 2.0], absolute: 0.25).Hold([1.25, 2.5]));
        Assert.Equal([true, false], Expectation.Near(3.0).Hold([3.0, 3.0000001]));
        Assert.Equal(1.0, Expectation.Near([-100.0, 2.0], relative: 0.01).Tolerance);
    }

    [Fact]
    public void Both_ends_belong_to_a_range()
    {
        Assert.Equal([true, true, false, false], Expectation.Within(1.0, 2.0).Hold([1.0, 2.0, 0.999, 2.001]));
        Assert.Equal([true, false], Expectation.Within([(0.0, 1.0), (5.0, 6.0)]).Hold([0.5, 0.5]));
        Assert.Equal([true, false], Expectation.AtLeast(0.5).Hold([0.5, 0.4]));
        Assert.Equal([true, false], Expectation.AtMost(0.5).Hold([0.5, 0.6]));
    }

    [Fact]
    public void An_order_allows_steps_against_it_up_to_its_slack()
    {
        Assert.Equal([true, true, false, true], Expectation.Rising().Hold([1.0, 1.0, 0.9, 2.0]));
        Assert.Equal([true, true, true, true], Expectation.Rising(0.2).Hold([1.0, 1.0, 0.9, 2.0]));
        Assert.Equal([true, false], Expectation.Falling().Hold([1.0, 1.1]));
        Assert.Null(Expectation.Falling().Bands(2));
    }

    [Fact]
    public void What_is_undefined_or_of_another_number_does_not_hold()
    {
        foreach (Expectation expectation in new[] { Expectation.Near(1.0, absolute: 10.0), Expectation.Within(-1.0, 9.0), Expectation.Rising(9.0) })
            Assert.False(expectation.Hold([1.0, null])[1]);
        Assert.DoesNotContain(true, Expectation.Near([1.0, 1.0], absolute: 1.0).Hold([1.0]));
        Assert.DoesNotContain(true, Expectation.Within([(0.0, 2.0), (0.0, 2.0)]).Hold([1.0, 1.0, 1.0]));
        Assert.DoesNotContain(true, Expectation.Rising().Hold([1.0]));
        Assert.False(Expectation.Near(1.0, absolute: 1.0).Hold([double.NaN])[0]);
    }

    [Theory]
    [InlineData("90s", 90.0)]
    [InlineData("10m", 600.0)]
    [InlineData("1.5h", 5400.0)]
    [InlineData("10", null)]
    [InlineData("m", null)]
    [InlineData("-1m", null)]
    [InlineData("0s", null)]
    [InlineData("1e9h", null)]
    public void Lengths_of_time_are_read_with_their_unit(string text, double? seconds) => Assert.Equal(seconds, TimeSpanText.Parse(text)?.TotalSeconds);

    [Fact]
    public void Means_over_seeds_have_the_standard_error_of_a_mean()
    {
        Measured measured = Measured.Means([("a", [1.0, 2.0, 3.0]), ("b", [5.0]), ("c", [1.0, null])]);

        Assert.Equal([2.0, 5.0, null], measured.Values);
        // The deviation of 1, 2, 3 is 1.
        Assert.Equal(1.0 / Math.Sqrt(3.0), measured.StandardErrors![0]!.Value, 14);
        Assert.Equal([null, null], measured.StandardErrors!.Skip(1));
    }
}
