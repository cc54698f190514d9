using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.RecursiveFeatures;

/// <summary>Grokking of modular arithmetic by recursive feature machines: the course of arXiv 2407.20199, and its first step against a slow reference.</summary>
public sealed class GrokTests
{
    private static readonly RunSettings Settings = new() { Threads = 2 };

    /// <summary>p = 61: at chance until iteration 8, above 90 % between 11 and 19, above 99 % by 25, as in runs of an independent program; the training pairs are fitted to rounding throughout.</summary>
    [Fact]
    public void Modulo_61_generalises_suddenly_and_late()
    {
        GrokOperationReport report = Run(new GrokOptions { Operation = "divide", Iterations = 25 });

        Assert.All(report.Iterations.Take(9), point => Assert.InRange(point.TestAccuracy, 0.0, 2.0 * report.Chance));
        Assert.InRange(report.FirstAbove90.Value!.Value, 11.0, 19.0);
        Assert.InRange(report.FirstAbove99.Value!.Value, 11.0, 25.0);
        AssertCourse(report);
    }

    /// <summary>A smaller modulus leaves up to a tenth unanswered (an independent program ends at 90 to 97 %, six draws), and has the same course; features move before accuracy does.</summary>
    [Theory]
    [InlineData("add", "quadratic")]
    [InlineData("subtract", "quadratic")]
    [InlineData("multiply", "quadratic")]
    [InlineData("add", "gaussian")]
    public void Modulo_43_follows_the_same_course(string operation, string kernel)
    {
        GrokOperationReport report = Run(new GrokOptions { Operation = operation, Modulus = 43, Kernel = kernel });

        Assert.InRange(report.FirstAboveChance.Value!.Value, 8.0, 14.0);
        Assert.InRange(report.TestAccuracy, 0.8, 1.0);
        AssertCourse(report);
    }

    /// <summary>Kernel regression with M = I and the metric that follows from it, by elimination and by sums over all pairs.</summary>
    [Theory]
    [InlineData("add", ModularOperation.Add)]
    [InlineData("divide", ModularOperation.Divide)]
    public void The_first_iteration_is_that_of_a_slow_reference(string word, ModularOperation operation)
    {
        const int Modulus = 7;
        const ulong Seed = 5;
        const double Rounding = 1e-12;
        GrokOperationReport report = Run(new GrokOptions { Operation = word, Modulus = Modulus, Iterations = 1 }, Seed);
        RandomStream random = new RandomStream(Seed).Split("grok").Split(word).Split("pairs");
        (Dataset train, Dataset test) = ModularPairs.Split(ModularPairs.All(operation, Modulus), 0.5, random);
        SlowQuadratic reference = new(train);

        Assert.Equal(reference.Error(test), report.Iterations[0].TestLoss, Rounding);
        Assert.Equal(reference.Accuracy(test), report.Iterations[0].TestAccuracy);
        // The metric is the root of the centred AGOP, so that its square is what the reference has: the identity has the cosine tr(M)/(√d ‖M‖_F) with it, and ‖M‖_F² = tr(M²).
        double size = Math.Sqrt(Enumerable.Range(0, 2 * Modulus).Sum(i => reference.CentredAgop[i, i]));
        double trace = report.Iterations[0].AgopAlignment.Value!.Value * Math.Sqrt(2 * Modulus) * size;
        Assert.Equal(SlowQuadratic.RootTrace(reference.CentredAgop), trace, 1e-7);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        GrokOptions options = new() { Operation = "multiply", Modulus = 11, Iterations = 3 };
        Assert.Equal(Run(options, 1).Iterations, Run(options, 1).Iterations);
        Assert.NotEqual(Run(options, 1).Iterations, Run(options, 2).Iterations);
    }

    [Fact]
    public void An_interrupted_run_keeps_the_iterations_that_were_complete()
    {
        using CancellationTokenSource cancellation = new();
        GrokOptions options = new() { Operation = "all", Modulus = 11, Iterations = 6 };
        Interruption progress = new(cancellation, after: 10);
        Report report = Grok.Run(options, Settings, TimeProvider.System, progress, cancellation.Token);

        GrokResult result = (GrokResult)report.Result;
        Assert.True(report.IsPartial);
        Assert.False(report.IsConverged);
        Assert.Equal(["finished", "interrupted"], result.Operations.Select(static operation => operation.Status));
        Assert.Equal([7, 3], result.Operations.Select(static operation => operation.Iterations.Count));
        Assert.Equal("The run was interrupted: what follows is what was done so far.", report.Findings[0]);
        Assert.NotEmpty(report.Page!.Value.Sections);
    }

    [Fact]
    public void The_result_conforms_to_the_published_schema_and_the_arrays_hold_every_metric()
    {
        Report report = Grok.Run(new GrokOptions { Operation = "all", Modulus = 5, Iterations = 2 }, Settings, TimeProvider.System, null, CancellationToken.None);
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());

