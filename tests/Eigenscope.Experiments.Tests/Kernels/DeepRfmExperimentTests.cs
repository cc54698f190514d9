using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Kernels;

/// <summary>Deep RFM from options to report.</summary>
public sealed class DeepRfmExperimentTests : IDisposable
{
    private static readonly DeepRfmRunOptions Small = new() { Samples = 200, Layers = 3, Width = 48 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_layer_on_the_digits_is_that_of_independent_code()
    {
        // Computed in NumPy for the whole set: standardised per pixel by the unbiased deviation, ±1 targets, Laplace's kernel of bandwidth 2, ridge 10⁻³; known to six digits, and nothing in it is random.
        const double SixDigits = 1e-5;
        DeepRfmLayerReport layer = Assert.Single(KernelRuns.Layers(KernelRuns.Run(new DeepRfmRunOptions { Layers = 1, Width = 8 })).Layers);

        AssertNear(1.67605, layer.Stages.X.Nc1TraceRatio.Value, SixDigits);
        AssertNear(0.565333, layer.Stages.Mx.Nc1TraceRatio.Value, SixDigits);
        AssertNear(0.0566414, layer.Stages.X.Nc2SimplexDistance.Value, SixDigits);
        AssertNear(0.0675696, layer.Stages.Mx.Nc2SimplexDistance.Value, SixDigits);
        double[] eigenvalues = [5.21421, 4.19950, 3.83625, 3.50091, 3.18625, 2.28203];
        for (int i = 0; i < eigenvalues.Length; i++)
            AssertNear(eigenvalues[i], layer.Agop.Eigenvalues![i], SixDigits);
        Assert.Equal(layer.Agop.Eigenvalues!.Sum(), layer.Agop.Trace.Value!.Value, 1e-9);
        AssertNear(0.565333 / 1.67605, layer.Factors.Root.Value, 2 * SixDigits);
    }

    [Fact]
    public void The_metric_collapses_and_the_features_do_not()
    {
        DeepRfmResult result = KernelRuns.Layers(KernelRuns.Run(new DeepRfmRunOptions { Samples = 600, Layers = 5, Width = 256 }));

        Assert.Equal([1, 2, 3, 4, 5], result.Layers.Select(static layer => layer.Layer));
        Assert.Equal([64, 256, 256, 256, 256], result.Layers.Select(static layer => layer.Dimension));
        Assert.All(result.Layers, static layer => Assert.InRange(layer.Factors.Root.Value!.Value, 0.0, 0.8));
        Assert.All(result.Layers, static layer => Assert.InRange(layer.Factors.Features.Value!.Value, 1.0, 2.0));
        double[] inputs = [.. result.Layers.Select(static layer => Math.Log(layer.Stages.X.Nc1TraceRatio.Value!.Value))];
        Assert.InRange((inputs[1] - inputs[^1]) / 3.0, 0.6, 1.4);
        Assert.All(result.Layers, static layer => Assert.Equal(1.0, layer.TrainAccuracy));
        Assert.True(result.Converged);
    }

    [Theory]
    [InlineData("laplace", "relu", "full", "4GB")]
    [InlineData("gaussian", "cosine", "diagonal", "4GB")]
    [InlineData("power", "relu", "full", "100kB")]
    [InlineData("quadratic", "relu", "full", "4GB")]
    public void The_JSON_is_what_the_published_schema_says(string kernel, string features, string metric, string memory)
    {
        // A quadratic form of unit rows has far fewer dimensions than there are samples: only a ridge makes its matrix regular.
        KernelMachineOptions machine = Small.Machine with { Kernel = kernel, Metric = metric, Memory = memory, Ridge = kernel is "quadratic" ? 0.1 : 1e-3 };
        Report report = KernelRuns.Run(Small with { TestFraction = 0.25, Features = features, Machine = machine, RfmIterations = 2 });

        JsonElement result = KernelRuns.AssertFollowsTheSchema(report).GetProperty("result");

        JsonElement layer = result.GetProperty("layers")[2];
        Assert.True(layer.GetProperty("testAccuracy").GetDouble() > 0.5);
        Assert.Equal(memory is "100kB" ? "conjugate-gradients" : "cholesky", layer.GetProperty("solver").GetProperty("method").GetString());
        Assert.Equal(3 * 5, report.Arrays.Value.Count);
        Assert.Equal([48, 48], report.Arrays.Value.Single(static array => array.Name is "layer/2/agop").Shape);
    }

    [Fact]
    public void Same_seed_gives_the_same_numbers_another_one_other_features()
    {
        static double[] Numbers(Report report) => [.. KernelRuns.Layers(report).Layers.SelectMany(static layer => new[] { layer.Stages.X.Nc1TraceRatio.Value!.Value, layer.Stages.Phi.Nc1TraceRatio.Value!.Value })];
        double[] first = Numbers(KernelRuns.Run(Small)), other = Numbers(DeepRfmExperiment.Run(Small, KernelRuns.Settings with { Seed = 1 }, TimeProvider.System, null, CancellationToken.None));

        Assert.Equal(first, Numbers(KernelRuns.Run(Small)));
        Assert.Equal(first[0], other[0]);
        Assert.All(Enumerable.Range(1, first.Length - 1), i => Assert.NotEqual(first[i], other[i]));
    }

    [Theory]
    [InlineData("layer 1 of", 0)]
    [InlineData("layer 3 of", 2)]
    public void An_interrupted_run_keeps_the_layers_that_were_finished(string moment, int layers)
    {
        using CancellationTokenSource source = new();
        Report report = DeepRfmExperiment.Run(Small, KernelRuns.Settings, TimeProvider.System, new KernelRuns.StopAt(source, moment), source.Token);

        Assert.True(report.IsPartial);
        Assert.Null(report.SaveModel);
        Assert.Equal(layers, KernelRuns.Layers(report).Layers.Count);
        Assert.StartsWith("The run was interrupted", report.Findings[0], StringComparison.Ordinal);
        Assert.True(KernelRuns.AssertFollowsTheSchema(report).GetProperty("result").GetProperty("partial").GetBoolean());
        Assert.True(report.Page!.Value.IsPartial);
    }

    [Fact]
    public void Equal_points_without_a_ridge_are_told_as_the_solver_tells_them()
    {
        string data = _folder.Write("twins.csv", "1,2,0\n1,2,1\n3,4,0\n3,1,1\n");

        string message = Assert.Throws<RunFailedException>(() => KernelRuns.Run(new DeepRfmRunOptions { Data = data, Machine = Small.Machine with { Ridge = 0.0 } })).Message;

        Assert.StartsWith("layer 1: the kernel matrix of 4 points plus the ridge 0 is not positive definite", message, StringComparison.Ordinal);
        Assert.Contains("points 0 and 1 coincide", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_that_are_all_equal_have_no_gradient_to_learn_from()
    {
        string data = _folder.Write("constant.csv", "1,1,0\n1,1,1\n1,1,0\n1,1,1\n");

        Assert.Contains("gradient is zero", Assert.Throws<RunFailedException>(() => KernelRuns.Run(new DeepRfmRunOptions { Data = data })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_that_is_saved_classifies_the_samples_as_its_note_scales_them()
    {
        Report report = KernelRuns.Run(Small);
        report.SaveModel!(_folder["network.npz"]);

        Network network = Network.UnitNormChain([64, 48, 48, 48, 10], isCosine: false);
        (TrainingState state, string note) = Checkpoint.Load(_folder["network.npz"], network);
        using JsonDocument parsed = JsonDocument.Parse(note);
        double[] Numbers(string name) => [.. parsed.RootElement.GetProperty(name).EnumerateArray().Select(static value => value.GetDouble())];
        Dataset digits = EmbeddedDigits.Load().Take(200);
        Dataset scaled = new(digits.Name, digits.Source, new Standardization(Numbers("Means"), Numbers("Scales")).Apply(digits.Inputs), digits.Labels, digits.ClassNames);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        double accuracy = Objective.Create(network, scaled.AsSource(), new MeanSquaredError(TargetCoding.PlusMinusOne), compute, new ObjectiveOptions()).Evaluate(state.Parameters).Accuracy;

        Assert.True(accuracy > 0.98, $"{accuracy}");
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        DeepRfmRunOptions wrong = new() { Layers = 0, Width = 0, Features = "tanh", RfmIterations = 0, CauchyScale = -1.0, Machine = new KernelMachineOptions { Kernel = "rbf", Bandwidth = 0.0, Ridge = -1.0, AgopScaling = "most" } };

        string message = Assert.Throws<UsageException>(() => DeepRfmExperiment.Validate(wrong, KernelRuns.Settings with { Precision = "float32" })).Message;

        foreach (string option in (string[])["--layers", "--width", "--features", "--rfm-iterations", "--cauchy-scale", "--kernel", "--bandwidth", "--ridge", "--agop-scaling", "--precision"])
            Assert.Contains($"{option} must be ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,0\n3,4,0\n", null, "at least 2 are needed; the data has 1")]
    [InlineData("1,NaN,0\n3,4,1\n", null, "expected a finite number in column 2, got 'NaN'")]
    [InlineData("1,2,0\n3,4,1\n5,6,0\n", 1, "class 1 has no samples among the first 1")]
    [InlineData("1,2,0\n3,4,1\n5,6,0\n", 4, "--samples must be at most 3")]
    public void Data_that_cannot_be_used_is_refused(string content, int? samples, string expected)
    {
        string data = _folder.Write("data.csv", content);

        string message = Assert.Throws<UsageException>(() => KernelRuns.Run(new DeepRfmRunOptions { Data = data, Samples = samples })).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Arrays_are_what_NumPy_reads()
    {
        Report report = KernelRuns.Run(Small with { Layers = 1 });
        ArraysFile.Write(_folder["a.npz"], report.Arrays.Value);

        double[] agop = NpzFile.Read(_folder["a.npz"], "layer/1/agop").ToDoubles(), root = NpzFile.Read(_folder["a.npz"], "layer/1/root").ToDoubles();

        // Root times root is the AGOP over its largest entry.
        double largest = agop.Max();
        for (int i = 0; i < 64; i += 9)
        {
            for (int j = 0; j < 64; j += 7)
                Assert.Equal(agop[(64 * i) + j] / largest, Enumerable.Range(0, 64).Sum(k => root[(64 * i) + k] * root[(64 * k) + j]), 1e-12);
        }
    }

    [Fact]
    public void Average_gradient_outer_products_and_roots_are_kept_as_long_as_they_fit()
    {
        // Two layers of 2 × 48² numbers fit; the third does not, nor does a small one after it.
        const int Wide = 48, Small = 4;
        DeepRfmArrays arrays = new(mostBytes: 8 * 2 * 2 * Wide * Wide);
        int[] dimensions = [Wide, Wide, Wide, Small];
        for (int layer = 1; layer <= dimensions.Length; layer++)
        {
            int d = dimensions[layer - 1];
            arrays.Add(layer, new Tensor<double>(d, d), new Tensor<double>(d, d), new Tensor<double>(3, d), new Tensor<double>(3, d), new Tensor<double>(3, Wide));
        }

        Assert.Equal(3, arrays.FirstLeftOut);
        Assert.Equal(["layer/1/agop", "layer/1/root", "layer/2/agop", "layer/2/root"], arrays.All.Select(static array => array.Name).Where(static name => !name.Contains("class-means", StringComparison.Ordinal)));
        Assert.Equal(4 * 3, arrays.All.Count(static array => array.Name.Contains("class-means", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(60_000, 4)]
    [InlineData(4, 60_000)]
    public void A_width_whose_features_no_array_holds_is_refused_by_its_name(int train, int test)
    {
        static double[] Points(int count) => new double[2 * count];
        static long[] Labels(int count) => [.. Enumerable.Range(0, count).Select(static i => (long)(i % 2))];
        string data = _folder["wide.npz"];
        NpzFile.Write(
            data,
            [
                new("x", NpyArray.Create(Points(train), train, 2)), new("y", NpyArray.Create(Labels(train), train)),
                new("x_test", NpyArray.Create(Points(test), test, 2)), new("y_test", NpyArray.Create(Labels(test), test)),
            ]);

        string message = Assert.Throws<UsageException>(() => KernelRuns.Run(new DeepRfmRunOptions { Data = data, Width = 40_000 })).Message;

        // 2147483591 numbers at most in an array.
        Assert.Equal("--width 40000: so many features of each of 60000 samples are more than an array holds; 35791 fits", message);
    }

    [Theory]
    [InlineData(60_000, 4, "--data d: 60000 samples of 40000 numbers are more than an array holds; --samples 53687 fits")]
    [InlineData(4, 60_000, "--data d: 60000 test samples of 40000 numbers are more than an array holds; at most 53687 are")]
    public void Samples_that_no_array_holds_are_refused_whether_they_train_or_test(int train, int test, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => KernelData.RequireSize("d", train, test, 40_000)).Message);

    private static void AssertNear(double expected, double? actual, double tolerance) => Assert.InRange(actual!.Value, expected * (1 - tolerance), expected * (1 + tolerance));
}
