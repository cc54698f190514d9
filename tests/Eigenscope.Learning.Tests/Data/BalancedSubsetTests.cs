using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class BalancedSubsetTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(97)]
    [InlineData(1000)]
    [InlineData(1749)]
    public void Classes_differ_by_one_at_most_and_the_order_is_kept(int total)
    {
        Dataset digits = EmbeddedDigits.Load();
        Dataset some = digits.TakeBalanced(total, new RandomStream(3));

        Assert.Equal(total, some.SampleCount);
        Assert.InRange(some.ClassCounts.Max() - some.ClassCounts.Min(), 0, 1);
        AssertIsSubsequence(digits, some);
    }

    [Fact]
    public void The_seed_decides_and_a_smaller_draw_lies_in_a_larger_one()
    {
        Dataset digits = EmbeddedDigits.Load();
        RandomStream random = new(3);
        double[] first = digits.TakeBalanced(100, random).Inputs.Span.ToArray();

        Assert.Equal(0UL, random.State.Position);
        Assert.Equal(first, digits.TakeBalanced(100, new RandomStream(3)).Inputs.Span.ToArray());
        Assert.NotEqual(first, digits.TakeBalanced(100, new RandomStream(4)).Inputs.Span.ToArray());
        AssertIsSubsequence(digits.TakeBalanced(200, random), digits.TakeBalanced(100, random));
    }

    [Fact]
    public void A_class_that_is_too_small_gives_its_extra_sample_to_others()
    {
        Dataset data = Labelled(0, 0, 1, 1, 1, 2, 2, 2);

        for (ulong seed = 0; seed < 20; seed++)
            Assert.Equal([2, 3, 3], data.TakeBalanced(8, new RandomStream(seed)).ClassCounts);
        Assert.Equal([2, 2, 2], data.TakeBalanced(6, new RandomStream(0)).ClassCounts);
    }

    [Fact]
    public void Every_class_gets_the_extra_sample_for_some_seed()
    {
        Dataset digits = EmbeddedDigits.Load();
        HashSet<int> larger = [];
        for (ulong seed = 0; seed < 200; seed++)
            larger.Add(Array.IndexOf([.. digits.TakeBalanced(11, new RandomStream(seed)).ClassCounts], 2));

        Assert.Equal(Enumerable.Range(0, 10), larger.Order());
    }

    [Fact]
    public void What_is_impossible_is_refused_with_the_class_and_what_is_possible()
    {
        AssertRefused("samples: digits: 1797 samples in balanced classes need 180 of a class or one less, and class 8 has only 174; at most 1749 can be balanced", new DataOptions { Samples = 1797 });
        AssertRefused("samples: digits: 9 samples are too few for one of each of 10 classes", new DataOptions { Samples = 9 });
        AssertRefused("samples: expected at least 1, got 0", new DataOptions { Samples = 0 });
        AssertRefused("samples: expected a number of samples in all or one of each class, got both", new DataOptions { Samples = 20, SamplesPerClass = 2 });
        Assert.Contains("class 0 has only 1", Assert.Throws<ArgumentOutOfRangeException>(() => Labelled(0, 1, 1, 1).TakeBalanced(4, new RandomStream(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_says_what_was_chosen()
    {
        DataSplit split = DataCatalog.Load("digits", new DataOptions { MaxSamples = 500, Samples = 40, TestFraction = 0.25 }, DataLocations.None, new RandomStream(0));

        Assert.Equal((30, 10), (split.Train.SampleCount, split.Test!.SampleCount));
        Assert.EndsWith("; at most the first 500 samples; 40 samples in balanced classes, drawn by the seed", split.Train.Source, StringComparison.Ordinal);
    }

    private static void AssertRefused(string message, DataOptions options) =>
        Assert.Equal(message, Assert.Throws<DataException>(() => DataCatalog.Load("digits", options, DataLocations.None, new RandomStream(0))).Message);

    private static void AssertIsSubsequence(Dataset whole, Dataset part)
    {
        int next = 0;
        for (int i = 0; i < whole.SampleCount && next < part.SampleCount; i++)
        {
            if (whole.Inputs.Row(i).SequenceEqual(part.Inputs.Row(next)) && whole.Labels[i] == part.Labels[next])
                next++;
        }
        Assert.Equal(part.SampleCount, next);
    }

    private static Dataset Labelled(params int[] labels) =>
        new("hand", "made by hand", new Numerics.Tensors.Tensor<double>([.. Enumerable.Range(0, labels.Length).Select(i => (double)i)], labels.Length, 1), labels, labels.Max() + 1);
}
