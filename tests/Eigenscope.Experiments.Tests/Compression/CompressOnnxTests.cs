using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Tests.Kernels;
using Eigenscope.Formats;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Import;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Python;

namespace Eigenscope.Experiments.Tests.Compression;

/// <summary>Networks written as ONNX, and networks that are ONNX: ONNX's own checker passes the files, and PyTorch finds the accuracy that was reported, on the data as they are.</summary>
public sealed class CompressOnnxTests : IDisposable
{
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private static readonly StudyOptions Small = new() { Width = 24, Depth = 3, Epochs = 20, Restarts = 0, Operators = "none", MeasureEvery = 0, Samples = 600, TestFraction = 0.25, Standardize = true, WeightDecay = 5e-3, Loss = "cross-entropy" };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(Small, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonTorchTheory]
    [InlineData("mlp")]
    [InlineData("lenet5")]
    [InlineData("resnet8")]
    public void A_studys_network_cut_and_written_as_ONNX_has_the_accuracy_reported(string model)
    {
        (StudyOptions options, DataSplit data) = model is "mlp" ? (Small, DataOf(Small)) : Images(model);
        Study.Run(options, Settings, TimeProvider.System, null, CancellationToken.None).SaveModel!(_folder["model.npz"]);
        Report report = Run(new CompressOptions { Model = _folder["model.npz"], Rank = 4 });
        report.SaveModel!(_folder["small.onnx"]);
        Assert.Equal(Result(report).AccuracyAfter, Evaluated(_folder["small.onnx"], data.Test!), 1e-12);
        Assert.NotEqual(0, Result(report).Layers.Count(static layer => layer.Factored));
    }

    // The file of a study that is ONNX scales its inputs itself: raw samples go in, and accuracy is that of the study.
    [Theory]
    [InlineData(5, false, 0)]
    [InlineData(null, true, 0)]
    [InlineData(null, false, 0)]
    [InlineData(4, false, 3)]
    public void An_ONNX_model_is_cut_on_data_as_given(int? rank, bool theory, int epochs)
    {
        CompressOptions options = new() { Model = Model(), Data = Data(withTest: true), Rank = rank, Theory = theory, MaxAccuracyDrop = rank is null && !theory ? 0.2 : null, FineTuneEpochs = epochs, LearningRate = epochs > 0 ? 3e-3 : null };
        Report report = Run(options);
        CompressResult result = Result(report);
        Assert.Equal(((StudyResult)Trained.Value.Result).Test!.Accuracy, result.AccuracyBefore, 1e-12);
        Assert.Equal((2410, 150, true, 9), (result.ParametersBefore, result.TestSamples, result.HeldOut, result.PredictedRank));
        Assert.True(result.ParametersAfter < result.ParametersBefore);
        Assert.Equal(("onnx", "cross-entropy", null, null), (report.Config["format"], report.Config["loss"], report.Config["isTrainingData"], report.Config["network"]));
        Assert.Equal(epochs > 0 ? 64 : null, report.Config["batchSize"]);
        Assert.Equal(epochs > 0 ? "finished" : null, result.FineTuning?.Status);
        Assert.Contains(report.Findings, static finding => finding.Contains("cross-entropy is taken", StringComparison.Ordinal));
        Assert.Contains(report.Findings, static finding => finding.Contains("does not say what it was trained on", StringComparison.Ordinal));
        KernelRuns.AssertFollowsTheSchema(report);
        report.SaveModel!(_folder["small.onnx"]);
        ImportedModel small = OnnxImport.Import(OnnxFile.Read(_folder["small.onnx"]));
        Assert.Equal(result.ParametersAfter, small.Network.ParameterCount);
        Assert.Equal(("input", "logits"), (small.InputName, small.OutputName));
    }

    [PythonTorchTheory]
    [InlineData(5, 0)]
    [InlineData(null, 2)]
    public void An_ONNX_model_cut_has_the_accuracy_reported(int? rank, int epochs)
    {
        Report report = Run(new CompressOptions { Model = Model(), Data = Data(withTest: true), Rank = rank, FineTuneEpochs = epochs, LearningRate = epochs > 0 ? 3e-3 : null, MaxAccuracyDrop = rank is null ? 0.2 : null });
        report.SaveModel!(_folder["small.onnx"]);
        Assert.Equal(Result(report).AccuracyAfter, Evaluated(_folder["small.onnx"], DataOf(Small).Test!), 1e-12);
    }

    [Fact]
    public void Fine_tuning_mends_a_hard_cut_and_decay_shrinks_the_factors()
    {
        CompressOptions options = new() { Model = Model(), Data = Data(withTest: true), Rank = 3, FineTuneEpochs = 15, LearningRate = 1e-2 };
        Report plain = Run(options), decayed = Run(options with { WeightDecay = 0.05 });
        Assert.True(Result(plain).AccuracyAfter > Result(plain).AccuracyTruncated);
        Assert.Equal((0.0, 0.05), (plain.Config["weightDecay"], decayed.Config["weightDecay"]));
        Assert.True(Norm(decayed) < 0.8 * Norm(plain));
    }

