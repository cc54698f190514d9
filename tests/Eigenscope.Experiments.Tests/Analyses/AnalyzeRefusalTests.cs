using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Analyses;

/// <summary>What an analysis says to data that does not fit the model: one line that names it, what was expected, what came, and what to do.</summary>
public sealed class AnalyzeRefusalTests : IDisposable
{
    private const int Count = 30;
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(new StudyOptions { Width = 8, Depth = 2, Epochs = 2, Restarts = 0, MeasureEvery = 0, Operators = "none", Samples = 200 }, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_that_do_not_fit_are_refused_with_what_to_do()
    {
        string model = Save();
        Refuse(model, Data("wide.npz", Shape(Count, 65), Classes()), "[1, 8, 8]", "[65]", "64 numbers", "got 65");
        Refuse(model, Data("single.npz", Shape(8, 8), NpyArray.Create(new long[8], 8)), "[8]", "x[None]");
        Refuse(model, Data("empty.npz", NpyArray.Create(Array.Empty<double>(), 0, 64), NpyArray.Create(Array.Empty<long>(), 0)), "empty.npz[x]", "at least one sample");
        Refuse(model, Data("short.npz", Shape(Count, 64), NpyArray.Create([0L, 1L], 2)), "short.npz[y]", "30 samples", "got 2");
        double[] bad = new double[Count * 64];
        bad[(3 * 64) + 5] = double.NaN;
        Refuse(model, Data("nan.npz", NpyArray.Create(bad, Count, 64), Classes()), "nan.npz[x]", "sample 3 has NaN at coordinate 5");
        NpzFile.Write(_folder["names.npz"], [new("images", Shape(Count, 64))]);
        Refuse(model, _folder["names.npz"], "arrays x", "y", "got images", "numpy.savez");
        Refuse(model, _folder.Write("noise.npz", "noise"), "noise.npz", "NPZ file");
        Refuse(model, _folder["missing.npz"], "missing.npz", "no such file");
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused_with_what_to_do()
    {
        string model = Save();
        Refuse(model, Data("one.npz", Shape(Count, 64), NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => (i % 10) + 1L)], Count)), "one.npz[y]", "from 1 to 10, off by one", "save y - 1");
        Refuse(model, Data("far.npz", Shape(Count, 64), NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => i == 7 ? 12L : i % 10)], Count)), "sample 7 has label 12", "0 … 9");
        Refuse(model, Data("minus.npz", Shape(Count, 64), NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => i == 2 ? -1L : i % 10)], Count)), "sample 2 has label -1");
        Refuse(model, Data("half.npz", Shape(Count, 64), NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => i + 0.5)], Count)), "10 outputs", "not whole", "0.5");
        Refuse(model, Data("seven.npz", Shape(Count, 64), Shape(Count, 7)), "7 numbers", "10 outputs");
        string soft = Data("soft.npz", Shape(Count, 64), Shape(Count, 10));
        Refuse(new AnalyzeOptions { Model = model, Data = soft, Loss = "cross-entropy" }, "soft.npz[y]", "not one-hot", "argmax");
        Refuse(new AnalyzeOptions { Model = model, Data = soft, Targets = "one-hot" }, "--targets one-hot");
        Refuse(model, _folder.Write("names.csv", string.Join('\n', Enumerable.Range(0, Count).Select(static i => string.Join(',', Enumerable.Repeat("0.5", 64)) + $",c{i % 10}"))), "names.csv", "c0, c1", "the model's are 0, 1");
    }

    [Theory]
    [InlineData("grey.npz", "8, 8", "[8, 8] are taken as [1, 8, 8]")]
    [InlineData("last.npz", "8, 8, 1", "[8, 8, 1] are taken as [1, 8, 8]")]
    [InlineData("flat.npz", "64", "[64] are taken as [1, 8, 8]")]
    public void Another_shape_is_taken_only_where_the_order_is_beyond_doubt(string name, string shape, string note)
    {
        string data = Data(name, Shape([Count, .. shape.Split(", ").Select(int.Parse)]), Classes());
        AnalyzeResult result = (AnalyzeResult)Analyze.Run(new AnalyzeOptions { Model = Save(), Data = data, Operators = "none" }, Settings, TimeProvider.System, null, CancellationToken.None).Result;
        Assert.Contains(result.Notes, taken => taken.Contains(note, StringComparison.Ordinal));
    }

    private static void Refuse(string model, string data, params string[] parts) => Refuse(new AnalyzeOptions { Model = model, Data = data }, parts);

    private static void Refuse(AnalyzeOptions options, params string[] parts)
    {
        string message = Assert.Throws<UsageException>(() => Analyze.Run(options, Settings, TimeProvider.System, null, CancellationToken.None)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    private string Save()
    {
        Trained.Value.SaveModel!(_folder["model.npz"]);
        return _folder["model.npz"];
    }

    private string Data(string name, NpyArray x, NpyArray y)
    {
        NpzFile.Write(_folder[name], [new("x", x), new("y", y)]);
        return _folder[name];
    }

    private static NpyArray Shape(params int[] shape) => NpyArray.Create([.. Enumerable.Range(0, shape.Aggregate(1, static (product, extent) => product * extent)).Select(static i => i * 7 % 11 / 11.0)], shape);

    private static NpyArray Classes() => NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => (long)i % 10)], Count);
}
