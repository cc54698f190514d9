using System.Text;
using System.Text.Json.Nodes;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Runs;

/// <summary>A study's network on disk: the file alone is enough to predict with it and to find the samples that it never saw.</summary>
public sealed class TrainedModelTests : IDisposable
{
    private const string NoteName = "training/note";
    private static readonly RunSettings Settings = new() { Threads = 2, Seed = 3 };
    private static readonly StudyOptions Small = new() { Width = 12, Depth = 2, Activation = "tanh", Epochs = 5, Restarts = 0, Operators = "none", MeasureEvery = 0, Samples = 400, TestFraction = 0.25, Standardize = true };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(Small, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A forward pass written here, on the samples that the seed holds out, from nothing but the file.
    [Fact]
    public void The_file_alone_predicts_what_the_study_reported()
    {
        string path = Save();
        JsonNode note = JsonNode.Parse(Note(path))!;
        DataOptions chosen = new() { Samples = (int)note["options"]!["samples"]!, TestFraction = (double)note["options"]!["testFraction"]! };
        RandomStream random = new RandomStream((ulong)note["seed"]!).Split("study").Split("data");
        Dataset test = DataCatalog.Load((string)note["options"]!["data"]!, chosen, new DataLocations(null, null, null), random).Test!;
        double[] means = [.. note["means"]!.AsArray().Select(static value => (double)value!)], scales = [.. note["scales"]!.AsArray().Select(static value => (double)value!)];

        int right = Enumerable.Range(0, test.SampleCount).Count(i => Predict(path, [.. test.Inputs.Row(i).ToArray().Select((x, j) => (x - means[j]) * scales[j])]) == test.Labels[i]);

        TestReport reported = ((StudyResult)Trained.Value.Result).Test!;
        Assert.Equal(reported.Samples, test.SampleCount);
        Assert.Equal(reported.Accuracy, right / (double)test.SampleCount, 1e-12);
    }

    [Fact]
    public void What_was_saved_is_read_again()
    {
        TrainedModel model = TrainedModel.Load(Save());
        Assert.Equal(Small, model.Note.Options);
        Assert.Equal((3ul, "float64", 64, 0.15), (model.Note.Seed, model.Note.Precision, model.Note.BatchSize, model.Note.LearningRate));
        Assert.Equal([1, 8, 8], model.Note.SampleShape);
        Assert.Equal(10, model.Note.ClassNames.Count);
        Assert.Equal([64, 12, 10], [model.Network.InputSize, .. model.Network.WeightLayers.Select(static layer => layer.OutputSize)]);
        Assert.Equal(5, model.State.Epoch);
    }

    [Fact]
    public void Ranks_are_saved_with_a_network_of_factors()
    {
        TrainedModel model = TrainedModel.Load(Save());
        Dictionary<string, int> ranks = new() { ["1"] = 4 };
        TrainedModel smaller = model with { Network = StudyNetworks.Create(Small, model.Note.SampleShape, 10, ranks), Note = model.Note with { Ranks = ranks } };
        double[] state = [.. Enumerable.Range(0, smaller.Network.StateLength).Select(static i => 0.5 * i)];
        (smaller with { State = Learning.Training.TrainingState.Initial(state) }).Save(_folder["smaller.npz"]);

        TrainedModel again = TrainedModel.Load(_folder["smaller.npz"]);
        Assert.Equal(["1.right", "1.left", "2"], again.Network.WeightLayers.Select(static layer => layer.Name));
        Assert.Equal(state, again.State.Parameters);
    }

    [Fact]
    public void Other_files_are_refused_by_name()
    {
        AssertRefused(_folder["missing.npz"], "study --save");
        AssertRefused(_folder.Write("text.npz", "no archive"), "study --save");
        NpzFile.Write(_folder["data.npz"], [new("x", NpyArray.Create([1.0], 1)), new("y", NpyArray.Create([0.0], 1))]);
        AssertRefused(_folder["data.npz"], "training/note");
        AssertRefused(Changed("{\"means\":null}"), "its note is not one of a trained network");
    }

    [Fact]
    public void A_file_cut_short_or_with_a_changed_byte_is_refused()
    {
        byte[] content = File.ReadAllBytes(Save());
        AssertRefused(_folder.Write("cut.npz", content[..(content.Length / 2)]), "study --save");
        byte[] flipped = [.. content];
        flipped[content.Length / 8] ^= 0x40;
        AssertRefused(_folder.Write("flipped.npz", flipped), "study --save");
    }

    [Theory]
    [InlineData("version", "2", "version 2 of a saved model; this program reads version 1")]
    [InlineData("later", "true", "later")]
    [InlineData("seed", "null", "seed")]
    [InlineData("ranks", "{\"7\":2}", "'7'")]
    [InlineData("ranks", "{\"1\":2}", "1.right.weight")]
    [InlineData("sampleShape", "[1, 9, 9]", "shape [12, 81]")]
    [InlineData("scales", "null", "does not fit")]
    [InlineData("options/activation", "\"spin\"", "--activation")]
    [InlineData("options/width", "2000000000", "study --save")]
    public void A_note_that_says_something_else_is_refused(string place, string value, string word)
    {
        JsonNode note = JsonNode.Parse(Note(Save()))!;
        string[] steps = place.Split('/');
        (steps.Length == 1 ? note : note[steps[0]]!)[steps[^1]] = JsonNode.Parse(value);
        AssertRefused(Changed(note.ToJsonString()), word);
    }

    private static void AssertRefused(string path, string word)
    {
        UsageException refused = Assert.Throws<UsageException>(() => TrainedModel.Load(path));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private string Save()
    {
        Trained.Value.SaveModel!(_folder["model.npz"]);
        return _folder["model.npz"];
    }

    private string Changed(string note)
    {
        string path = Save();
        long[] text = [.. Encoding.UTF8.GetBytes(note).Select(static value => (long)value)];
        KeyValuePair<string, NpyArray>[] arrays = [.. NpzFile.Names(path).Select(name => new KeyValuePair<string, NpyArray>(name, name == NoteName ? NpyArray.Create(text, text.Length) : NpzFile.Read(path, name)))];
        NpzFile.Write(_folder["changed.npz"], arrays);
        return _folder["changed.npz"];
    }

    private static string Note(string path) => Encoding.UTF8.GetString([.. NpzFile.Read(path, NoteName).ToInt64s().Select(static value => (byte)value)]);

    private static int Predict(string path, double[] x)
    {
        double[] hidden = [.. Affine(path, "1", x).Select(Math.Tanh)];
        double[] logits = Affine(path, "2", hidden);
        return Array.IndexOf(logits, logits.Max());
    }

    private static double[] Affine(string path, string layer, double[] x)
    {
        NpyArray weight = NpzFile.Read(path, $"{layer}.weight");
        double[] w = weight.ToDoubles(), b = NpzFile.Read(path, $"{layer}.bias").ToDoubles();
        return [.. Enumerable.Range(0, (int)weight.Shape[0]).Select(i => b[i] + Enumerable.Range(0, x.Length).Sum(j => w[(i * x.Length) + j] * x[j]))];
    }
}
