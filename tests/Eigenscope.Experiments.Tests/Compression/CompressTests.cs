using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Tests.Kernels;
using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Compression;

/// <summary>Compressing a trained network, from files to report: sizes counted by hand, accuracies by a forward pass written here, distances by sums of squares.</summary>
public sealed class CompressTests : IDisposable
{
    private const double Tolerance = 1e-10;
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private static readonly StudyOptions Small = new() { Width = 24, Depth = 3, Epochs = 20, Restarts = 0, Operators = "none", MeasureEvery = 0, Samples = 600, TestFraction = 0.25, Standardize = true, WeightDecay = 5e-3 };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(Small, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_samples_held_out_are_those_of_the_study()
    {
        CompressResult result = Result(Run(new CompressOptions { Model = Model(), Rank = 5 }));
        TestReport study = ((StudyResult)Trained.Value.Result).Test!;
        Assert.True(result.HeldOut);
        Assert.Equal(study.Samples, result.TestSamples);
        Assert.Equal(study.Accuracy, result.AccuracyBefore, 1e-12);
    }

    // 64-24-24-10 with biases: 1560 + 600 + 250 parameters. Rank 5 saves in every weight but the last, where 5 · 34 = 170 of 240 does too.
    [Fact]
    public void Sizes_are_those_counted_by_hand()
    {
        Report report = Run(new CompressOptions { Model = Model(), Rank = 5 });
        CompressResult result = Result(report);
        Assert.Equal(2410, result.ParametersBefore);
        Assert.Equal((5 * 88) + 24 + (5 * 48) + 24 + (5 * 34) + 10, result.ParametersAfter);
        Assert.Equal(result.ParametersAfter / 2410.0, result.ParametersKept, Tolerance);
        Assert.Equal(15 / 58.0, result.SingularValuesKept, Tolerance);
        Assert.Equal((2L * ((64 * 24) + (24 * 24) + 240), 2L * ((5 * 88) + (5 * 48) + (5 * 34))), (result.FlopsBefore, result.FlopsAfter));
        Assert.Equal([24, 24, 10], result.Layers.Select(static layer => layer.RankBefore));
        Assert.All(result.Layers, static layer => Assert.Equal((5, true), (layer.RankAfter, layer.Factored)));
        Assert.Equal("rank", result.Rule);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void The_error_of_the_cut_is_what_Eckart_and_Young_say()
    {
        foreach (CompressedLayerReport layer in Result(Run(new CompressOptions { Model = Model(), Rank = 5 })).Layers)
        {
            double[] weight = NpzFile.Read(_folder["model.npz"], $"{layer.Name}.weight").ToDoubles();
            double norm = Math.Sqrt(weight.Sum(static w => w * w)), tail = Math.Sqrt(layer.SingularValues.Skip(5).Sum(static s => s * s));
            Assert.Equal(norm, Math.Sqrt(layer.SingularValues.Sum(static s => s * s)), Tolerance);
            Assert.Equal(tail, layer.EckartYoungError, Tolerance);
            Assert.Equal(tail, layer.TruncationError, Tolerance);
            Assert.Equal(tail / norm, layer.RelativeError.Value!.Value, Tolerance);
            Assert.Equal(1.0 - (tail * tail / (norm * norm)), layer.EnergyKept.Value!.Value, Tolerance);
        }
    }

    [Fact]
    public void The_file_written_predicts_what_was_reported()
    {
        Report report = Run(new CompressOptions { Model = Model(), Rank = 5, FineTuneEpochs = 3 });
        CompressResult result = Result(report);
        report.SaveModel!(_folder["small.npz"]);
        Assert.Equal(result.ParametersAfter, NpzFile.Names(_folder["small.npz"]).Where(static name => !name.Contains('/', StringComparison.Ordinal)).Sum(name => NpzFile.Read(_folder["small.npz"], name).ToDoubles().Length));

        TrainedModel model = TrainedModel.Load(_folder["small.npz"]);
        RandomStream random = new RandomStream(0).Split("study").Split("data");
        Dataset test = DataCatalog.Load("digits", new DataOptions { Samples = 600, TestFraction = 0.25 }, new DataLocations(null, null, null), random).Test!;
        int right = Enumerable.Range(0, test.SampleCount).Count(i => Predict(_folder["small.npz"], [.. test.Inputs.Row(i).ToArray().Select((x, j) => (x - model.Note.Means![j]) * model.Note.Scales![j])]) == test.Labels[i]);
        Assert.Equal(result.AccuracyAfter, right / (double)test.SampleCount, 1e-12);
        Assert.Equal(result.Lost - result.Gained, (int)Math.Round((result.AccuracyBefore - result.AccuracyAfter) * result.TestSamples));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void A_share_of_the_energy_takes_the_fewest_singular_values_that_hold_it(double energy)
    {
        Report report = Run(new CompressOptions { Model = Model(), Energy = energy });
        foreach (CompressedLayerReport layer in Result(report).Layers)
        {
            double total = layer.SingularValues.Sum(static s => s * s);
            int fewest = Enumerable.Range(1, layer.RankBefore).First(rank => rank == layer.RankBefore || layer.SingularValues.Take(rank).Sum(static s => s * s) >= energy * total);
            bool saves = fewest * (layer.Shape[0] + layer.Shape[1]) < layer.Shape[0] * layer.Shape[1];
            Assert.Equal((saves, saves ? fewest : layer.RankBefore), (layer.Factored, layer.RankAfter));
        }
        KernelRuns.AssertFollowsTheSchema(report);
    }

    // A last bias carries the mean of the classes, and cross-entropy does not see it: one rank less.
    [Theory]
    [InlineData("mse", true, 9)]
    [InlineData("mse", false, 10)]
    [InlineData("cross-entropy", true, 9)]
    [InlineData("cross-entropy", false, 9)]
    public void Theory_takes_the_rank_of_a_collapsed_network(string loss, bool biases, int rank)
    {
        Study.Run(Small with { Loss = loss, Biases = biases, Epochs = 1 }, Settings, TimeProvider.System, null, CancellationToken.None).SaveModel!(_folder["other.npz"]);
        Report report = Run(new CompressOptions { Model = _folder["other.npz"], Theory = true });
        Assert.Equal(rank, Result(report).PredictedRank);
        // 24 × 24 and rank r save while 48 r is less than 576; 10 × 24 while 34 r is less than 240.
        Assert.Equal([rank, rank, 10], Result(report).Layers.Select(static layer => layer.RankAfter));
        Assert.Contains(report.Findings, static finding => finding.Contains("a prediction and no measurement", StringComparison.Ordinal));
    }

    [Fact]
    public void The_search_is_reported_with_what_it_looked_at()
    {
        Report report = Run(new CompressOptions { Model = Model(), MaxAccuracyDrop = 0.2, ValidationFraction = 0.4 });
        CompressResult result = Result(report);
        RankSearchReport search = result.Search!;
        Assert.Equal(0.2, search.AllowedDrop);
        Assert.Equal(180, search.ValidationSamples);
        Assert.True(search.AccuracyBefore - search.AccuracyAfter + (2.0 * search.StandardError) <= 0.2);
        Assert.Equal(result.AccuracyDrop <= 0.2, search.Holds);
        Assert.True(result.ParametersKept < 0.9);
        Assert.Null(result.FineTuning);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Fine_tuning_that_diverges_leaves_the_cut()
    {
        Report report = Run(new CompressOptions { Model = Model(), Rank = 4, FineTuneEpochs = 2, LearningRate = 1e8 });
        CompressResult result = Result(report);
        Assert.Equal("diverged", result.FineTuning!.Status);
        Assert.Equal(result.AccuracyTruncated, result.AccuracyAfter);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Fine_tuning_mends_what_a_hard_cut_broke()
    {
        CompressResult result = Result(Run(new CompressOptions { Model = Model(), Rank = 6, FineTuneEpochs = 10, LearningRate = 0.03 }));
        Assert.Equal(("finished", 10, 0.03), (result.FineTuning!.Status, result.FineTuning.Epochs, result.FineTuning.LearningRate));
        Assert.True(result.AccuracyAfter >= result.AccuracyTruncated, $"{result.AccuracyTruncated} → {result.AccuracyAfter}");
    }

    [Fact]
    public void Data_without_held_out_samples_says_so()
    {
        Study.Run(Small with { TestFraction = 0.0, Epochs = 1 }, Settings, TimeProvider.System, null, CancellationToken.None).SaveModel!(_folder["all.npz"]);
        Report report = Run(new CompressOptions { Model = _folder["all.npz"], Rank = 5 });
        Assert.False(Result(report).HeldOut);
        Assert.Equal(600, Result(report).TestSamples);
        Assert.Contains(report.Findings, static finding => finding.Contains("study --test-fraction holds some out", StringComparison.Ordinal));
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Other_data_of_the_same_shape_is_measured_and_told_apart()
    {
        Dataset digits = EmbeddedDigits.Load().Take(300);
        NpzFile.Write(_folder["other.npz"], [new("x", NpyArray.Create(digits.Inputs.Span.ToArray(), 300, 1, 8, 8)), new("y", NpyArray.Create([.. digits.Labels.Select(static label => (long)label)], 300))]);
        Report report = Run(new CompressOptions { Model = Model(), Data = _folder["other.npz"], Rank = 5 });
        Assert.Equal(300, Result(report).TestSamples);
        Assert.Equal(false, report.Config["isTrainingData"]);
        Assert.Equal(true, Run(new CompressOptions { Model = Model(), Rank = 5 }).Config["isTrainingData"]);
        Assert.Contains(report.Findings, static finding => finding.Contains("Neither a search nor training has looked at them", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(5, 2)]
    public void Of_other_data_without_held_out_samples_a_part_is_set_aside_from_search_and_training(int? rank, int epochs)
    {
        Dataset digits = EmbeddedDigits.Load().Take(300);
        NpzFile.Write(_folder["other.npz"], [new("x", NpyArray.Create(digits.Inputs.Span.ToArray(), 300, 1, 8, 8)), new("y", NpyArray.Create([.. digits.Labels.Select(static label => (long)label)], 300))]);
        CompressOptions options = new() { Model = Model(), Data = _folder["other.npz"], Rank = rank, FineTuneEpochs = epochs };
        CompressPlan plan = CompressRecipe.Resolve(options, Settings, new RandomStream(0));
        Assert.Equal(300, plan.Data.Train.SampleCount + plan.Data.Test!.SampleCount);
        HashSet<string> trained = [.. Enumerable.Range(0, plan.Data.Train.SampleCount).Select(i => string.Join(' ', plan.Data.Train.Inputs.Row(i).ToArray()))];
        Assert.DoesNotContain(Enumerable.Range(0, plan.Data.Test.SampleCount), i => trained.Contains(string.Join(' ', plan.Data.Test.Inputs.Row(i).ToArray())));
        Report report = Run(options);
        Assert.Equal((true, plan.Data.Test.SampleCount), (Result(report).HeldOut, Result(report).TestSamples));
        Assert.Contains(report.Findings, static finding => finding.Contains("were set aside", StringComparison.Ordinal));
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void A_network_whose_factors_would_save_nothing_stays_as_it_is()
    {
        Report report = Run(new CompressOptions { Model = Model(), Rank = 1000 });
        CompressResult result = Result(report);
        Assert.Equal((2410, 0, 0.0), (result.ParametersAfter, result.Lost, result.AccuracyDrop));
        Assert.StartsWith("No weight was cut", report.Findings[0], StringComparison.Ordinal);
        Assert.Equal(1.0, result.SingularValuesKept);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void An_interrupted_search_gives_what_it_found()
    {
        using CancellationTokenSource source = new();
        Report report = Compress.Run(new CompressOptions { Model = Model(), MaxAccuracyDrop = 0.5 }, Settings, TimeProvider.System, new KernelRuns.StopAt(source, "4 tried"), source.Token);
        Assert.True(report.IsPartial);
        report.SaveModel!(_folder["partial.npz"]);
        Assert.Equal(Result(report).ParametersAfter, TrainedModel.Load(_folder["partial.npz"]).Network.ParameterCount);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void The_same_seed_gives_the_same_network()
    {
        CompressOptions options = new() { Model = Model(), FineTuneEpochs = 2, MaxAccuracyDrop = 0.2 };
        Run(options).SaveModel!(_folder["a.npz"]);
        Run(options).SaveModel!(_folder["b.npz"]);
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
    }

    [Fact]
    public void Everything_wrong_with_the_options_is_told_at_once()
    {
        CompressOptions wrong = new() { Rank = -1, Energy = 2.0, MaxAccuracyDrop = 1.0, ValidationFraction = 0.0, FineTuneEpochs = -1, LearningRate = 0.0 };
        UsageException refused = Assert.Throws<UsageException>(() => Run(wrong));
        foreach (string word in new[] { "MODEL", "--rank must be", "--energy must be", "--max-accuracy-drop must be", "--rank and --energy and --max-accuracy-drop", "--validation-fraction", "--fine-tune-epochs", "--learning-rate" })
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_does_not_fit_the_model_is_refused_by_name()
    {
        AssertRefused(new CompressOptions { Model = Model(), Data = "gaussian", Rank = 5 }, "gaussian", "shape [1, 8, 8]");
        Dataset digits = EmbeddedDigits.Load();
        int[] two = [.. Enumerable.Range(0, 200).Where(i => digits.Labels[i] < 2)];
        NpzFile.Write(_folder["two.npz"], [new("x", NpyArray.Create([.. two.SelectMany(i => digits.Inputs.Row(i).ToArray())], two.Length, 1, 8, 8)), new("y", NpyArray.Create([.. two.Select(i => (long)digits.Labels[i])], two.Length))]);
        AssertRefused(new CompressOptions { Model = Model(), Data = _folder["two.npz"], Rank = 5 }, "two.npz", "10 classes");
        AssertRefused(new CompressOptions { Model = Model(), Data = "no-such-data", Rank = 5 }, "no-such-data");
        AssertRefused(new CompressOptions { Model = _folder["missing.npz"], Rank = 5 }, "missing.npz");
        Run(new CompressOptions { Model = Model(), Rank = 5 }).SaveModel!(_folder["small.npz"]);
        AssertRefused(new CompressOptions { Model = _folder["small.npz"], Rank = 2 }, "small.npz", "study --save");
    }

    [Fact]
    public void A_convolutional_network_is_compressed_and_written()
    {
        RandomStream random = new(1);
        double[] x = new double[80 * 256];
        random.FillNormal(x, 1.0);
        for (int i = 0; i < 80; i += 2)
            x.AsSpan(i * 256, 128).Fill(2.0);
        NpzFile.Write(_folder["images.npz"], [new("x", NpyArray.Create(x, 80, 1, 16, 16)), new("y", NpyArray.Create([.. Enumerable.Range(0, 80).Select(static i => (long)(i % 2))], 80))]);
        StudyOptions options = new() { Data = _folder["images.npz"], Model = "lenet5", Channels = 4, HeadWidth = 12, Epochs = 2, TestFraction = 0.25, Restarts = 0, Operators = "none", MeasureSamples = 20 };
        Report trained = Study.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);
        trained.SaveModel!(_folder["lenet.npz"]);
        Report report = Run(new CompressOptions { Model = _folder["lenet.npz"], Rank = 2 });
        CompressResult result = Result(report);
        // Convolutions 4 × 25 and 10 × 100, dense 12 × 10 and 2 × 12; rank 2 saves in all but the last.
        Assert.Equal(["convolution", "convolution", "dense", "dense"], result.Layers.Select(static layer => layer.Kind));
        Assert.Equal([58, 220, 44, 24], result.Layers.Select(static layer => layer.ParametersAfter));
        Assert.Equal(((StudyResult)trained.Result).Test!.Accuracy, result.AccuracyBefore, 1e-12);
        // 12 × 12 positions of the first convolution, 2 × 2 of the second.
        Assert.Equal(2L * ((100 * 144) + (1000 * 4) + 120 + 24), result.FlopsBefore);
        Assert.Equal(2L * ((58 * 144) + (220 * 4) + 44 + 24), result.FlopsAfter);
        report.SaveModel!(_folder["small.npz"]);
        Assert.Equal(["conv1.right", "conv1.left", "conv2.right", "conv2.left", "head.1.right", "head.1.left", "head.2"], TrainedModel.Load(_folder["small.npz"]).Network.WeightLayers.Select(static layer => layer.Name));
        KernelRuns.AssertFollowsTheSchema(report);
    }

    private static void AssertRefused(CompressOptions options, params string[] words)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Run(options));
        foreach (string word in words)
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private string Model()
    {
        if (!File.Exists(_folder["model.npz"]))
            Trained.Value.SaveModel!(_folder["model.npz"]);
        return _folder["model.npz"];
    }

    private static Report Run(CompressOptions options) => Compress.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);

    private static CompressResult Result(Report report) => (CompressResult)report.Result;

    private static int Predict(string path, double[] x)
    {
        for (int l = 1; l <= 3; l++)
        {
            double[] narrow = Multiply(path, $"{l}.right.weight", x), wide = Multiply(path, $"{l}.left.weight", narrow), bias = NpzFile.Read(path, $"{l}.left.bias").ToDoubles();
            x = [.. wide.Zip(bias, (y, b) => l < 3 ? Math.Max(y + b, 0.0) : y + b)];
        }
        return Array.IndexOf(x, x.Max());
    }

    private static double[] Multiply(string path, string name, double[] x)
    {
        double[] w = NpzFile.Read(path, name).ToDoubles();
        return [.. Enumerable.Range(0, w.Length / x.Length).Select(i => Enumerable.Range(0, x.Length).Sum(j => w[(i * x.Length) + j] * x[j]))];
    }
}