        Assert.Empty(PublishedSchema.Problems(document.RootElement));
        Assert.Equal("float64", report.Config["precision"]);
        Assert.Equal(["add/metrics", "subtract/metrics", "multiply/metrics", "divide/metrics"], report.Arrays.Value.Select(static array => array.Name));
        foreach (NamedArray array in report.Arrays.Value)
        {
            Assert.Equal([3, 10, 10], array.Shape);
            for (int i = 0; i < 100; i++)
                Assert.Equal(i % 11 == 0 ? 1.0 : 0.0, array.Values[i]);
        }
    }

    [Fact]
    public void A_kernel_matrix_that_is_not_positive_definite_is_told_with_what_to_do()
    {
        GrokOptions options = new() { Modulus = 11, Kernel = "gaussian", Bandwidth = 1e9 };

        RunFailedException failure = Assert.Throws<RunFailedException>(() => Run(options));

        Assert.Contains("--ridge", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Run(options with { Ridge = 1e-3, Iterations = 2 }).Iterations);
    }

    [Fact]
    public void A_learned_metric_that_cannot_be_solved_with_is_a_failure_with_what_came_before()
    {
        // The wider the kernel, the closer to singular its matrix; and a learned metric, smaller than the identity, widens it further. Where exactly depends on the machine's rounding.
        GrokOptions options = new() { Modulus = 11, Kernel = "gaussian", Bandwidth = 1500.0, Iterations = 2 };
        Report report = Learn(options);
        while (report.Failure is null)
        {
            options = options with { Bandwidth = 1.03 * options.Bandwidth };
            report = Learn(options);
        }

        GrokOperationReport operation = Assert.Single(((GrokResult)report.Result).Operations);
        Assert.Equal("not-positive-definite", operation.Status);
        Assert.InRange(operation.Iterations.Count, 1, options.Iterations);
        Assert.StartsWith("add: iteration ", report.Failure, StringComparison.Ordinal);
        Assert.Contains("is not positive definite", report.Failure, StringComparison.Ordinal);
        Assert.Equal((false, false), (report.IsConverged, report.IsPartial));

        static Report Learn(GrokOptions options) => Grok.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);
    }

    /// <summary>Inputs of both parts, the same again for all pairs or for maps, targets, outputs, and of the training pairs two times coefficients and maps: 10 p³ numbers of 8 bytes.</summary>
    [Theory]
    [InlineData(299, 0.2, 2.0)]
    [InlineData(215, 0.5, 0.75)]
    public void Pairs_of_the_largest_modulus_fit_into_two_gibibytes(int modulus, double fraction, double most)
    {
        double pairs = (double)modulus * modulus, inputs = pairs * 2 * modulus, outputs = pairs * modulus;

        double bytes = 8.0 * ((2 * inputs) + (2 * outputs) + (2 * fraction * (inputs + outputs)));

        Assert.InRange(bytes / (1L << 30), 0.0, most);
        Grok.Validate(new GrokOptions { Modulus = modulus, TrainFraction = fraction }, Settings);
    }

    private static void AssertCourse(GrokOperationReport report)
    {
        const double Fitted = 1e-20;
        Assert.Equal("finished", report.Status);
        Assert.InRange(report.LargestTrainLoss, 0.0, Fitted);
        Assert.All(report.Iterations, static point => Assert.Equal(1.0, point.TrainAccuracy));
        GrokIterationReport before = report.Iterations[(int)report.FirstAboveChance.Value!.Value - 1], last = report.Iterations[^1];
        Assert.False(report.Iterations[0].CirculantDeviation.IsDefined);
        Assert.True(report.Iterations[1].CirculantDeviation.Value > 0.3);
        Assert.InRange(before.CirculantDeviation.Value!.Value, 0.0, 0.25);
        Assert.InRange(last.CirculantDeviation.Value!.Value, 0.0, 0.06);
        Assert.Equal(1.0, last.AgopAlignment.Value!.Value, 1e-12);
        for (int t = 1; t < report.Iterations.Count; t++)
            Assert.True(report.Iterations[t].AgopAlignment.Value > report.Iterations[t - 1].AgopAlignment.Value - 0.01);
    }

    private static GrokOperationReport Run(GrokOptions options, ulong seed = 0) =>
        Assert.Single(((GrokResult)Grok.Run(options, Settings with { Seed = seed }, TimeProvider.System, null, CancellationToken.None).Result).Operations);

    private sealed class Interruption(CancellationTokenSource cancellation, int after) : IProgress<RunProgress>
    {
        private int _reports;

        public void Report(RunProgress value)
        {
            Assert.InRange(value.Fraction, 0.0, 1.0);
            if (++_reports == after)
                cancellation.Cancel();
        }
    }
}
