using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Data;

public sealed class DataSplitTests
{
    [Fact]
    public void Every_class_gives_its_share_and_every_sample_goes_to_one_part()
    {
        Dataset data = DatasetTests.Make([.. Enumerable.Range(0, 50).Select(i => i < 10 ? 0 : 1)], ["a", "b"]);
        DataSplit split = DataSplit.Stratified(data, 0.3, new RandomStream(1));
        Assert.Equal([7, 28], split.Train.ClassCounts);
        Assert.Equal([3, 12], split.Test!.ClassCounts);
        double[] train = Column(split.Train), test = Column(split.Test);
        Assert.Equal(Column(data), train.Concat(test).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(test.Order(), test);
    }

    [Fact]
    public void The_draw_is_the_seeds()
    {
        Dataset data = EmbeddedDigits.Load();
        Assert.Equal(Column(DataSplit.Stratified(data, 0.1, new RandomStream(7)).Test!), Column(DataSplit.Stratified(data, 0.1, new RandomStream(7)).Test!));
        Assert.NotEqual(Column(DataSplit.Stratified(data, 0.1, new RandomStream(7)).Test!), Column(DataSplit.Stratified(data, 0.1, new RandomStream(8)).Test!));
    }

    [Fact]
    public void A_share_that_leaves_a_class_without_training_samples_is_refused_by_name()
    {
        Dataset data = DatasetTests.Make([0, 0, 0, 0, 0, 0, 1], ["a", "b"]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => DataSplit.Stratified(data, 0.6, new RandomStream(1)));
        Assert.StartsWith("class b has 1 samples", error.Message, StringComparison.Ordinal);
        Assert.Equal([4, 0], DataSplit.Stratified(data, 0.6 - 0.1, new RandomStream(1)).Test!.ClassCounts.Select((n, c) => c == 0 ? n + 1 : n));
        Assert.Throws<ArgumentException>(() => DataSplit.Stratified(data, 0.01, new RandomStream(1)));
        foreach (double fraction in new[] { 0, 1, -0.1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => DataSplit.Stratified(data, fraction, new RandomStream(1)));
    }

    [Fact]
    public void A_class_without_samples_stays_so_where_it_may()
    {
        Dataset data = new("lacking", "", new Tensor<double>(10, 2), [0, 0, 0, 0, 0, 2, 2, 2, 2, 2], ["a", "b", "c"], requireEveryClass: false);
        DataSplit split = DataSplit.Stratified(data, 0.4, new RandomStream(1));
        Assert.Equal([3, 0, 3], split.Train.ClassCounts);
        Assert.Equal([2, 0, 2], split.Test!.ClassCounts);
        Assert.Same(data, new DataSplit(data, null, requireEveryClass: false).Train);
    }

    [Fact]
    public void Parts_that_differ_in_classes_or_shape_are_refused()
    {
        Dataset train = DatasetTests.Make([0, 1], ["a", "b"]);
        Assert.Throws<ArgumentException>(() => new DataSplit(train, DatasetTests.Make([0, 1], ["a", "c"])));
        Assert.Throws<ArgumentException>(() => new DataSplit(train, new Dataset("wide", "", new Tensor<double>(2, 3), [0, 1], ["a", "b"])));
        Assert.Throws<ArgumentException>(() => new DataSplit(new Dataset("lacking", "", new Tensor<double>(2, 2), [0, 0], ["a", "b"], requireEveryClass: false), null));
    }

    private static double[] Column(Dataset data) => [.. Enumerable.Range(0, data.SampleCount).Select(i => data.Inputs[i, data.Dimension - 1] + (1000 * data.Inputs[i, data.Dimension / 2]))];
}
