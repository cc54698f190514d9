using System.Globalization;
using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Kernels;

/// <summary>A recursive feature machine from options to report.</summary>
public sealed class RfmExperimentTests : IDisposable
{
    private static readonly RfmRunOptions Small = new() { Data = "gaussian", Iterations = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Iteration_0_is_plain_kernel_ridge_regression()
    {
        RfmRunOptions options = Small with { Standardize = true, Machine = Small.Machine with { Bandwidth = 3.0, Ridge = 0.05 } };
        RfmPlan plan = RfmRecipe.Resolve(options, KernelRuns.Settings, new RandomStream(KernelRuns.Settings.Seed).Split("rfm"));

        RfmIterationReport plain = KernelRuns.Machine(KernelRuns.Run(options)).Iterations[0];

        double[][] alpha = Solve(plan.Train, 3.0, 0.05);
        (double loss, double error) = Score(plan.Train, plan.Test!, alpha, 3.0);
        (double trainLoss, double trainError) = Score(plan.Train, plan.Train, alpha, 3.0);
        const double Tolerance = 1e-10;
        Assert.Equal(loss, plain.TestLoss.Value!.Value, Tolerance);
        Assert.Equal(trainLoss, plain.TrainLoss.Value!.Value, Tolerance);
        Assert.Equal(error, plain.TestError.Value!.Value, Tolerance);
        Assert.Equal(trainError, plain.TrainError.Value!.Value, Tolerance);
    }

    [Fact]
    public void A_fifth_of_each_class_tests_unless_asked_otherwise()
    {
        // Three classes of 40.
        Report report = KernelRuns.Run(Small);
        RfmResult result = KernelRuns.Machine(report);

        Assert.Equal(0.2, report.Config["testFraction"]);
        Assert.Equal((96, 24, 0), (result.Samples, result.TestSamples, result.ValidationSamples));
        Assert.Equal((2, "finished"), (result.Best, result.Ending));
        Assert.Equal(3, result.Iterations.Count);
        Assert.Equal("no samples were set aside for validation", result.Iterations[0].ValidationLoss.Reason);
        Assert.Equal(0, KernelRuns.Machine(KernelRuns.Run(Small with { TestFraction = 0.0 })).TestSamples);
    }

    [Fact]
    public void The_iteration_is_chosen_by_the_validation_loss()
    {
        RfmResult result = KernelRuns.Machine(KernelRuns.Run(Small with { Data = "digits", Samples = 400, ValidationFraction = 0.25, Iterations = 6, Patience = 2 }));

        double[] losses = [.. result.Iterations.Select(static iteration => iteration.ValidationLoss.Value!.Value)];
        Assert.Equal(Array.IndexOf(losses, losses.Min()), result.Best);
        Assert.True(result.Ending is "finished" or "stopped-early", result.Ending);
        Assert.Equal(result.Ending is "stopped-early", result.Iterations.Count < 7);
        Assert.True(result.Converged);
    }

    [Fact]
    public void The_standard_error_is_the_binomial_one_and_missing_where_that_says_nothing()
    {
        RfmIterationReport[] iterations = [.. KernelRuns.Machine(KernelRuns.Run(Small with { Data = "digits", Samples = 300 })).Iterations];

        foreach (RfmIterationReport iteration in iterations)
        {
            double error = iteration.TestError.Value!.Value;
            if (error > 0.0)
                Assert.Equal(error * (1 - error) / 60, Math.Pow(iteration.TestErrorStandardError.Value!.Value, 2), 1e-3 * error);
            else
                Assert.Contains("at 95 % the share is below 0.05", iteration.TestErrorStandardError.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("laplace", "full", false, "largest-entry")]
    [InlineData("quadratic", "diagonal", true, "none")]
    public void The_JSON_is_what_the_published_schema_says(string kernel, string metric, bool centred, string scaling)
    {
        KernelMachineOptions machine = new() { Kernel = kernel, Metric = metric, AgopCentred = centred, AgopScaling = scaling, AgopExponent = 0.5, Ridge = 0.1 };
        Report report = KernelRuns.Run(Small with { Machine = machine, Targets = "plus-minus-one", ValidationFraction = 0.2 });

        JsonElement result = KernelRuns.AssertFollowsTheSchema(report).GetProperty("result");

        Assert.Equal(3, result.GetProperty("iterations").GetArrayLength());
        Assert.Equal(10, result.GetProperty("agop").GetProperty("eigenvalues").GetArrayLength());
        Assert.Equal(result.GetProperty("agop").GetProperty("trace").GetDouble(), result.GetProperty("agopDiagonal").EnumerateArray().Sum(static value => value.GetDouble()), 1e-12);
    }

    [Fact]
    public void Real_targets_are_fitted_and_tested()
    {
        // y = sin x₀, x₁ … x₃ of no importance: the metric learns that.
        string data = Regression(220);

        Report report = KernelRuns.Run(new RfmRunOptions { Data = data, Regression = true, Iterations = 3, Machine = new KernelMachineOptions { Kernel = "gaussian", AgopScaling = "largest-entry" } });

        RfmResult result = KernelRuns.Machine(report);
        Assert.Equal("regression", KernelRuns.AssertFollowsTheSchema(report).GetProperty("result").GetProperty("task").GetString());
        Assert.Equal((176, 44, 1), (result.Samples, result.TestSamples, result.Outputs));
        Assert.False(result.Iterations[0].TestError.IsDefined);
        Assert.True(result.Iterations[^1].TestLoss.Value < 0.5 * result.Iterations[0].TestLoss.Value);
        Assert.True(result.Iterations[^1].TestExplained!.Value.Value > 0.95);
        Assert.True(result.AgopDiagonal![0] > 0.9 * result.Agop.Trace.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_machine_that_was_saved_and_loaded_predicts_as_before(bool standardize)
    {
        string data = Classes();
        RfmRunOptions options = new() { Data = data, Iterations = 2, Standardize = standardize };
        Report fitted = KernelRuns.Run(options);
        Assert.Null(fitted.Config["testFraction"]);
        fitted.SaveModel!(_folder["machine.npz"]);

        Report loaded = KernelRuns.Run(new RfmRunOptions { Data = data, Load = _folder["machine.npz"] });

        RfmIterationReport only = Assert.Single(KernelRuns.Machine(loaded).Iterations), last = KernelRuns.Machine(fitted).Iterations[^1];
        Assert.Equal(last.TestLoss, only.TestLoss);
        Assert.Equal(last.TestError, only.TestError);
        Assert.Equal(("loaded", 40, 0), (KernelRuns.Machine(loaded).Ending, KernelRuns.Machine(loaded).TestSamples, KernelRuns.Machine(loaded).TestSamplesSeen));
        Assert.Equal(standardize, loaded.Config["standardize"]);
        KernelRuns.AssertFollowsTheSchema(loaded);
    }

    [Fact]
    public void A_machine_tested_on_its_own_samples_says_so()
    {
        KernelRuns.Run(Small with { TestFraction = 0.25 }).SaveModel!(_folder["machine.npz"]);

        Report report = KernelRuns.Run(new RfmRunOptions { Data = "gaussian", Load = _folder["machine.npz"] });

        Assert.Equal((120, 90), (KernelRuns.Machine(report).TestSamples, KernelRuns.Machine(report).TestSamplesSeen));
        Assert.Contains(report.Findings, static finding => finding.StartsWith("90 of the 120 test samples coincide with training samples", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused()
    {
        KernelRuns.Run(Small with { Iterations = 0 }).SaveModel!(_folder["machine.npz"]);

        Assert.Contains("the machine takes samples of 10 numbers, those of digits have 64", Refused(new RfmRunOptions { Load = _folder["machine.npz"] }), StringComparison.Ordinal);
        Assert.Contains("no such file", Refused(new RfmRunOptions { Load = _folder["nowhere.npz"] }), StringComparison.Ordinal);
        Assert.Contains("an NPZ file", Refused(new RfmRunOptions { Load = _folder.Write("a.npz", "text") }), StringComparison.Ordinal);
        Assert.Contains("--regression", Refused(new RfmRunOptions { Data = Regression(20, 10), Regression = true, Load = _folder["machine.npz"] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iteration 0 of", null)]
    [InlineData("iteration 2 of", 2)]
    public void An_interrupted_run_keeps_the_iterations_that_were_finished(string moment, int? iterations)
    {
        using CancellationTokenSource source = new();
        Report Run() => RfmExperiment.Run(Small with { Data = "digits", Samples = 500, Iterations = 9 }, KernelRuns.Settings, TimeProvider.System, new KernelRuns.StopAt(source, moment), source.Token);
        if (iterations is null)
        {
            Assert.Throws<OperationCanceledException>(Run);
            return;
        }
        Report report = Run();

        Assert.True(report.IsPartial);
        Assert.Equal(iterations, KernelRuns.Machine(report).Iterations.Count);
        Assert.True(KernelRuns.AssertFollowsTheSchema(report).GetProperty("result").GetProperty("partial").GetBoolean());
        Assert.NotNull(report.Page!.Value);
    }

    [Fact]
    public void Equal_points_without_a_ridge_are_told_as_the_solver_tells_them()
    {
        string data = _folder.Write("twins.csv", "1,2,0\n1,2,1\n3,4,0\n3,1,1\n");

        string message = Assert.Throws<RunFailedException>(() => KernelRuns.Run(new RfmRunOptions { Data = data, TestFraction = 0.0, Machine = new KernelMachineOptions { Ridge = 0.0 } })).Message;

        Assert.Contains("points 0 and 1 coincide", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_acts_on_nothing_is_refused()
    {
        Assert.Contains("--patience must be left out", Refused(Small with { Patience = 2 }), StringComparison.Ordinal);
        Assert.Contains("--targets must be left out", Refused(Small with { Regression = true, Targets = "plus-minus-one" }), StringComparison.Ordinal);
        string loading = Refused(new RfmRunOptions { Load = "machine.npz", Iterations = 3, Standardize = true, Machine = new KernelMachineOptions { Ridge = 1.0 } });
        foreach (string option in (string[])["--iterations", "--standardize", "--ridge"])
            Assert.Contains($"{option} must be left out: with --load nothing is fitted", loading, StringComparison.Ordinal);
        Assert.Contains("it has classes", Refused(new RfmRunOptions { Regression = true }), StringComparison.Ordinal);
        Assert.Contains("--test-samples must be at most 24", Refused(Small with { TestSamples = 25 }), StringComparison.Ordinal);
    }

    private static string Refused(RfmRunOptions options) => Assert.Throws<UsageException>(() => KernelRuns.Run(options)).Message;

    private string Regression(int samples, int coordinates = 4)
    {
        RandomStream random = new(11);
        IEnumerable<string> lines = Enumerable.Range(0, samples).Select(_ =>
        {
            double[] x = [.. Enumerable.Range(0, coordinates).Select(_ => (4.0 * random.NextDouble()) - 2.0)];
            return string.Join(',', x.Append(Math.Sin(x[0])).Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
        });
        return _folder.Write("targets.csv", string.Join('\n', lines) + "\n");
    }

    // Two classes on either side of a curve, with test samples of their own.
    private string Classes()
    {
        RandomStream random = new(5);
        (double[] X, long[] Y) Draw(int count)
        {
            double[] x = [.. Enumerable.Range(0, 3 * count).Select(_ => 20.0 * random.NextDouble())];
            return (x, [.. Enumerable.Range(0, count).Select(i => x[3 * i] > 10 + (5 * Math.Sin(x[(3 * i) + 1])) ? 1L : 0L)]);
        }
        (double[] x, long[] y) = Draw(100);
        (double[] testX, long[] testY) = Draw(40);
        string path = _folder["classes.npz"];
        NpzFile.Write(path, [new("x", NpyArray.Create(x, 100, 3)), new("y", NpyArray.Create(y, 100)), new("x_test", NpyArray.Create(testX, 40, 3)), new("y_test", NpyArray.Create(testY, 40))]);
        return path;
    }

    /// <summary>(K + μI)⁻¹ Y by Gaussian elimination with pivoting.</summary>
    private static double[][] Solve(RfmData train, double bandwidth, double ridge)
    {
        int n = train.Points.Rows, outputs = train.Targets.Columns;
        double[][] rows = [.. Enumerable.Range(0, n).Select(i => (double[])[.. Enumerable.Range(0, n).Select(j => Laplace(train.Points, i, train.Points, j, bandwidth) + (i == j ? ridge : 0.0)), .. train.Targets.Row(i).ToArray()])];
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(rows[i][k]));
            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            foreach (int i in Enumerable.Range(0, n).Where(i => i != k))
            {
                double factor = rows[i][k] / rows[k][k];
                for (int j = k; j < n + outputs; j++)
                    rows[i][j] -= factor * rows[k][j];
            }
        }
        return [.. rows.Select((row, i) => row[n..].Select(value => value / row[i]).ToArray())];
    }

    private static (double Loss, double Error) Score(RfmData train, RfmData test, double[][] alpha, double bandwidth)
    {
        double loss = 0.0;
        int wrong = 0;
        for (int i = 0; i < test.Points.Rows; i++)
        {
            double[] outputs = [.. Enumerable.Range(0, test.Targets.Columns).Select(c => Enumerable.Range(0, alpha.Length).Sum(j => alpha[j][c] * Laplace(test.Points, i, train.Points, j, bandwidth)))];
            loss += outputs.Select((value, c) => Math.Pow(value - test.Targets[i, c], 2)).Sum();
            wrong += Array.IndexOf(outputs, outputs.Max()) == test.Labels![i] ? 0 : 1;
        }
        return (loss / (2.0 * test.Points.Rows), wrong / (double)test.Points.Rows);
    }

    private static double Laplace(Tensor<double> a, int i, Tensor<double> b, int j, double bandwidth) =>
        Math.Exp(-Math.Sqrt(Enumerable.Range(0, a.Columns).Sum(k => Math.Pow(a[i, k] - b[j, k], 2))) / bandwidth);
}