    // Without test samples a fifth is set aside wherever something looks at the rest.
    [Theory]
    [InlineData(4, false, 450)]
    [InlineData(null, true, 90)]
    public void Verification_is_on_samples_that_nothing_looked_at(int? rank, bool isHeldOut, int samples)
    {
        Report report = Run(new CompressOptions { Model = Model(), Data = Data(withTest: false), Rank = rank, MaxAccuracyDrop = rank is null ? 0.2 : null });
        Assert.Equal((isHeldOut, samples), (Result(report).HeldOut, Result(report).TestSamples));
        Assert.Contains(report.Findings, static finding => finding.Contains("hether the model was trained on them cannot be told", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_may_lack_classes_of_the_model()
    {
        Dataset train = DataOf(Small).Train;
        int[] few = [.. Enumerable.Range(0, train.SampleCount).Where(i => train.Labels[i] < 4)];
        Write("few.npz", train.Subset(few, requireEveryClass: false), null);
        CompressResult result = Result(Run(new CompressOptions { Model = Model(), Data = _folder["few.npz"], MaxAccuracyDrop = 0.3 }));
        Assert.Equal((true, 9), (result.HeldOut, result.PredictedRank));
    }

    [Theory]
    [InlineData("mse", 9)]
    [InlineData("cross-entropy", 9)]
    public void The_loss_is_the_users_word(string loss, int rank)
    {
        Report report = Run(new CompressOptions { Model = Model(), Data = Data(withTest: true), Theory = true, Loss = loss });
        Assert.Equal((rank, loss), (Result(report).PredictedRank, report.Config["loss"]));
        Assert.DoesNotContain(report.Findings, static finding => finding.Contains("cross-entropy is taken", StringComparison.Ordinal));
    }

    [Fact]
    public void Convolutions_of_groups_stay_whole_and_say_why()
    {
        OnnxFile.Write(_folder["groups.onnx"], Grouped());
        RandomStream random = new(1);
        double[] x = new double[60 * 4 * 6 * 6];
        random.FillNormal(x, 1.0);
        NpzFile.Write(_folder["images.npz"], [new("x", NpyArray.Create(x, 60, 4, 6, 6)), new("y", NpyArray.Create([.. Enumerable.Range(0, 60).Select(static i => (long)(i % 5))], 60))]);
        Report report = Run(new CompressOptions { Model = _folder["groups.onnx"], Data = _folder["images.npz"], Rank = 2 });
        UncutLayerReport uncut = Assert.Single(Result(report).Uncut);
        Assert.Equal(("grouped", 4 * 2 * 9), (uncut.Name, uncut.Parameters));
        Assert.Contains("2 groups", uncut.Reason, StringComparison.Ordinal);
        Assert.Equal(["head"], Result(report).Layers.Select(static layer => layer.Name));
        Assert.Contains(report.Findings, static finding => finding.Contains("cannot be cut and stay whole: grouped", StringComparison.Ordinal));
        // 4 × 4 positions of the convolution, and a dense weight of 5 × 64 at one.
        Assert.Equal(2L * ((72 * 16) + 320), Result(report).FlopsBefore);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void What_is_wrong_is_told_by_name()
    {
        AssertRefused(new CompressOptions { Model = "m.onnx", FineTuneEpochs = 2, Loss = "hinge" }, "--data must be given", "--learning-rate must be given", "--loss must be");
        AssertRefused(new CompressOptions { Model = "m.npz", Loss = "mse" }, "--loss must be left out");
        AssertRefused(new CompressOptions { Model = "m.npz", FineTuneEpochs = 1, WeightDecay = 0.1 }, "--weight-decay must be left out");
        AssertRefused(new CompressOptions { Model = "m.onnx", Data = "digits", WeightDecay = 0.1 }, "--weight-decay must be left out: it is of --fine-tune-epochs");
        AssertRefused(new CompressOptions { Model = "m.onnx", Data = "digits" }, "m.onnx", "no such file");
        NpzFile.Write(_folder["wide.npz"], [new("x", NpyArray.Create(new double[6], 2, 3)), new("y", NpyArray.Create([0L, 1L], 2))]);
        AssertRefused(new CompressOptions { Model = Model(), Data = _folder["wide.npz"] }, "wide.npz", "[64]");
        NpzFile.Write(_folder["real.npz"], [new("x", NpyArray.Create(new double[128], 2, 64)), new("y", NpyArray.Create([0.5, .. new double[19]], 2, 10))]);
        AssertRefused(new CompressOptions { Model = Model(), Data = _folder["real.npz"], Loss = "mse" }, "real.npz[y]", "real targets");
    }

    private static void AssertRefused(CompressOptions options, params string[] words)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Run(options));
        foreach (string word in words)
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private double Norm(Report report)
    {
        report.SaveModel!(_folder["norm.onnx"]);
        return OnnxFile.Read(_folder["norm.onnx"]).Graph.Initializers.Where(static tensor => tensor.Name.Contains("right", StringComparison.Ordinal) || tensor.Name.Contains("left.weight", StringComparison.Ordinal)).Sum(static tensor => tensor.ToDoubles().Sum(static w => w * w));
    }

    private string Model()
    {
        if (!File.Exists(_folder["model.onnx"]))
            Trained.Value.SaveModel!(_folder["model.onnx"]);
        return _folder["model.onnx"];
    }

    private string Data(bool withTest)
    {
        DataSplit data = DataOf(Small);
        Write("data.npz", data.Train, withTest ? data.Test : null);
        return _folder["data.npz"];
    }

    private double Evaluated(string model, Dataset test)
    {
        Write("test.npz", test, null);
        return double.Parse(OnnxEvaluator.Run(model, _folder["test.npz"]), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Write(string file, Dataset train, Dataset? test)
    {
        List<KeyValuePair<string, NpyArray>> arrays = [];
        foreach ((string suffix, Dataset part) in new[] { ("", train) }.Concat(test is null ? [] : new[] { ("_test", test) }))
        {
            arrays.Add(new($"x{suffix}", NpyArray.Create(part.Inputs.Span.ToArray(), [part.SampleCount, .. part.SampleShape])));
            arrays.Add(new($"y{suffix}", NpyArray.Create([.. part.Labels.Select(static label => (long)label)], part.SampleCount)));
        }
        NpzFile.Write(_folder[file], arrays);
    }

    // The study's samples, drawn and held out as it does, and not scaled.
    private static DataSplit DataOf(StudyOptions options) => StudyRecipe.LoadSamples(options, Settings, StudyRecipe.Stream(Settings.Seed), null, CancellationToken.None);

    private (StudyOptions Options, DataSplit Data) Images(string model)
    {
        RandomStream random = new(1);
        int channels = model is "lenet5" ? 1 : 3, size = channels * 256;
        double[] x = new double[120 * size];
        random.FillNormal(x, 1.0);
        for (int i = 0; i < 120; i++)
            x.AsSpan((i * size) + (i % 3 * 60), 60).Fill(1.0);
        NpzFile.Write(_folder["images.npz"], [new("x", NpyArray.Create(x, 120, channels, 16, 16)), new("y", NpyArray.Create([.. Enumerable.Range(0, 120).Select(static i => (long)(i % 3))], 120))]);
        StudyOptions options = new() { Data = _folder["images.npz"], Model = model, Channels = 4, Epochs = 2, TestFraction = 0.25, Standardize = true, LearningRate = 1e-3, Restarts = 0, Operators = "none", MeasureSamples = 20 };
        return (options, DataOf(options));
    }

    private static OnnxModel Grouped() => new()
    {
        Opsets = new Dictionary<string, long> { [""] = 13 },
        Graph = new OnnxGraph
        {
            Nodes =
            [
                new OnnxNode { Name = "c", Operator = "Conv", Inputs = ["x", "grouped.weight"], Outputs = ["h"], Attributes = new Dictionary<string, OnnxAttribute> { ["group"] = OnnxAttribute.Of(2) } },
                new OnnxNode { Name = "f", Operator = "Flatten", Inputs = ["h"], Outputs = ["v"] },
                new OnnxNode { Name = "g", Operator = "Gemm", Inputs = ["v", "head.weight"], Outputs = ["y"], Attributes = new Dictionary<string, OnnxAttribute> { ["transB"] = OnnxAttribute.Of(1) } },
            ],
            Initializers = [Numbers("grouped.weight", [4, 2, 3, 3]), Numbers("head.weight", [5, 64])],
            Inputs = [new OnnxValue { Name = "x", Element = OnnxElement.Float32, Shape = [new OnnxExtent(null, "N"), new OnnxExtent(4, null), new OnnxExtent(6, null), new OnnxExtent(6, null)] }],
            Outputs = [new OnnxValue { Name = "y", Element = OnnxElement.Float32, Shape = [new OnnxExtent(null, "N"), new OnnxExtent(5, null)] }],
        },
    };

    private static OnnxTensor Numbers(string name, int[] shape)
    {
        double[] values = new double[shape.Aggregate(1, static (product, extent) => product * extent)];
        new RandomStream(2).Split(name).FillNormal(values, 0.3);
        return OnnxTensor.FromDoubles(name, shape, values);
    }

    private static Report Run(CompressOptions options) => Compress.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);

    private static CompressResult Result(Report report) => (CompressResult)report.Result;
}
