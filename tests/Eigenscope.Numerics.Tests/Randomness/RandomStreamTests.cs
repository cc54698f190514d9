using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Numerics.Tests.Randomness;

public sealed class RandomStreamTests
{
    private const int Draws = 200_000;

    // A mean of n draws leaves this many standard errors once in about 10^8 times; the seeds are fixed.
    private const double StandardErrors = 5.7;

    [Fact]
    public void Philox_gives_the_known_answers_of_its_authors()
    {
        // kat_vectors of the Random123 distribution, philox4x32 with 10 rounds.
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Block(~0u, ~0u, ~0u, ~0u, ~0u, ~0u));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
    }

    [Fact]
    public void Words_are_the_blocks_in_order()
    {
        RandomStream stream = new(0);
        Assert.Equal(0xe169c58d6627e8d5ul, stream.NextUInt64());
        Assert.Equal(0x9b00dbd8bc57ac4cul, stream.NextUInt64());
        Assert.Equal(Philox.Block(0, 1).Low, stream.NextUInt64());
    }

    [Fact]
    public void Children_depend_on_the_seed_and_the_label_alone()
    {
        RandomStream fresh = new(42), used = new(42);
        for (int i = 0; i < 7; i++)
            used.NextUInt64();
        Assert.Equal(fresh.Split("batches").NextUInt64(), used.Split("batches").NextUInt64());
        ulong[] firsts =
        [
            new RandomStream(42).NextUInt64(), fresh.Split("batches").NextUInt64(), fresh.Split("batch").NextUInt64(),
            new RandomStream(43).Split("batches").NextUInt64(), fresh.Split("batches").Split("batches").NextUInt64(), fresh.Split("").NextUInt64(),
        ];
        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    [Fact]
    public void Saved_states_go_on_to_the_same_bits_at_even_and_odd_positions()
    {
        for (int drawn = 0; drawn < 5; drawn++)
        {
            RandomStream stream = new(9);
            for (int i = 0; i < drawn; i++)
                stream.NextUInt64();
            RandomStream restored = new(stream.State);
            Assert.Equal((ulong)drawn, restored.State.Position);
            for (int i = 0; i < 5; i++)
                Assert.Equal(stream.NextUInt64(), restored.NextUInt64());
        }
    }

    [Fact]
    public void Uniform_draws_have_the_moments_of_the_uniform_law()
    {
        RandomStream stream = new(1);
        double[] draws = [.. Enumerable.Range(0, Draws).Select(_ => stream.NextDouble())];
        Assert.All(draws, draw => Assert.InRange(draw, 0.0, 1.0 - (1.0 / (1L << 53))));
        AssertMean(0.5, 1.0 / 12.0, draws);
        AssertMean(1.0 / 3.0, 4.0 / 45.0, draws.Select(x => x * x));
        AssertMean(0.25, 7.0 / 144.0, draws.Zip(draws.Skip(1), (x, y) => x * y), dependence: 2.0);
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_the_normal_law()
    {
        double[] draws = new double[Draws];
        new RandomStream(2).FillNormal(draws, standardDeviation: 3.0);
        double[] standard = [.. draws.Select(x => x / 3.0)];
        // Var(x^k) = E x^2k − (E x^k)²: 1, 2, 15, 96.
        AssertMean(0.0, 1.0, standard);
        AssertMean(1.0, 2.0, standard.Select(x => x * x));
        AssertMean(0.0, 15.0, standard.Select(x => x * x * x));
        AssertMean(3.0, 96.0, standard.Select(x => x * x * x * x));
    }

    [Fact]
    public void Signs_are_fair()
    {
        double[] signs = new double[Draws];
        new RandomStream(3).FillSigns(signs);
        Assert.All(signs, sign => Assert.Equal(1.0, Math.Abs(sign)));
        AssertMean(0.0, 1.0, signs);
    }

    [Fact]
    public void Integers_are_uniform_and_in_range()
    {
        RandomStream stream = new(4);
        int[] counts = new int[7];
        for (int i = 0; i < Draws; i++)
            counts[stream.NextInt32(7)]++;
        foreach (int count in counts)
            Assert.InRange(count, (Draws / 7.0) - (StandardErrors * Math.Sqrt(Draws * 6.0 / 49.0)), (Draws / 7.0) + (StandardErrors * Math.Sqrt(Draws * 6.0 / 49.0)));
        Assert.Equal(0, stream.NextInt32(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    [Fact]
    public void Shuffles_are_uniform_over_orders()
    {
        RandomStream stream = new(5);
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        const int shuffles = 24_000;
        for (int i = 0; i < shuffles; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            stream.Shuffle<char>(items);
            string order = new(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        double margin = StandardErrors * Math.Sqrt(shuffles * (1.0 / 24.0) * (23.0 / 24.0));
        Assert.All(counts.Values, count => Assert.InRange(count, (shuffles / 24.0) - margin, (shuffles / 24.0) + margin));
    }

    /// <summary>The sample mean lies within the stated number of standard errors; <paramref name="dependence"/> bounds the inflation of the variance by overlapping terms.</summary>
    private static void AssertMean(double mean, double variance, IEnumerable<double> values, double dependence = 1.0)
    {
        double margin = StandardErrors * Math.Sqrt(variance * dependence / Draws);
        Assert.InRange(values.Average(), mean - margin, mean + margin);
    }
}
