using Eigenscope.Analysis.Doubt;

namespace Eigenscope.Analysis.Tests.Doubt;

/// <summary>Wilson's interval against its closed forms, its defining equation, and the coverage that exact binomial probabilities give it.</summary>
public sealed class BinomialIntervalTests
{
    private const double Deviations = 1.959963984540054;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public void With_none_or_all_the_other_end_is_a_simple_fraction(int trials)
    {
        double square = Deviations * Deviations;

        Assert.Equal(0.0, BinomialInterval.Wilson(0, trials).Low);
        Assert.Equal(square / (trials + square), BinomialInterval.Wilson(0, trials).High, 1e-14);
        Assert.Equal(trials / (trials + square), BinomialInterval.Wilson(trials, trials).Low, 1e-14);
        Assert.Equal(1.0, BinomialInterval.Wilson(trials, trials).High);
    }

    [Fact]
    public void Half_of_ten_and_fifteen_of_148_have_their_published_intervals()
    {
        BinomialInterval half = BinomialInterval.Wilson(5, 10), few = BinomialInterval.Wilson(15, 148);

        Assert.Equal((5, 10, 0.5), (half.Count, half.Trials, half.Share));
        Assert.Equal((0.236593, 0.763407), (Math.Round(half.Low, 6), Math.Round(half.High, 6)));
        // R. G. Newcombe, Statist. Med. 17, 857 (1998), table I.
        Assert.Equal((0.0624, 0.1605), (Math.Round(few.Low, 4), Math.Round(few.High, 4)));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(7, 20)]
    [InlineData(99, 100)]
    public void At_both_ends_the_share_is_as_many_standard_deviations_away_as_the_confidence_says(int count, int trials)
    {
        BinomialInterval interval = BinomialInterval.Wilson(count, trials);

        foreach (double end in new[] { interval.Low, interval.High })
            Assert.Equal(Deviations, Math.Abs(interval.Share - end) / Math.Sqrt(end * (1.0 - end) / trials), 1e-9);
    }

    [Fact]
    public void The_interval_covers_the_probability_about_as_often_as_it_says()
    {
        const int Trials = 30;
        double[] coverage = [.. Enumerable.Range(1, 99).Select(percent => Coverage(percent / 100.0, Trials))];

        Assert.InRange(coverage.Average(), BinomialInterval.Confidence - 0.01, BinomialInterval.Confidence + 0.015);
    }

    // With z = 1 the interval of 0 of 20 ends at 1/(20 + 1).
    [Fact]
    public void Nothing_out_of_many_has_a_standard_error() => Assert.Equal(0.5 / 21.0, BinomialInterval.Wilson(0, 20).StandardError, 1e-14);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    public void A_count_that_is_none_is_refused(int count, int trials) => Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(count, trials));

    // Sum of the exact probabilities of the counts whose interval holds p.
    private static double Coverage(double p, int trials)
    {
        double probability = Math.Pow(1.0 - p, trials), sum = 0.0;
        for (int k = 0; k <= trials; k++)
        {
            BinomialInterval interval = BinomialInterval.Wilson(k, trials);
            if (interval.Low <= p && p <= interval.High)
                sum += probability;
            probability *= (trials - k) / (k + 1.0) * p / (1.0 - p);
        }
        return sum;
    }
}
