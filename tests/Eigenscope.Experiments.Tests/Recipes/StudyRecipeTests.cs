using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Tests.Recipes;

/// <summary>What the options of a study mean, and that nothing wrong with them is left to be found after training.</summary>
public sealed class StudyRecipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;
    private static readonly StudyOptions Small = new() { Data = "gaussian", Width = 6, Depth = 3, Epochs = 2, MeasureEvery = 0, Restarts = 0 };
    private static readonly StudyOptions Images = new() { Model = "vgg11", Channels = 2, Samples = 129, Epochs = 1 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2.wieght", "'2.wieght'")]
    [InlineData("1.weight,4", "'4'")]
    [InlineData("stage1.*", "'stage1.*'")]
    public void A_scope_that_names_nothing_is_refused_before_training(string scopes, string named)
    {
        string message = Refused(Small with { Scopes = scopes });
        Assert.StartsWith($"--scopes: no parameters are named {named}", message, StringComparison.Ordinal);
        Assert.Contains("2.weight", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter 'name'", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Every_operator_is_measured_on_every_scope_once()
    {
        Report report = Study.Run(Small with { Operators = "fisher,gauss-newton,hessian,hessian", Scopes = "all,1.weight,2,1.weight" }, new RunSettings { Threads = 2 }, TimeProvider.System, null, CancellationToken.None);
        StudyResult result = (StudyResult)report.Result;
        string[] expected =
        [
            "hessian 1.weight", "hessian 2.weight", "hessian 3.weight", "hessian all", "gauss-newton all", "fisher all",
            "gauss-newton 1.weight", "fisher 1.weight", "hessian 2", "gauss-newton 2", "fisher 2",
        ];
        Assert.Equal(expected, result.Spectra.Select(static spectrum => $"{spectrum.Operator} {spectrum.Scope}"));
        Assert.All(result.Spectra.Where(static spectrum => spectrum.Operator is "fisher"), static spectrum => Assert.Equal("gauss-newton", spectrum.SameAs));
        string[] names = [.. report.Arrays.Value.Select(static array => array.Name)];
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        Assert.Equal(["hessian", "gauss-newton", "fisher"], Assert.IsAssignableFrom<IReadOnlyList<string>>(report.Config["operators"]));
        Assert.Equal(["1.weight", "2"], Assert.IsAssignableFrom<IReadOnlyList<string>>(report.Config["scopes"]));
    }

    [Fact]
    public void More_steps_than_can_be_counted_are_refused_with_what_can()
    {
        int samples = Resolve(Small).Data.Train.SampleCount;
        int batches = (int)Math.Ceiling(samples / 7.0);
        string message = Refused(Small with { Epochs = int.MaxValue, BatchSize = 7 });
        Assert.Contains($"--epochs must be at most {int.MaxValue / batches} for {batches} batches", message, StringComparison.Ordinal);
        Assert.Equal(int.MaxValue, Resolve(Small with { Epochs = int.MaxValue, BatchSize = 0 }).Training.Epochs);
    }

    [Fact]
    public void A_last_batch_of_one_sample_is_refused_where_training_would_refuse_it()
    {
        Assert.Contains("--batch-size 128 leaves 1 of 129 training samples for the last batch", Refused(Images), StringComparison.Ordinal);
        Assert.Contains("--batch-size 127 fits", Refused(Images), StringComparison.Ordinal);
        Assert.Contains("--batch-size 0", Refused(Images with { BatchSize = 1 }), StringComparison.Ordinal);
        StudyPlan fits = Resolve(Images with { BatchSize = 127 });
        Assert.NotNull(Trainer(fits, 127));
        Assert.NotNull(Trainer(fits, 0));
        Assert.Throws<ArgumentException>(() => Trainer(fits, 128));
        Assert.Throws<ArgumentException>(() => Trainer(fits, 1));
        // Where images stay larger than one pixel, one sample has a variance.
        Assert.NotNull(Trainer(Resolve(Images with { Model = "resnet8" }), 128));
    }

    [Fact]
    public void More_samples_than_the_smallest_class_lets_be_balanced_are_refused_unless_all_are_measured()
    {
        string path = Path.Combine(_folder, "unequal.csv");
        // 5 of class 2, 28 and 27 of the others: 5 · 3 + 2 can be balanced.
        File.WriteAllLines(path, Enumerable.Range(0, 60).Select(static i => FormattableString.Invariant($"{Math.Sin(i)},{Math.Cos(3 * i)},{(i % 12 == 0 ? 2 : i % 2)}")));
        StudyOptions options = Small with { Data = path };
        Assert.Contains("--measure-samples must be at most 17, as many as the smallest class lets be balanced, or 60, all of them, got 18", Refused(options with { MeasureSamples = 18 }), StringComparison.Ordinal);
        Assert.Equal(17, Resolve(options with { MeasureSamples = 17 }).Measured.SampleCount);
        Assert.Equal(60, Resolve(options with { MeasureSamples = 60 }).Measured.SampleCount);
    }

    [Theory]
    [InlineData(7, null, new[] { 0, 4, 7 }, 4)]
    [InlineData(60, null, new[] { 0, 30, 60 }, 30)]
    [InlineData(1, null, new[] { 0, 1 }, 1)]
    [InlineData(0, null, new[] { 0 }, 0)]
    [InlineData(7, 3, new[] { 0, 3, 6, 7 }, 3)]
    [InlineData(7, 0, new[] { 0, 7 }, 0)]
    public void Points_to_measure_at_are_as_far_apart_as_is_written_down(int epochs, int? every, int[] expected, int written)
    {
        StudyPlan plan = Resolve(Small with { Epochs = epochs, MeasureEvery = every });
        Assert.Equal(expected, plan.MeasuredEpochs);
        Assert.Equal(written, Config(plan)["measureEvery"]);
    }

    [Fact]
    public void What_was_used_is_written_down_and_what_acts_on_nothing_is_null()
    {
        IReadOnlyDictionary<string, object?> perceptron = Config(Resolve(Small));
        Assert.All(["channels", "headDepth", "headWidth", "headActivation"], name => Assert.Null(perceptron[name]));
        Assert.Equal((6, 3, true, "relu", 0.0, "one-hot", 64, "cosine", "5GB", 0), (perceptron["width"], perceptron["depth"], perceptron["biases"], perceptron["activation"], perceptron["dropout"], perceptron["targets"], perceptron["batchSize"], perceptron["schedule"], perceptron["memory"], perceptron["bottom"]));
        Assert.Equal(20, perceptron["top"]);
        Assert.Equal(101, Config(Resolve(new StudyOptions { Epochs = 1 }))["top"]);

        IReadOnlyDictionary<string, object?> single = Config(Resolve(new StudyOptions { Data = "gaussian", Depth = 1, Loss = "cross-entropy", Optimizer = "lbfgs", Operators = "fisher", Memory = "1MB" }));
        Assert.All(["width", "activation", "dropout", "targets", "learningRate", "momentum", "schedule", "batchSize", "bottom"], name => Assert.Null(single[name]));
        Assert.Equal((1, "1MB"), (single["depth"], single["memory"]));

        IReadOnlyDictionary<string, object?> images = Config(Resolve(new StudyOptions { Model = "resnet8", Samples = 60, Epochs = 1 }));
        Assert.All(["width", "depth", "biases", "headWidth", "headActivation", "dropout"], name => Assert.Null(images[name]));
        Assert.Equal((16, 1, 0, 20), (images["channels"], images["headDepth"], images["measureEvery"], images["top"]));
        Assert.Equal(3, Config(Resolve(new StudyOptions { Model = "resnet8", Channels = 3, HeadDepth = 2, HeadWidth = 5, Dropout = 0.5, Samples = 60, Epochs = 1 }))["channels"]);
    }

    [Fact]
    public void Without_operators_what_acts_on_spectra_alone_is_refused_and_not_written_down()
    {
        StudyOptions none = Small with { Operators = "none" };
        string message = Refused(none with { Scopes = "1.weight", Top = 30, Tolerance = 1e-3, Bottom = 1, Density = true, IncludeWeightDecay = true });
        Assert.All(["--scopes", "--top", "--tolerance", "--bottom", "--density", "--include-weight-decay"], option => Assert.Contains($"{option} must be left out", message, StringComparison.Ordinal));
        IReadOnlyDictionary<string, object?> used = Config(Resolve(none));
        Assert.All(["top", "tolerance", "bottom", "density", "includeWeightDecay"], name => Assert.Null(used[name]));
        Assert.Empty(Assert.IsAssignableFrom<IReadOnlyList<string>>(used["operators"]));
        Assert.Contains("--operators must be", Refused(Small with { Operators = "none,hessian" }), StringComparison.Ordinal);

        // At convolutions AGOPs are iterated for in any case.
        Assert.Equal(30, Config(Resolve(new StudyOptions { Model = "resnet8", Samples = 60, Epochs = 1, Operators = "none", Top = 30 }))["top"]);
    }

    [Fact]
    public void How_weights_start_and_what_the_ansatz_is_are_checked_and_written_down()
    {
        IReadOnlyDictionary<string, object?> used = Config(Resolve(Small with { Init = "xavier-uniform", InitScale = 0.1, NfaExponent = 0.25, AgopCentred = true }));
        Assert.Equal(("xavier-uniform", 0.1, 0.25, true), (used["init"], used["initScale"], used["nfaExponent"], used["agopCentred"]));
        string message = Refused(Small with { Init = "glorot", NfaExponent = 0.0 });
        Assert.Contains("--init must be lecun-normal or xavier-uniform, got 'glorot'", message, StringComparison.Ordinal);
        Assert.Contains("--nfa-exponent must be a positive finite number, got 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_memory_that_is_written_down_is_the_library_s_own_default()
    {
        ObjectiveOptions standard = new();
        ObjectiveOptions used = Resolve(Small).Objective;
        Assert.Equal((standard.ActivationBudget, standard.JacobianBudget), (used.ActivationBudget, used.JacobianBudget));
    }

    [Fact]
    public void Samples_that_change_between_reads_end_the_run_before_training()
    {
        StudyPlan plan = Resolve(Small);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Objective restless = Objective.Create(plan.Network, new RestlessSource(plan.Data.Train), plan.Loss, compute, plan.Objective);
        Objective calm = Objective.Create(plan.Network, plan.Data.Train.AsSource(), plan.Loss, compute, plan.Objective);
        Study.RequireDeterministic(plan, calm, new RandomStream(0));
        RunFailedException failure = Assert.Throws<RunFailedException>(() => Study.RequireDeterministic(plan, restless, new RandomStream(0)));
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_start_without_a_finite_loss_is_a_divergence_and_nothing_else()
    {
        RunFailedException failure = Assert.Throws<RunFailedException>(() => Study.Run(Small with { InitScale = 1e200 }, new RunSettings { Threads = 2 }, TimeProvider.System, null, CancellationToken.None));
        Assert.Contains("diverged in all 1 attempts", failure.Message, StringComparison.Ordinal);
    }

    private static StudyPlan Resolve(StudyOptions options) => StudyRecipe.Resolve(options, new RunSettings { Threads = 2 }, new RandomStream(0));

    private static string Refused(StudyOptions options) => Assert.Throws<UsageException>(() => Resolve(options)).Message;

    private static IReadOnlyDictionary<string, object?> Config(StudyPlan plan) => StudyConfig.Describe(plan, new RunSettings(), threads: 2);

    private static Trainer Trainer(StudyPlan plan, int batch)
    {
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Objective objective = Objective.Create(plan.Network, plan.Data.Train.AsSource(), plan.Loss, compute, plan.Objective);
        return new Trainer(objective, plan.Decay, plan.Training with { BatchSize = batch }, new RandomStream(0));
    }

    /// <summary>A data set's samples, each read a little larger than the one before.</summary>
    private sealed class RestlessSource(Dataset data) : SampleSource("restless", data.SampleCount, data.Dimension)
    {
        private int _reads;

        protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
        {
            data.Inputs.Span.Slice(start * data.Dimension, count * data.Dimension).CopyTo(inputs);
            data.Labels.AsSpan(start, count).CopyTo(labels);
            inputs[0] += Interlocked.Increment(ref _reads);
            return count;
        }
    }
}
