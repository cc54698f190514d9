using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Tests.Kernels;
using Eigenscope.Formats;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Analyses;

/// <summary>An analysis of a linear network whose weights and samples are given, beside derivatives and collapse written out by hand.</summary>
public sealed class LinearAnalysisTests : IDisposable
{
    private const int Count = 12;
    private const double Rounding = 1e-11;
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_operator_is_the_matrix_that_was_written_out()
    {
        LinearChain chain = new(Count, static (i, k) => i % LinearChain.Outputs == k ? 1.0 : 0.0);
        Report report = Run(chain, Labels(), new AnalyzeOptions { NoHalves = true });
        AnalyzeResult result = (AnalyzeResult)report.Result;

        Assert.Equal(chain.Loss(), result.DataLoss, Rounding);
        Assert.Equal(0.005 * chain.SquaredNorm(), result.DecayLoss, Rounding);
        Assert.Equal(Math.Sqrt(chain.MeanGradient().Sum(static g => g * g)), result.GradientNorm, Rounding);
        AssertPairs(report, "hessian", chain.Hessian());
        AssertPairs(report, "gauss-newton", chain.GaussNewton());
        AssertPairs(report, "empirical-fisher", chain.EmpiricalFisher(isCentred: false));
        AssertPairs(report, "gradient-covariance", chain.EmpiricalFisher(isCentred: true));
        Assert.Equal("gauss-newton", result.Spectra.Single(static spectrum => spectrum.Operator is "fisher").SameAs);
        Assert.Equal(result.Spectra.Single(static spectrum => spectrum is { Operator: "hessian", Scope: "all" }).Eigenvalues[0], result.Sharpness.Hessian.Value);
        Assert.Equal(chain.SquaredNormOfProduct(), result.Layers[0].Agop.Trace.Value!.Value, Rounding);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Layers_are_the_diagonal_blocks()
    {
        LinearChain chain = new(Count, static (i, k) => i % LinearChain.Outputs == k ? 1.0 : 0.0);
        Report report = Run(chain, Labels(), new AnalyzeOptions { Operators = "layers" });
        double[,] hessian = chain.Hessian();
        AssertPairs(report, "hessian", Block(hessian, 0, LinearChain.Hidden * LinearChain.Inputs), "1.weight");
        AssertPairs(report, "hessian", Block(hessian, LinearChain.Hidden * LinearChain.Inputs, LinearChain.Outputs * LinearChain.Hidden), "2.weight");
    }

    [Fact]
    public void Collapse_is_that_of_the_class_means_written_out()
    {
        LinearChain chain = new(Count, static (i, k) => i % LinearChain.Outputs == k ? 1.0 : 0.0);
        AnalyzeResult result = (AnalyzeResult)Run(chain, Labels(), new AnalyzeOptions { Operators = "none" }).Result;
        double[][] entering = [.. Enumerable.Range(0, Count).Select(chain.Features)];
        Assert.Equal(Nc1(chain.Samples), result.Layers[0].Input.Collapse.Nc1TraceRatio.Value!.Value, Rounding);
        Assert.Equal(Nc1(entering), result.Layers[1].Input.Collapse.Nc1TraceRatio.Value!.Value, Rounding);
        int right = Enumerable.Range(0, Count).Count(i => Enumerable.Range(0, LinearChain.Outputs).MaxBy(k => chain.Output(i, k)) == i % LinearChain.Outputs);
        Assert.Equal(right / (double)Count, result.Accuracy.Value);
    }

    // The parabola along the gradient g of the objective has curvature gᵀHg/‖g‖², and its least value lies ½ ‖g‖⁴/gᵀHg lower.
    [Fact]
    public void What_a_step_along_the_gradient_gains_is_the_parabola()
    {
        LinearChain chain = new(Count, static (i, k) => i % LinearChain.Outputs == k ? 1.0 : 0.0);
        AnalyzeResult result = (AnalyzeResult)Run(chain, Labels(), new AnalyzeOptions { Operators = "none", WeightDecay = 0.0 }).Result;
        double[] gradient = chain.MeanGradient();
        double[,] hessian = chain.Hessian();
        double squares = gradient.Sum(static g => g * g), bent = gradient.Select((g, p) => g * gradient.Select((h, q) => h * hessian[p, q]).Sum()).Sum();
        Assert.Equal(bent / squares, result.Descent.Curvature.Value!.Value, Rounding);
        Assert.Equal(0.5 * squares * squares / bent, result.Descent.Gain.Value!.Value, Rounding);
        Assert.Equal(0.5 * squares * squares / bent / chain.Loss(), result.Descent.RelativeGain.Value!.Value, Rounding);
    }

    // A 5 × 6 weight of rank 1 is 11 numbers in two factors; the 3 × 5 one has full rank, and 3 · 8 numbers are more than 15.
    [Fact]
    public void A_weight_of_rank_one_can_go_but_for_two_vectors()
    {
        LinearChain chain = new(Count, static (i, k) => i % LinearChain.Outputs == k ? 1.0 : 0.0, firstHasRankOne: true);
        AnalyzeResult result = (AnalyzeResult)Run(chain, Labels(), new AnalyzeOptions { Operators = "none" }).Result;
        SavingsReport savings = result.Savings;
        Assert.Equal((1.0, 5, 30, 11), (savings.Layers[0].Rank.Value!.Value, savings.Layers[0].FullRank, savings.Layers[0].ParametersBefore, savings.Layers[0].ParametersAfter));
        Assert.Equal((15, 15, 0.0), (savings.Layers[1].ParametersBefore, savings.Layers[1].ParametersAfter, savings.Layers[1].Saved));
        Assert.Equal(26, savings.ParametersAfter);
        Assert.Equal(chain.Loss(), savings.Loss.Value!.Value, Rounding);
        Assert.Equal(result.Accuracy, savings.Accuracy);
    }

    [Fact]
    public void Real_targets_have_spectra_and_no_classes()
    {
        LinearChain chain = new(Count, static (i, k) => Math.Sin(i + (2.0 * k)));
        double[] targets = [.. Enumerable.Range(0, Count).SelectMany(static i => Enumerable.Range(0, LinearChain.Outputs).Select(k => Math.Sin(i + (2.0 * k))))];
        Report report = Run(chain, NpyArray.Create(targets, Count, LinearChain.Outputs), new AnalyzeOptions());
        AnalyzeResult result = (AnalyzeResult)report.Result;

        Assert.Equal(chain.Loss(), result.DataLoss, Rounding);
        AssertPairs(report, "hessian", chain.Hessian());
        AssertPairs(report, "gauss-newton", chain.GaussNewton());
        AssertPairs(report, "empirical-fisher", chain.EmpiricalFisher(isCentred: false));
        AssertPairs(report, "gradient-covariance", chain.EmpiricalFisher(isCentred: true));
        Assert.Equal(chain.SquaredNormOfProduct(), result.Layers[0].Agop.Trace.Value!.Value, Rounding);
        Number[] undefined = [result.Accuracy, result.Savings.Accuracy, .. result.Layers.SelectMany(static layer => new[] { layer.Input.Collapse.Nc1TraceRatio, layer.Input.Collapse.Tcv, layer.TcvBound.Middle, layer.CollapseSteps.RightShare })];
        Assert.All(undefined, static number => Assert.Contains("real numbers", number.Reason, StringComparison.Ordinal));
        Assert.Null(result.Papyan);
        KernelRuns.AssertFollowsTheSchema(report);
        Assert.DoesNotContain(report.Page!.Value.Findings, static finding => finding.Contains("NC1", StringComparison.Ordinal));
    }

    // Labels without one class leave that class's mean undefined, and with it everything that compares class means.
    [Fact]
    public void A_class_without_samples_leaves_collapse_undefined()
    {
        LinearChain chain = new(Count, static (i, k) => i % 2 == k ? 1.0 : 0.0);
        Report report = Run(chain, NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => (long)i % 2)], Count), new AnalyzeOptions());
        AnalyzeResult result = (AnalyzeResult)report.Result;
        Assert.Equal("class 2 has no samples", result.Output.Collapse.Nc1TraceRatio.Reason);
        Assert.Contains(result.Notes, static note => note.Contains("class 2 has no samples", StringComparison.Ordinal));
        AssertPairs(report, "hessian", chain.Hessian());
        KernelRuns.AssertFollowsTheSchema(report);
    }

    private Report Run(LinearChain chain, NpyArray y, AnalyzeOptions options) =>
        Analyze.Run(options with { Model = chain.Save(_folder, Settings), Data = chain.Write(_folder["data.npz"], y) }, Settings, TimeProvider.System, null, CancellationToken.None);

    private static NpyArray Labels() => NpyArray.Create([.. Enumerable.Range(0, Count).Select(static i => (long)i % LinearChain.Outputs)], Count);

    // All eigenpairs of the matrix: A v = θ v for orthonormal v, as many as there are dimensions.
    private static void AssertPairs(Report report, string name, double[,] matrix, string scope = "all")
    {
        int n = matrix.GetLength(0);
        double[] values = report.Arrays.Value.Single(array => array.Name == $"{name}/{scope}/eigenvalues").Values, vectors = report.Arrays.Value.Single(array => array.Name == $"{name}/{scope}/eigenvectors").Values;
        Assert.Equal(n, values.Length);
        double scale = values.Max(Math.Abs);
        for (int j = 0; j < n; j++)
        {
            double[] v = vectors[(j * n)..((j + 1) * n)];
            for (int p = 0; p < n; p++)
                Assert.Equal(values[j] * v[p], Enumerable.Range(0, n).Sum(q => matrix[p, q] * v[q]), Rounding * scale);
            for (int other = 0; other <= j; other++)
                Assert.Equal(other == j ? 1.0 : 0.0, Enumerable.Range(0, n).Sum(q => v[q] * vectors[(other * n) + q]), Rounding);
        }
    }

    private static double[,] Block(double[,] matrix, int start, int length)
    {
        double[,] block = new double[length, length];
        for (int p = 0; p < length; p++)
        {
            for (int q = 0; q < length; q++)
                block[p, q] = matrix[start + p, start + q];
        }
        return block;
    }

    private static double Nc1(double[][] features)
    {
        double[] Mean(IEnumerable<double[]> rows) => [.. Enumerable.Range(0, features[0].Length).Select(d => rows.Average(row => row[d]))];
        double Distance(double[] a, double[] b) => a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum();
        double[][] means = [.. Enumerable.Range(0, LinearChain.Outputs).Select(c => Mean(features.Where((_, i) => i % LinearChain.Outputs == c)))];
        double[] whole = Mean(means);
        return features.Select((row, i) => Distance(row, means[i % LinearChain.Outputs])).Average() / means.Average(mean => Distance(mean, whole));
    }
}
