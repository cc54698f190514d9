using Eigenscope.Analysis.Doubt;

namespace Eigenscope.Analysis.Tests.Doubt;

/// <summary>Spearman's correlation against 1 − 6 Σ d²/(n(n² − 1)), which holds without ties, and against ranks worked out by hand with them.</summary>
public sealed class RankCorrelationTests
{
    [Fact]
    public void Without_ties_it_is_the_formula_of_squared_differences()
    {
        double[] x = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1], y = [10.0, 30.0, 20.0, 5.0, -1.0];

        // Ranks of y are 3 5 4 2 1, differences 2 3 1 −2 −4, squares sum to 34.
        Assert.Equal(1.0 - (6.0 * 34.0 / 120.0), RankCorrelation.Spearman(x, y).Value!.Value, 1e-15);
    }

    [Fact]
    public void Numbers_that_tie_share_a_rank()
    {
        // Ranks 1 2 3 4 and 2 2 2 4 minus their mean 2.5: Σ = −1.5·−0.5 − 0.5·−0.5 + 0.5·−0.5 + 1.5·1.5 = 3, squares 5 and 3.
        Assert.Equal(3.0 / Math.Sqrt(15.0), RankCorrelation.Spearman([1.0, 2.0, 3.0, 4.0], [7.0, 7.0, 7.0, 9.0]).Value!.Value, 1e-15);
    }

    [Fact]
    public void Only_the_order_counts()
    {
        Assert.Equal(1.0, RankCorrelation.Spearman([1.0, 2.0, 3.0], [1.0, 10.0, 1e9]).Value!.Value, 1e-15);
        Assert.Equal(-1.0, RankCorrelation.Spearman([1.0, 2.0, 3.0], [0.1, 0.0, -5.0]).Value!.Value, 1e-15);
    }

    [Fact]
    public void A_constant_or_too_few_pairs_have_none()
    {
        Assert.Equal("one of the lists is constant", RankCorrelation.Spearman([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]).Reason);
        Assert.Equal("fewer than three pairs", RankCorrelation.Spearman([1.0, 2.0], [4.0, 5.0]).Reason);
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1.0], [1.0, 2.0]));
    }
}
