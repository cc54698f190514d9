using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class DataCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_says_where_each_data_set_is_or_how_to_get_it()
    {
        _folder.Write("data/mnist/train-images-idx3-ubyte.gz", []);
        _folder.Write("data/mnist/train-labels-idx1-ubyte", []);
        IReadOnlyList<DataSourceInfo> list = DataCatalog.List(new DataLocations(_folder["data"], _folder["cache"]));
        Assert.Equal(DataCatalog.Names, list.Select(info => info.Name));
        Assert.Equal(["embedded", _folder["data/mnist"], null, null, null, "synthetic"], list.Select(info => info.Location));
        Assert.Contains($"train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into {_folder["data/fashion-mnist"]}", list[2].HowToGet!, StringComparison.Ordinal);
        DataSplit digits = Load("digits"), gaussian = Load("gaussian");
        Assert.Equal((digits.Train.SampleCount, digits.Train.ClassCount), (list[0].Samples, list[0].ClassCount));
        Assert.Equal(digits.Train.SampleShape, list[0].SampleShape);
        Assert.Equal((gaussian.Train.SampleCount, gaussian.Train.ClassCount), (list[^1].Samples, list[^1].ClassCount));
        Assert.Equal(gaussian.Train.SampleShape, list[^1].SampleShape);
    }

    [Fact]
    public void Known_names_are_looked_for_in_the_users_then_the_cached_then_the_systems_folder()
    {
        DataLocations locations = new(_folder["data"], _folder["cache"], _folder["system"]);
        foreach ((string place, byte pixel) in new[] { ("system", (byte)3), ("cache", (byte)2), ("data", (byte)1) })
        {
            _folder.Write($"{place}/mnist/train-images-idx3-ubyte", TemporaryFolder.Idx([.. Enumerable.Repeat(pixel, 10)], 10, 1, 1));
            _folder.Write($"{place}/mnist/train-labels-idx1-ubyte", TemporaryFolder.Idx([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10));
            Dataset data = DataCatalog.Load("mnist", new DataOptions(), locations, new RandomStream(0)).Train;
            Assert.Equal(pixel / 255.0, data.Inputs[9, 0]);
            Assert.Equal("mnist", data.Name);
        }
    }

    [Fact]
    public void Any_other_entry_of_the_users_folder_is_found_by_its_name()
    {
        _folder.Write("mine.csv", "1,a\n2,b\n");
        Assert.Equal(2, DataCatalog.Load("mine.csv", new DataOptions(), new DataLocations(_folder.Path), new RandomStream(0)).Train.SampleCount);
    }

    [Theory]
    [InlineData("digit", "unknown data set (did you mean digits?); known names: digits, mnist, fashion-mnist, cifar10, svhn, gaussian; or give the path of a folder of IDX, CIFAR-10 or SVHN files, an .npz file")]
    [InlineData("MNIST", "did you mean mnist?")]
    [InlineData("imagenet", "unknown data set; known names")]
    [InlineData("cifar10", "not on this machine: run 'eigenscope data fetch cifar10', or put cifar-10-binary.tar.gz into")]
    [InlineData("no/such/folder", "no such file or folder; expected a folder of IDX, CIFAR-10 or SVHN files")]
    [InlineData("none.npz", "no such file or folder")]
    [InlineData("mnist", "not on this machine: run 'eigenscope data fetch mnist', or put train-images-idx3-ubyte.gz")]
    public void An_unknown_or_absent_name_says_what_is_known(string name, string problem)
    {
        DataException error = Assert.Throws<DataException>(() => Load(name));
        Assert.StartsWith($"{name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        string path = _folder.Write("data.parquet", "PAR1");
        Assert.Contains("unknown kind of file, expected a folder", Assert.Throws<DataException>(() => Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fraction_is_set_aside_after_the_samples_are_chosen()
    {
        DataSplit split = Load("digits", new DataOptions { MaxSamples = 500, SamplesPerClass = 20, TestFraction = 0.25 });
        Assert.All(split.Train.ClassCounts, count => Assert.Equal(15, count));
        Assert.All(split.Test!.ClassCounts, count => Assert.Equal(5, count));
        Assert.Null(Load("digits", new DataOptions { TestFraction = 0 }).Test);
        Assert.Equal(1797, Load("digits", new DataOptions { MaxSamples = 5000 }).Train.SampleCount);
    }

    [Fact]
    public void The_seed_decides_every_draw_and_nothing_is_drawn_from_the_stream()
    {
        RandomStream random = new(4);
        DataOptions options = new() { TestFraction = 0.5 };
        double[] first = DataCatalog.Load("gaussian", options, DataLocations.None, random).Train.Inputs.Span.ToArray();
        Assert.Equal(0UL, random.State.Position);
        Assert.Equal(first, Load("gaussian", options, 4).Train.Inputs.Span.ToArray());
        Assert.NotEqual(first, Load("gaussian", options, 5).Train.Inputs.Span.ToArray());
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        AssertRefused("test fraction", "expected a number in [0, 1), got 1", new DataOptions { TestFraction = 1 });
        AssertRefused("test fraction", "got NaN", new DataOptions { TestFraction = double.NaN });
        AssertRefused("test fraction", "got -0.1", new DataOptions { TestFraction = -0.1 });
        AssertRefused("number of samples", "at least 1, got 0", new DataOptions { MaxSamples = 0 });
        AssertRefused("samples per class", "at least 1, got -3", new DataOptions { SamplesPerClass = -3 });
        AssertRefused("samples per class", "class 8 of digits has only 174 samples, got 175", new DataOptions { SamplesPerClass = 175 });
        AssertRefused("digits", "class 3 has no samples among the first 3; take more", new DataOptions { MaxSamples = 3 });
        AssertRefused("digits", "leaves none to train on", new DataOptions { SamplesPerClass = 1, TestFraction = 0.9 });
    }

    [Fact]
    public void A_fraction_is_refused_for_data_with_a_test_set_of_its_own()
    {
        string path = _folder.WriteNpz(
            "both.npz",
            new("x", NpyArray.Create([1.0, 2.0], 2, 1)),
            new("y", NpyArray.Create([0L, 1L], 2)),
            new("x_test", NpyArray.Create([3.0], 1, 1)),
            new("y_test", NpyArray.Create([1L], 1)));
        Assert.Equal([0, 1], Load(path).Test!.ClassCounts);
        DataException error = Assert.Throws<DataException>(() => Load(path, new DataOptions { TestFraction = 0.5 }));
        Assert.Contains("comes with 1 test samples of its own", error.Message, StringComparison.Ordinal);
    }

    private static DataSplit Load(string name, DataOptions? options = null, ulong seed = 0) =>
        DataCatalog.Load(name, options ?? new DataOptions(), DataLocations.None, new RandomStream(seed));

    private static void AssertRefused(string subject, string problem, DataOptions options)
    {
        DataException error = Assert.Throws<DataException>(() => Load("digits", options));
        Assert.Equal(subject, error.Subject);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
