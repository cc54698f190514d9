using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Data;

public sealed class StandardizationTests
{
    // A mean of n numbers carries an error of n eps relative to their size; the deviation loses as much again.
    private const double Tolerance = 64 * 2.2e-16;

    [Fact]
    public void Flat_data_is_standardised_per_coordinate_by_the_population_deviation_of_training()
    {
        // Column 0: mean 2, population variance 2/3; column 1 is constant; column 2: mean 0, variance 6.
        DataSplit split = new(
            Flat([1, 5, -3, 2, 5, 0, 3, 5, 3], [0, 1, 0]),
            Flat([2, 6, 3], [1]));

        DataSplit map = split.Standardized();

        double a = Math.Sqrt(1.5), b = 3 / Math.Sqrt(6);
        AssertClose([-a, 0, -b, 0, 0, 0, a, 0, b], map.Train.Inputs);
        AssertClose([0, 0, b], map.Test!.Inputs);
        Assert.Equal("made by hand; standardised per coordinate by mean and population standard deviation of the training samples", map.Train.Source);
        Assert.Equal(map.Train.Source, map.Test.Source);
        Assert.Equal([1, 5, -3, 2, 5, 0, 3, 5, 3], split.Train.Inputs.Span.ToArray());
    }

    [Fact]
    public void Images_are_standardised_per_channel()
    {
        // Channel 0 holds 0, 2, 4, 6 (mean 3, variance 5); channel 1 holds 1, 1, 1, 5 (mean 2, variance 3).
        Dataset train = new("hand", "made by hand", new Tensor<double>([0.0, 2, 1, 1, 4, 6, 1, 5], 2, 2, 1, 2), [0, 1], 2);

        DataSplit map = new DataSplit(train, null).Standardized();

        double a = Math.Sqrt(5), b = Math.Sqrt(3);
        AssertClose([-3 / a, -1 / a, -1 / b, -1 / b, 1 / a, 3 / a, -1 / b, 3 / b], map.Train.Inputs);
        Assert.Null(map.Test);
        Assert.Contains("standardised per channel", map.Train.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_standardised_per_coordinate_by_the_unbiased_deviation_where_that_is_asked_for()
    {
        // Four coordinates of two samples: (0, 4), (2, 6), (1, 1), (1, 5). Two numbers a, b have the unbiased deviation |a − b| / √2, so that each becomes ±1/√2; the third coordinate is constant.
        Dataset train = new("hand", "made by hand", new Tensor<double>([0.0, 2, 1, 1, 4, 6, 1, 5], 2, 2, 1, 2), [0, 1], 2);
        Dataset test = new("hand", "made by hand", new Tensor<double>([2.0, 2, 7, 3], 1, 2, 1, 2), [1], train.ClassNames, requireEveryClass: false);

        DataSplit map = new DataSplit(train, test).Standardized(new StandardizationOptions { PerCoordinate = true, Unbiased = true });

        double a = 1 / Math.Sqrt(2);
        AssertClose([-a, -a, 0, -a, a, a, 0, a], map.Train.Inputs);
        AssertClose([0, -a, 0, 0], map.Test!.Inputs);
        Assert.Equal("made by hand; standardised per coordinate by mean and unbiased standard deviation of the training samples", map.Train.Source);
    }

    [Fact]
    public void A_single_sample_has_no_unbiased_deviation_and_becomes_zero()
    {
        Dataset train = new("hand", "made by hand", new Tensor<double>([3.0, 4], 1, 2), [0], 1);

        AssertClose([0, 0], new DataSplit(train, null).Standardized(new StandardizationOptions { Unbiased = true }).Train.Inputs);
    }

    [Fact]
    public void A_constant_that_rounds_is_still_a_constant()
    {
        Dataset train = Flat([0.1, 1e-200, 1, 0.1, 0, 2, 0.1, 0, 3], [0, 1, 0]);

        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal((0.0, 0.0), (Standardized(train)[i, 0], Standardized(train)[i, 1])));
    }

    [Fact]
    public void The_option_works_after_subset_and_split_with_what_is_left_for_training()
    {
        DataSplit split = DataCatalog.Load("digits", new DataOptions { Samples = 200, TestFraction = 0.5, Standardize = true }, DataLocations.None, new RandomStream(1));
        double[] train = split.Train.Inputs.Span.ToArray(), test = split.Test!.Inputs.Span.ToArray();

        Assert.Equal(0.0, train.Average(), 200 * Tolerance);
        Assert.Equal(1.0, train.Average(value => value * value), 200 * Tolerance);
        Assert.NotInRange(test.Average(), -1e-6, 1e-6);
        Assert.Contains("200 samples in balanced classes, drawn by the seed; standardised per channel", split.Train.Source, StringComparison.Ordinal);
    }

    private static Tensor<double> Standardized(Dataset train) => new DataSplit(train, null).Standardized().Train.Inputs;

    private static Dataset Flat(double[] values, int[] labels) =>
        new("hand", "made by hand", new Tensor<double>(values, labels.Length, 3), labels, ["a", "b"], requireEveryClass: false);

    private static void AssertClose(double[] expected, Tensor<double> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Span[i], Tolerance);
    }
}
