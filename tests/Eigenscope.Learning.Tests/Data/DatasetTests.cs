using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void Counts_names_and_shapes_are_those_of_the_arrays()
    {
        Dataset data = new("toy", "made by hand", new Tensor<double>([.. Enumerable.Range(0, 24).Select(i => (double)i)], 4, 1, 2, 3), [2, 0, 2, 1], ["a", "b", "c"]);
        Assert.Equal((4, 3, 6), (data.SampleCount, data.ClassCount, data.Dimension));
        Assert.Equal([1, 2, 3], data.SampleShape);
        Assert.Equal([1, 1, 2], data.ClassCounts);
        Assert.Equal([0, 2], data.IndicesOfClass(2));
        Assert.True(data.HasEveryClass);
    }

    [Fact]
    public void A_class_without_samples_is_refused_by_name()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Make([0, 2, 0], ["setosa", "versicolor", "virginica"]));
        Assert.StartsWith("class 1 (versicolor) has no samples", error.Message, StringComparison.Ordinal);
        Dataset lacking = new("toy", "", new Tensor<double>(3, 2), [0, 2, 0], ["a", "b", "c"], requireEveryClass: false);
        Assert.False(lacking.HasEveryClass);
        Assert.Equal([2, 0, 1], lacking.ClassCounts);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_label_out_of_range_is_refused_with_its_sample(int label)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Make([0, 1, 2, label], ["a", "b", "c"]));
        Assert.StartsWith(FormattableString.Invariant($"sample 3 has label {label}, expected a class in 0 … 2"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void An_input_that_is_not_finite_is_refused_with_its_place(double value, string text)
    {
        Tensor<double> inputs = new(3, 2);
        inputs[2, 1] = value;
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Dataset("toy", "", inputs, [0, 0, 0], 1));
        Assert.StartsWith($"sample 2 has {text} at coordinate 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Dataset("toy", "", new Tensor<double>(0, 2), [], 1));
        Assert.Throws<ArgumentException>(() => new Dataset("toy", "", new Tensor<double>(2, 0), [0, 0], 1));
        Assert.Throws<ArgumentException>(() => new Dataset("toy", "", new Tensor<double>(2, 2), [0], 1));
        Assert.Throws<ArgumentException>(() => new Dataset("toy", "", new Tensor<double>(2, 2), [0, 0], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("toy", "", new Tensor<double>(2, 2), [0, 0], 0));
    }

    [Fact]
    public void A_subset_holds_the_chosen_rows_in_their_order()
    {
        Dataset data = Make([0, 1, 0, 1], ["a", "b"]);
        Dataset subset = data.Subset([3, 0, 3]);
        Assert.Equal([1, 0, 1], subset.Labels);
        Assert.Equal([6, 7, 0, 1, 6, 7], subset.Inputs.Span.ToArray());
        Assert.Equal([1, 2], subset.ClassCounts);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Subset([4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Subset([-1]));
        Assert.Throws<ArgumentException>(() => data.Subset([0, 2]));
        Assert.Throws<ArgumentException>(() => data.Subset([]));
    }

    [Fact]
    public void Take_keeps_the_first_samples()
    {
        Dataset data = Make([0, 1, 0, 1], ["a", "b"]);
        Assert.Equal([0, 1, 2, 3], data.Take(2).Inputs.Span.ToArray());
        Assert.Same(data, data.Take(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Take(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Take(5));
        Assert.Throws<ArgumentException>(() => data.Take(1));
    }

    [Fact]
    public void A_balanced_subset_has_equal_classes_and_no_sample_twice()
    {
        Dataset data = Make([.. Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? 1 : 0)], ["many", "few"]);
        Dataset balanced = data.TakePerClass(7, new RandomStream(3));
        Assert.Equal([7, 7], balanced.ClassCounts);
        double[] firstCoordinates = [.. Enumerable.Range(0, 14).Select(i => balanced.Inputs[i, 0])];
        Assert.Equal(firstCoordinates.Distinct().Order(), firstCoordinates);
        Assert.All(Enumerable.Range(0, 14), i => Assert.Equal(data.Labels[(int)balanced.Inputs[i, 0] / 2], balanced.Labels[i]));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => data.TakePerClass(11, new RandomStream(3)));
        Assert.Contains("class few has only 10 samples", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Sample i is (2i, 2i + 1).</summary>
    internal static Dataset Make(int[] labels, string[] classNames) =>
        new("toy", "made by hand", new Tensor<double>([.. Enumerable.Range(0, 2 * labels.Length).Select(i => (double)i)], labels.Length, 2), labels, classNames);
}
