using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class RegressionFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_column_of_a_csv_file_is_a_real_target()
    {
        (RegressionSamples train, RegressionSamples? test) = Load(_folder.Write("a.csv", "age,height,weight\n1,2,-0.5\n3,4,1e-3\n"));

        Assert.Null(test);
        Assert.Equal([1.0, 2, 3, 4], train.Inputs.Storage);
        Assert.Equal([-0.5, 1e-3], train.Targets.Storage);
        Assert.Equal([2, 1], train.Targets.Shape.ToArray());
        Assert.Equal("a.csv", train.Name);
    }

    [Fact]
    public void Targets_of_an_npz_file_may_have_columns_and_a_test_part()
    {
        string path = Npz(("x", [1.0, 2, 3], [3]), ("y", [1.0, 2, 3, 4, 5, 6], [3, 2]), ("x_test", [9.0], [1]), ("y_test", [7.0, 8], [1, 2]));

        (RegressionSamples train, RegressionSamples? test) = Load(path);

        Assert.Equal((3, 1, 2), (train.SampleCount, train.Inputs.Columns, train.Targets.Columns));
        Assert.Equal([7.0, 8], test!.Targets.Storage);
    }

    [Theory]
    [InlineData("1,a\n", "sample 0 has the target 'a', expected a finite number in the last column")]
    [InlineData("1,2\n3,NaN\n", "sample 1 has the target 'NaN'")]
    [InlineData("1,2\nInfinity,3\n", "expected a finite number in column 1")]
    public void What_is_no_number_is_refused_with_its_place(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => Load(_folder.Write("a.csv", content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Arrays_that_do_not_fit_are_refused()
    {
        Assert.Contains("expected targets of each of 3 samples, got those of 2", Refused(("x", [1.0, 2, 3], [3]), ("y", [1.0, 2], [2])), StringComparison.Ordinal);
        Assert.Contains("sample 1 has no finite number at coordinate 0", Refused(("x", [1.0, double.NaN], [2]), ("y", [1.0, 2], [2])), StringComparison.Ordinal);
        Assert.Contains("[x_test]", Refused(("x", [1.0, 2], [1, 2]), ("y", [1.0], [1]), ("x_test", [1.0], [1]), ("y_test", [1.0], [1])), StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<DataException>(static () => Load("nowhere.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_set_aside_and_the_rest_are_all_samples_in_their_order()
    {
        RegressionSamples samples = Load(_folder.Write("a.csv", string.Concat(Enumerable.Range(0, 40).Select(static i => $"{i},{0.5 * i}\n")))).Train;

        (RegressionSamples rest, RegressionSamples aside) = samples.Divide(0.25, new RandomStream(3));

        Assert.Equal((30, 10), (rest.SampleCount, aside.SampleCount));
        Assert.Equal(rest.Inputs.Storage.Order(), rest.Inputs.Storage);
        Assert.Equal(aside.Inputs.Storage.Order(), aside.Inputs.Storage);
        Assert.Equal(samples.Inputs.Storage, rest.Inputs.Storage.Concat(aside.Inputs.Storage).Order());
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(0.5 * aside.Inputs[i, 0], aside.Targets[i, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Divide(0.01, new RandomStream(3)));
    }

    [Fact]
    public void A_data_set_known_by_name_has_classes()
    {
        Assert.Contains("digits: it has classes", Assert.Throws<DataException>(static () => Load("digits")).Message, StringComparison.Ordinal);
    }

    private static (RegressionSamples Train, RegressionSamples? Test) Load(string path) => RegressionFiles.Load(path, DataLocations.None);

    private string Refused(params (string Name, double[] Values, int[] Shape)[] arrays) => Assert.Throws<DataException>(() => Load(Npz(arrays))).Message;

    private string Npz(params (string Name, double[] Values, int[] Shape)[] arrays) =>
        _folder.WriteNpz("a.npz", [.. arrays.Select(static array => KeyValuePair.Create(array.Name, NpyArray.Create(array.Values, array.Shape)))]);
}
