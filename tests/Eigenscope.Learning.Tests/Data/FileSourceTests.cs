using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class FileSourceTests : IDisposable
{
    private static readonly byte[] Images = TemporaryFolder.Idx([0, 51, 102, 153, 204, 255], 3, 1, 2);
    private static readonly byte[] Labels = TemporaryFolder.Idx([1, 0, 1], 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_of_idx_files_is_read_gzipped_or_not(bool gzip)
    {
        WriteIdx("train", Images, Labels, gzip);
        WriteIdx("t10k", TemporaryFolder.Idx([255, 0], 1, 1, 2), TemporaryFolder.Idx([1], 1), gzip);
        DataSplit split = Load(_folder.Path);
        Assert.Equal([1, 1, 2], split.Train.SampleShape);
        Assert.Equal([0, 51 / 255.0, 102 / 255.0, 153 / 255.0, 204 / 255.0, 1], split.Train.Inputs.Span.ToArray());
        Assert.Equal([1, 0, 1], split.Train.Labels);
        Assert.Equal([1.0, 0.0], split.Test!.Inputs.Span.ToArray());
        Assert.Equal([0, 1], split.Test.ClassCounts);
    }

    [Fact]
    public void A_folder_with_training_files_only_has_no_test_set()
    {
        WriteIdx("train", Images, Labels);
        Assert.Null(Load(_folder.Path).Test);
        Dataset two = Load(_folder.Path, new DataOptions { MaxSamples = 2 }).Train;
        Assert.Equal((2, 4), (two.SampleCount, two.Inputs.Length));
        Assert.Contains("class 0 has no samples among the first 1", Refused(() => Load(_folder.Path, new DataOptions { MaxSamples = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_truncated_and_mislabelled_idx_files_are_named()
    {
        AssertIdx(null, Labels, "", "no file train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) there");
        AssertIdx(Images, null, "", "no file train-labels-idx1-ubyte");
        AssertIdx(Images[..^1], Labels, "train-images-idx3-ubyte", "expected 22 bytes (6 of 3×1×2 entries of type UInt8), got 21: truncated");
        AssertIdx(Images, Labels[..^1], "train-labels-idx1-ubyte", "expected 11 bytes (3 of 3 entries of type UInt8), got 10: truncated");
        AssertIdx(Labels, Labels, "train-images-idx3-ubyte", "expected images (2 to 4 axes), got 1 axis: labels where images belong?");
        AssertIdx(Images, Images, "train-labels-idx1-ubyte", "expected labels (1 axis), got 3 axes: images where labels belong?");
        AssertIdx(Images, TemporaryFolder.Idx([1, 0], 2), "train-labels-idx1-ubyte", "expected a label for each of 3 images in train-images-idx3-ubyte, got 2 labels");
        AssertIdx(Images, TemporaryFolder.Idx([0, 2, 0], 3), "train-labels-idx1-ubyte", "class 1 has no samples");
        AssertIdx("not idx"u8.ToArray(), Labels, "train-images-idx3-ubyte", "expected an IDX file");
        AssertIdx(TemporaryFolder.Gzip(Images)[..^12], Labels, "train-images-idx3-ubyte", "truncated");
    }

    [Fact]
    public void Test_files_must_fit_the_training_files()
    {
        WriteIdx("train", Images, Labels);
        WriteIdx("t10k", TemporaryFolder.Idx([255, 0], 1, 1, 2), TemporaryFolder.Idx([2], 1));
        Assert.Contains("sample 0 has label 2, expected one of the 2 classes 0, 1", Refused(() => Load(_folder.Path)).Message, StringComparison.Ordinal);
        WriteIdx("t10k", TemporaryFolder.Idx([255, 0], 1, 2, 1), TemporaryFolder.Idx([1], 1));
        Assert.Contains("expected test samples of shape [1, 1, 2] as in training, got [1, 2, 1]", Refused(() => Load(_folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(_folder["t10k-labels-idx1-ubyte"]);
        Assert.Contains("no file t10k-labels-idx1-ubyte", Refused(() => Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_data_set_has_its_classes_whatever_the_file_holds()
    {
        WriteIdx("fashion-mnist/train", TemporaryFolder.Idx([1, 2], 2, 1, 1), TemporaryFolder.Idx([0, 10], 2));
        DataLocations locations = new(_folder.Path);
        DataException outOfRange = Refused(() => DataCatalog.Load("fashion-mnist", new DataOptions(), locations, new RandomStream(0)));
        Assert.Contains("sample 1 has label 10, expected one of the 10 classes", outOfRange.Message, StringComparison.Ordinal);
        WriteIdx("fashion-mnist/train", TemporaryFolder.Idx([1, 2], 2, 1, 1), TemporaryFolder.Idx([0, 9], 2));
        DataException missing = Refused(() => DataCatalog.Load("fashion-mnist", new DataOptions(), locations, new RandomStream(0)));
        Assert.Equal($"{_folder["fashion-mnist/train-labels-idx1-ubyte"]}: class 1 (Trouser) has no samples, expected at least one of each of 10 classes", missing.Message);
    }

    [Fact]
    public void An_npz_file_keeps_shapes_and_values()
    {
        string path = _folder.WriteNpz("data.npz", new("x", NpyArray.Create([1f, 2, 3, 4, 5, 6, 7, 8], 2, 1, 2, 2)), new("y", NpyArray.Create([1.0, 0.0], 2, 1)));
        Dataset data = Load(path).Train;
        Assert.Equal([1, 2, 2], data.SampleShape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], data.Inputs.Span.ToArray());
        Assert.Equal([1, 0], data.Labels);
        Assert.Equal("data.npz", data.Name);
    }

    [Fact]
    public void Bad_npz_content_names_the_array()
    {
        NpyArray x = NpyArray.Create([1.0, 2.0, 3.0], 3, 1);
        AssertNpz("", "expected an array 'y', got arrays 'x'", ("x", x));
        AssertNpz("", "expected an array 'x', got arrays 'y'", ("y", NpyArray.Create([0L, 1L, 0L], 3)));
        AssertNpz("[y]", "expected one label for each of 3 samples, got 2 labels", ("x", x), ("y", NpyArray.Create([0L, 1L], 2)));
        AssertNpz("[y]", "sample 1 has label 0.5, expected whole numbers", ("x", x), ("y", NpyArray.Create([0.0, 0.5, 1.0], 3)));
        AssertNpz("[y]", "sample 2 has label NaN", ("x", x), ("y", NpyArray.Create([0.0, 1.0, double.NaN], 3)));
        AssertNpz("[y]", "sample 1 has label -1, expected classes numbered from 0", ("x", x), ("y", NpyArray.Create([0L, -1L, 1L], 3)));
        AssertNpz("[y]", "class 1 has no samples although the labels begin at 0 and go up to 2", ("x", x), ("y", NpyArray.Create([0L, 2L, 2L], 3)));
        AssertNpz("[y]", "shape [N]), got shape [3, 2]", ("x", x), ("y", NpyArray.Create(new long[6], 3, 2)));
        AssertNpz("[x]", "sample 1 has NaN at coordinate 0", ("x", NpyArray.Create([1.0, double.NaN, 3.0], 3, 1)), ("y", NpyArray.Create([0L, 1L, 0L], 3)));
        AssertNpz("[x]", "a scalar", ("x", NpyArray.Create([1.0])), ("y", NpyArray.Create([0L], 1)));
        AssertNpz("[y_test]", "sample 0 has label 7, expected one of the 2 classes 0, 1", ("x", x), ("y", NpyArray.Create([0L, 1L, 0L], 3)), ("x_test", NpyArray.Create([1.0], 1, 1)), ("y_test", NpyArray.Create([7L], 1)));
        AssertNpz("[x_test]", "samples of shape [1] as in training, got [2]", ("x", x), ("y", NpyArray.Create([0L, 1L, 0L], 3)), ("x_test", NpyArray.Create([1.0, 2.0], 1, 2)), ("y_test", NpyArray.Create([1L], 1)));
        AssertNpz("", "expected an array 'y_test'", ("x", x), ("y", NpyArray.Create([0L, 1L, 0L], 3)), ("x_test", x));
    }

    [Theory]
    [InlineData("0,1,2,1", "0,1,2", "0,1,2,1")]
    [InlineData("1,2,3,2", "1,2,3", "0,1,2,1")]
    [InlineData("7,2,5,10", "2,5,7,10", "2,0,1,3")]
    [InlineData("-1,1,1,-1", "-1,1", "0,1,1,0")]
    [InlineData("1.0,0.0,1.0,0.0", "0,1", "1,0,1,0")]
    [InlineData("dog,cat,dog,ant", "ant,cat,dog", "2,1,2,0")]
    public void Labels_become_classes_in_order(string labels, string classNames, string classes)
    {
        string text = string.Concat(labels.Split(',').Select((label, i) => FormattableString.Invariant($"{i},{label}\n")));
        Dataset data = Load(_folder.Write("data.csv", text)).Train;
        Assert.Equal(classNames.Split(','), data.ClassNames);
        Assert.Equal(classes.Split(','), data.Labels.Select(label => FormattableString.Invariant($"{label}")));
    }

    [Fact]
    public void Announced_classes_of_a_csv_file_are_its_classes()
    {
        Dataset data = Load(_folder.Write("iris.csv", "3,2,setosa,versicolor\n1,2,0\n3,4,1\n5,6,0\n")).Train;
        Assert.Equal(["setosa", "versicolor"], data.ClassNames);
        Assert.Equal([0, 1, 0], data.Labels);
        DataException missing = Refused(() => Load(_folder.Write("iris.csv", "2,2,setosa,versicolor\n1,2,0\n3,4,0\n")));
        Assert.Contains("class 1 (versicolor) has no samples", missing.Message, StringComparison.Ordinal);
        DataException outOfRange = Refused(() => Load(_folder.Write("iris.csv", "2,2,setosa,versicolor\n1,2,0\n3,4,2\n")));
        Assert.Contains("sample 1 has label 2", outOfRange.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ragged_csv_row_is_an_error_with_its_line()
    {
        string path = _folder.Write("data.csv", "1,2,0\n3,4,1\n5,1\n");
        Assert.Equal($"{path}, line 3: expected 3 fields as in line 1, got 2", Refused(() => Load(path)).Message);
    }

    private static DataSplit Load(string path, DataOptions? options = null) =>
        DataCatalog.Load(path, options ?? new DataOptions(), DataLocations.None, new RandomStream(0));

    private static DataException Refused(Func<DataSplit> load)
    {
        DataException error = Assert.Throws<DataException>(load);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    private void AssertIdx(byte[]? images, byte[]? labels, string file, string problem)
    {
        foreach (string old in Directory.GetFiles(_folder.Path))
            File.Delete(old);
        WriteIdx("train", images, labels);
        DataException error = Refused(() => Load(_folder.Path));
        Assert.Equal(file.Length == 0 ? _folder.Path : _folder[file], error.Subject);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private void AssertNpz(string part, string problem, params (string Name, NpyArray Array)[] arrays)
    {
        string path = _folder.WriteNpz("bad.npz", [.. arrays.Select(entry => new KeyValuePair<string, NpyArray>(entry.Name, entry.Array))]);
        DataException error = Refused(() => Load(path));
        Assert.Equal(path + part, error.Subject);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private void WriteIdx(string stem, byte[]? images, byte[]? labels, bool gzip = false)
    {
        string suffix = gzip ? ".gz" : "";
        if (images is not null)
            _folder.Write($"{stem}-images-idx3-ubyte{suffix}", gzip ? TemporaryFolder.Gzip(images) : images);
        if (labels is not null)
            _folder.Write($"{stem}-labels-idx1-ubyte{suffix}", gzip ? TemporaryFolder.Gzip(labels) : labels);
    }
}
