using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Studies;

public sealed class StudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;

    private static readonly StudyOptions Small = new()
    {
        Data = "gaussian",
        Width = 12,
        Depth = 3,
        Epochs = 60,
        BatchSize = 32,
        MeasureEvery = 30,
        TestFraction = 0.2,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_study_measures_every_layer_at_every_point()
    {
        StudyResult result = Result(Run(Small));
        Assert.Equal([0, 30, 60], result.Trajectory.Select(static point => point.Epoch));
        Assert.Equal(["1", "2", "3"], result.Layers.Select(static layer => layer.Name));
        Assert.All(result.Trajectory, static point => Assert.Equal(3, point.Layers.Count));
        Assert.All(result.Trajectory, static point => Assert.Equal(["1.weight", "2.weight", "3.weight", "all"], point.Spectra.Select(static spectrum => spectrum.Scope)));
        Assert.Equal(["hessian", "hessian", "hessian", "hessian", "gauss-newton"], result.Spectra.Select(static spectrum => spectrum.Operator));
        Assert.True(result.Converged);
        Assert.NotNull(result.Test);
        Assert.True(result.Trajectory[^1].Loss < 0.5 * result.Trajectory[0].Loss);
    }

    [Fact]
    public void Numbers_hang_together_as_their_definitions_say()
    {
        StudyResult result = Result(Run(Small));
        Assert.Equal(result.DataLoss + result.DecayLoss, result.Loss, 1e-15);
        // ½ λ Σ σ² over all layers is the decay.
        double squares = result.Layers.Sum(static layer => layer.Weight.SingularValues!.Sum(static sigma => sigma * sigma));
        Assert.Equal(0.5 * Small.WeightDecay * squares, result.DecayLoss, 1e-12 * result.DecayLoss);
        foreach (LayerReport layer in result.Layers)
        {
            Assert.Equal(layer.Gradient.Norm, Math.Sqrt(layer.Gradient.SingularValues!.Sum(static sigma => sigma * sigma)), 1e-12);
            SpectrumReport hessian = result.Spectra.Single(spectrum => spectrum.Operator == "hessian" && spectrum.Scope == layer.Weight.Parameter);
            Assert.True(hessian.Complete);
            Assert.Equal(hessian.Dimension, hessian.Eigenvalues.Count);
            Assert.Equal(hessian.Eigenvalues.Sum(), hessian.Trace!.Mean, 1e-12);
            Assert.Equal(layer.Agop.Eigenvalues!.Sum(), layer.Agop.Trace.Value!.Value, 1e-12);
        }
        // Two factors of rank r hold r (m + n) numbers in the place of m n.
        Assert.Equal(
            result.Layers.Select(static layer => Math.Min(layer.Weight.Shape[0] * layer.Weight.Shape[1], (int)layer.Weight.NumericalRank.Value!.Value * layer.Weight.Shape.Sum())),
            result.Savings!.Layers.Select(static layer => layer.ParametersAfter));
        // The last layer's Hessian under MSE is I_K ⊗ (second moment of its input): every eigenvalue K times.
        SpectrumReport last = result.Spectra.Single(static spectrum => spectrum.Operator == "hessian" && spectrum.Scope == "3.weight");
        IReadOnlyList<double> moment = result.Layers[^1].Input.SecondMoment!;
        for (int i = 0; i < last.Eigenvalues.Count; i++)
            Assert.Equal(moment[i / 3], last.Eigenvalues[i], 1e-12 * moment[0]);
        // The full Hessian's trace is that of its blocks; what the weights leave is the biases'.
        double all = result.Spectra.Single(static spectrum => spectrum.Operator == "hessian" && spectrum.Scope == "all").Trace!.Mean;
        Assert.True(result.Spectra.Where(static spectrum => spectrum.Operator == "hessian" && spectrum.Scope != "all").Sum(static spectrum => spectrum.Trace!.Mean) < all);
    }

    [Fact]
    public void Same_seed_and_threads_give_the_same_bytes_and_another_seed_does_not()
    {
        Assert.Equal(Numbers(Run(Small)), Numbers(Run(Small)));
        Assert.NotEqual(Numbers(Run(Small)), Numbers(Run(Small, new RunSettings { Seed = 1, Threads = 2 })));
    }

    [Theory]
    [InlineData("relu", "mse", "sgd")]
    [InlineData("tanh", "cross-entropy", "adam")]
    [InlineData("gelu", "mse", "sgd")]
    [InlineData("linear", "cross-entropy", "sgd")]
    [InlineData("relu", "mse", "lbfgs")]
    public void The_JSON_is_what_the_published_schema_says(string activation, string loss, string optimizer)
    {
        Report report = Run(Small with { Activation = activation, Loss = loss, Optimizer = optimizer, BatchSize = optimizer is "lbfgs" ? null : Small.BatchSize, Epochs = 10, Bottom = 2 });
        AssertFollowsTheSchema(report);
    }

    [Fact]
    public void The_JSON_of_a_convolutional_study_is_what_the_published_schema_says()
    {
        StudyOptions options = new()
        {
            Data = "digits",
            Model = "resnet8",
            Channels = 2,
            Samples = 60,
            MeasureSamples = 30,
            Epochs = 1,
            Density = true,
            Operators = "hessian,gauss-newton,fisher,gradient-covariance",
            Scopes = "stage1.*",
            Top = 4,
        };

        Report report = Run(options);

        AssertFollowsTheSchema(report);
        using JsonDocument document = JsonDocument.Parse(Json(report));
        JsonElement result = document.RootElement.GetProperty("result");
        Assert.Equal("convolution", result.GetProperty("layers")[0].GetProperty("kind").GetString());
        Assert.Equal(4, result.GetProperty("layers")[0].GetProperty("weight").GetProperty("shape").GetArrayLength());
        Assert.Equal(30, result.GetProperty("measuredSamples").GetInt32());
        JsonElement fisher = result.GetProperty("spectra").EnumerateArray().First(static spectrum => spectrum.GetProperty("operator").GetString() is "fisher");
        Assert.Equal("gauss-newton", fisher.GetProperty("sameAs").GetString());
    }

    [Theory]
    [InlineData("training")]
    [InlineData("epoch 0: hessian 2.weight")]
    [InlineData("epoch 30: hessian 2.weight")]
    [InlineData("final: layers")]
    public void The_JSON_of_an_interrupted_run_is_what_the_published_schema_says(string moment)
    {
        using CancellationTokenSource source = new();
        Report report = Study.Run(Small with { Width = 60 }, Settings(), TimeProvider.System, new StopAt(source, moment), source.Token);
        Assert.True(report.IsPartial);
        AssertFollowsTheSchema(report);
    }

    [Fact]
    public void A_study_in_float32_converges_to_what_float32_can_resolve()
    {
        Report report = Run(Small with { Width = 40, Epochs = 20 }, Settings() with { Precision = "float32" });
        Assert.True(Result(report).Converged, string.Join(' ', Result(report).Spectra.Select(static spectrum => spectrum.Message)));
        using JsonDocument document = JsonDocument.Parse(Json(report));
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
        Assert.Equal(1e-5, document.RootElement.GetProperty("config").GetProperty("tolerance").GetDouble());
    }

    [Fact]
    public void A_network_too_large_to_measure_is_refused_before_training_with_what_fits()
    {
        string message = Assert.Throws<UsageException>(() => Run(Small with { Width = 20000, Depth = 4 })).Message;
        Assert.Contains("--width 20000 with --depth 4", message, StringComparison.Ordinal);
        int fits = int.Parse(System.Text.RegularExpressions.Regex.Match(message, @"--width (\d+) fits").Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        // Depth 4: two hidden squares dominate; (20 + 104) vectors of p numbers reach 2³¹.
        Assert.Equal(Math.Sqrt(Math.Pow(2, 31) / 124 / 2), fits, 100.0);
        Assert.Contains("--top 100000", Assert.Throws<UsageException>(() => Run(Small with { Top = 100_000, Width = 500 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_that_the_width_forbids_is_not_looked_for()
    {
        Report report = Run(Small with { Width = 1, Depth = 2, Epochs = 20 });
        StudyResult result = Result(report);
        Assert.Equal(1, result.LogitRank);
        Assert.Single(result.Attempts);
        Assert.DoesNotContain(report.Findings, static finding => finding.Contains("lower rank", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_classes_make_NC2_vacuous_and_say_so()
    {
        string path = Path.Combine(_folder, "two.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 40).Select(static i => FormattableString.Invariant($"{Math.Sin(i) + (i % 2)},{Math.Cos(3 * i)},{i % 2}")));
        Report report = Run(Small with { Data = path, TestFraction = 0.0, Epochs = 5 });
        CollapseReport collapse = Result(report).Layers[0].Input.Collapse;
        Assert.False(collapse.Nc2Equinorm.IsDefined);
        Assert.Equal("vacuous for two classes", collapse.Nc2Equinorm.Reason);
        Assert.Contains("\"nc2EquinormReason\": \"vacuous for two classes\"", Json(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_before_the_first_step_is_a_partial_report()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Report report = Study.Run(Small, Settings(), TimeProvider.System, null, source.Token);
        Assert.True(report.IsPartial);
        Assert.False(report.IsConverged);
        Assert.Contains("interrupted", report.Findings[0], StringComparison.Ordinal);
        Assert.True(Result(report).Partial);
        Assert.Equal("interrupted", Result(report).Attempts[^1].Status);
        using JsonDocument document = JsonDocument.Parse(Json(report));
        Assert.True(document.RootElement.GetProperty("result").GetProperty("partial").GetBoolean());
    }

    [Fact]
    public void Cancelled_within_a_density_keeps_the_spectrum_it_was_of()
    {
        using CancellationTokenSource source = new();
        StopAt progress = new(source, "epoch 60: density of hessian");
        Report report = Study.Run(Small with { Width = 60, Density = true }, Settings(), TimeProvider.System, progress, source.Token);
        Assert.True(report.IsPartial);
        SpectrumReport full = Assert.Single(Result(report).Spectra, static spectrum => spectrum.Scope == "all");
        Assert.Equal("converged", full.Status);
        Assert.Null(full.Density);
        AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Cancelled_while_measuring_keeps_what_was_measured()
    {
        using CancellationTokenSource source = new();
        StopAt progress = new(source, "epoch 30: hessian 2.weight");
        Report report = Study.Run(Small with { Width = 60 }, Settings(), TimeProvider.System, progress, source.Token);
        Assert.True(report.IsPartial);
        Assert.Equal("finished", Result(report).Attempts[^1].Status);
        Assert.Contains(Result(report).Trajectory.SelectMany(static point => point.Spectra), static spectrum => spectrum.Status == "interrupted");
        Assert.Equal(4, Result(report).Trajectory[0].Spectra.Count);
        Assert.Empty(Result(report).Spectra);
    }

    [Fact]
    public void A_run_that_diverges_starts_again_at_a_lower_rate_and_reports_every_attempt()
    {
        // At this rate the quadratic's steps overshoot by far; after a few quarterings they do not.
        StudyResult result = Result(Run(Small with { LearningRate = 40.0, Width = new StudyOptions().Width, Depth = 1, Schedule = "constant", Restarts = 12, Epochs = 200 }));
        Assert.True(result.Attempts.Count > 1);
        Assert.All(result.Attempts.SkipLast(1), static attempt => Assert.Equal("diverged", attempt.Status));
        Assert.Equal(result.Attempts[0].LearningRate / 4, result.Attempts[1].LearningRate);
        Assert.Single(result.Attempts, static attempt => attempt.IsReported);
    }

    [Fact]
    public void Divergence_in_every_attempt_is_one_line()
    {
        RunFailedException failure = Assert.Throws<RunFailedException>(() => Run(Small with { LearningRate = 1e9, Restarts = 1 }));
        Assert.Contains("diverged in all 2 attempts", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_last_step_that_leaves_no_finite_features_is_a_divergence_and_not_a_defect()
    {
        // One step over all samples: the loss before it is finite, the features after it are not.
        StudyOptions options = Small with { LearningRate = 1e200, Epochs = 1, BatchSize = 0, MeasureEvery = 0, Restarts = 0, Schedule = "constant" };
        Recorder progress = new();
        RunFailedException failure = Assert.Throws<RunFailedException>(() => Study.Run(options, Settings(), TimeProvider.System, progress, CancellationToken.None));
        Assert.Contains("diverged in all 1 attempts", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(progress.Seen);
        Assert.All(progress.Seen, static step => Assert.EndsWith("NC1 undefined", step.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_decay_that_leaves_no_rank_is_a_result_after_all_restarts()
    {
        Report report = Run(Small with { WeightDecay = 1.0, Restarts = 2, Epochs = 200 });
        StudyResult result = Result(report);
        Assert.Equal(3, result.Attempts.Count);
        Assert.Equal(0, result.LogitRank);
        Assert.Equal(Math.Sqrt(2.0), result.Attempts[1].InitScale, 1e-15);
        Assert.Contains(report.Findings, static finding => finding.Contains("lower rank", StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_of_the_options_come_in_one_line_before_any_work()
    {
        StudyOptions wrong = Small with { Width = 0, Depth = -1, WeightDecay = -1.0, Loss = "hinge", LearningRate = double.NaN };
        string message = Assert.Throws<UsageException>(() => Run(wrong)).Message;
        Assert.All(["--width", "--depth", "--weight-decay", "--loss", "--learning-rate"], option => Assert.Contains(option, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
        Assert.Contains("digts", Assert.Throws<UsageException>(() => Run(Small with { Data = "digts" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_hold_orthonormal_eigenvectors_and_the_parameters()
    {
        Report report = Run(Small with { Epochs = 5, Bottom = 2, Width = 40 });
        Assert.False(report.Arrays.IsValueCreated);
        string path = Path.Combine(_folder, "arrays.npz");
        ArraysFile.Write(path, report.Arrays.Value);
        NpyArray vectors = NpzFile.Read(path, "hessian/2.weight/eigenvectors");
        double[] values = vectors.ToDoubles();
        int columns = vectors.Shape[1];
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = Enumerable.Range(0, columns).Sum(c => values[(i * columns) + c] * values[(j * columns) + c]);
                Assert.Equal(i == j ? 1.0 : 0.0, product, 1e-12);
            }
        }
        Assert.Equal([40, 10], NpzFile.Read(path, "parameter/1.weight").Shape);
        Assert.Equal([3, 40], NpzFile.Read(path, "layer/3/class-means").Shape);
        // The trace of the AGOP is the sum of the eigenvalues reported for it.
        NpyArray agop = NpzFile.Read(path, "layer/3/agop");
        Assert.Equal([40, 40], agop.Shape);
        double trace = Enumerable.Range(0, 40).Sum(i => agop.ToDoubles()[i * 41]);
        Assert.Equal(Result(report).Layers[2].Agop.Eigenvalues!.Sum(), trace, 1e-12 * trace);
        NpyArray smallest = NpzFile.Read(path, "hessian/all/smallest-eigenvectors");
        Assert.Equal([2, Result(report).Parameters], smallest.Shape);
        Assert.Equal(1.0, smallest.ToDoubles().Take(smallest.Shape[1]).Sum(static value => value * value), 1e-12);
        Assert.Equal(Result(report).Spectra.Single(static spectrum => spectrum is { Operator: "hessian", Scope: "all" }).Smallest, NpzFile.Read(path, "hessian/all/smallest").ToDoubles());
    }

    private static RunSettings Settings() => new() { Threads = 2 };

    private static Report Run(StudyOptions options, RunSettings? settings = null) =>
        Study.Run(options, settings ?? Settings(), TimeProvider.System, null, CancellationToken.None);

    private static StudyResult Result(Report report) => (StudyResult)report.Result;

    private static string Json(Report report)
    {
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    // Wall-clock seconds are all that may differ between two runs.
    private static string Numbers(Report report) => System.Text.RegularExpressions.Regex.Replace(Json(report), "\"seconds\": [^,]*,", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    private static void AssertFollowsTheSchema(Report report)
    {
        using JsonDocument document = JsonDocument.Parse(Json(report));
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
    }

    private sealed class Recorder : IProgress<RunProgress>
    {
        public List<RunProgress> Seen { get; } = [];

        public void Report(RunProgress value) => Seen.Add(value);
    }

    private sealed class StopAt(CancellationTokenSource source, string moment) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Detail.StartsWith(moment, StringComparison.Ordinal) || string.Equals(value.Phase, moment, StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
