using Eigenscope.Analysis.Doubt;

namespace Eigenscope.Analysis.Tests.Doubt;

public sealed class ShareEstimateTests
{
    private const double Rounding = 1e-12;

    // What defines the interval: at its ends the share is z standard deviations, as the end itself would have them, away.
    [Theory]
    [InlineData(3, 10)]
    [InlineData(1, 2)]
    [InlineData(99, 100)]
    [InlineData(400, 1000)]
    public void At_the_ends_the_share_is_so_many_deviations_away(int count, int trials)
    {
        ShareEstimate estimate = new(count, trials);

        Assert.Equal((double)count / trials, estimate.Share);
        foreach (double end in new[] { estimate.Low, estimate.High })
            Assert.Equal(1.959963984540054, Math.Abs(estimate.Share - end) / Math.Sqrt(end * (1.0 - end) / trials), 1e-9);
    }

    [Fact]
    public void Nothing_out_of_many_is_not_certainly_nothing()
    {
        ShareEstimate none = new(0, 20);
        ShareEstimate all = new(20, 20);

        Assert.Equal(0.0, none.Low);
        Assert.Equal(3.8414588206941236 / (20.0 + 3.8414588206941236), none.High, Rounding);
        Assert.Equal(1.0, all.High);
        Assert.Equal(1.0 - none.High, all.Low, Rounding);
        Assert.Equal(0.5 / 21.0, none.StandardError, Rounding);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    public void A_count_has_to_lie_within_the_trials(int count, int trials) => Assert.Throws<ArgumentOutOfRangeException>(() => new ShareEstimate(count, trials));
}
