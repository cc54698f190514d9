using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Data;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Derivatives over samples that are not in memory, against the slow reference.</summary>
public sealed class SourceObjectiveTests
{
    private const double UnitRoundoff = 1.1102230246251565e-16;
    private const double SingleUnitRoundoff = 5.9604644775390625e-8;

    // A few operations per layer and sample, each rounding once; generous by a factor of about ten.
    private const double Tolerance = 1e4 * UnitRoundoff;
    private const double SingleTolerance = 1e3 * SingleUnitRoundoff;

    private static DerivativeProblem Problem { get; } = new([5, 7, 4], Activation.Tanh, "cross-entropy", samples: 101, weights: [.. Enumerable.Range(1, 101).Select(static i => i / 5151.0)]);

    [Theory]
    [InlineData(1, 8, 0L, Precision.Float64)]
    [InlineData(2, 17, 0L, Precision.Float64)]
    [InlineData(3, 100, 0L, Precision.Float64)]
    [InlineData(2, 17, 1L << 30, Precision.Float64)]
    [InlineData(2, 17, 0L, Precision.Float32)]
    [InlineData(3, 30, 1L << 30, Precision.Float32)]
    public void Products_over_a_stream_with_ragged_slices_are_those_of_the_reference(int threads, int rows, long budget, Precision precision)
    {
        double tolerance = precision == Precision.Float64 ? Tolerance : SingleTolerance;
        Objective objective = Streaming(Problem, threads, new ObjectiveOptions { SliceRows = rows, ActivationBudget = budget, Precision = precision, SampleWeights = Problem.Weights });
        using Linearization point = objective.Linearize(Problem.Parameters);

        double[,] hessian = DenseComparison.Materialize(point.Hessian(), 1);

        Assert.Equal(budget > 0, point.ActivationBytes > 0);
        Assert.InRange(DenseComparison.RelativeDistance(hessian, Problem.ReferenceHessian()), 0.0, tolerance);
        (double loss, double[] gradient) = Problem.ReferenceGradient();
        Assert.InRange(Math.Abs(point.Value.Loss - loss), 0.0, tolerance * loss);
        Assert.InRange(Distance(point.Gradient.ToArray(), gradient), 0.0, tolerance);
    }

    [Fact]
    public void A_batch_reads_its_samples_wherever_they_lie()
    {
        int[] batch = [7, 8, 9, 3, 100, 50, 51];
        Objective objective = Streaming(Problem, 2, new ObjectiveOptions { SliceRows = 3 });
        double[] gradient = new double[Problem.Parameters.Length];

        double loss = objective.BatchGradient(Problem.Parameters, batch, gradient).Loss;

        double[][] rows = [.. batch.Select(i => Problem.Inputs.Row(i).ToArray())];
        (double expectedLoss, double[] expected) = Problem.Reference.Evaluate(Problem.Parameters, rows, [.. batch.Select(i => Problem.Labels[i])], [.. batch.Select(_ => 1.0 / batch.Length)]);
        Assert.InRange(Math.Abs(loss - expectedLoss), 0.0, Tolerance * expectedLoss);
        Assert.InRange(Distance(gradient, expected), 0.0, Tolerance);
    }

    [Fact]
    public void A_subset_weighs_its_samples_as_the_whole_did()
    {
        int[] samples = [90, 91, 4, 17, 18, 19];
        Objective subset = Streaming(Problem, 2, new ObjectiveOptions { SliceRows = 4, SampleWeights = Problem.Weights }).Subset(samples);
        double[] gradient = new double[Problem.Parameters.Length];

        double loss = subset.Gradient(Problem.Parameters, gradient).Loss;

        double total = samples.Sum(i => Problem.Weights[i]);
        double[] weights = [.. samples.Select(i => Problem.Weights[i] / total)];
        (double expectedLoss, double[] expected) = Problem.Reference.Evaluate(Problem.Parameters, [.. samples.Select(i => Problem.Inputs.Row(i).ToArray())], [.. samples.Select(i => Problem.Labels[i])], weights);
        Assert.Equal(weights, subset.SampleWeights);
        Assert.InRange(Math.Abs(loss - expectedLoss), 0.0, Tolerance * expectedLoss);
        Assert.InRange(Distance(gradient, expected), 0.0, Tolerance);
    }

    [Fact]
    public void A_source_that_does_not_fit_the_network_is_refused()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [4, 3] });
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);

        Assert.Contains("expected samples of 4 entries, got 5", Assert.Throws<ArgumentException>(() => Create(new GeneratedSource(40, 5, 3))).Message, StringComparison.Ordinal);
        Objective labels = Create(new GeneratedSource(40, 4, 9));
        Assert.Contains("expected a class in 0 … 2", Assert.Throws<DataException>(() => labels.Evaluate(new double[network.ParameterCount])).Message, StringComparison.Ordinal);

        Objective Create(SampleSource source) => Objective.Create(network, source, new CrossEntropy(), compute, new ObjectiveOptions());
    }

    [Fact]
    public void Images_in_a_file_are_measured_where_they_lie()
    {
        const int Samples = 203;
        using TemporaryFolder folder = new();
        RandomStream random = new(11);
        byte[] pixels = [.. Enumerable.Range(0, Samples * 12).Select(_ => (byte)random.NextInt32(256))];
        byte[] labels = [.. Enumerable.Range(0, Samples).Select(_ => (byte)random.NextInt32(3))];
        using ByteSource file = ByteSource.OpenIdx(folder.Write("images", TemporaryFolder.Idx(pixels, Samples, 3, 4)), folder.Write("labels", TemporaryFolder.Idx(labels, Samples)), new PixelScaling());
        int[] widths = [12, 5, 3];
        Network network = Network.Mlp(new MlpOptions { Widths = widths, Activation = Activation.Tanh });
        double[] parameters = network.Initialize(new InitializationOptions(), random.Split("weights"));
        Objective objective = Objective.Create(network, file, new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, 3), new ObjectiveOptions { SliceRows = 19, ActivationBudget = 0 });
        double[] gradient = new double[parameters.Length];

        double loss = objective.Gradient(parameters, gradient).Loss;

        double[][] rows = [.. Enumerable.Range(0, Samples).Select(i => Array.ConvertAll(pixels[(i * 12)..((i + 1) * 12)], static value => value / 255.0))];
        ReferenceMlp reference = new(widths, true, Activation.Tanh, true, 0.0);
        (double expectedLoss, double[] expected) = reference.Evaluate(parameters, rows, Array.ConvertAll(labels, static label => (int)label), [.. Enumerable.Repeat(1.0 / Samples, Samples)]);
        Assert.InRange(Math.Abs(loss - expectedLoss), 0.0, Tolerance * expectedLoss);
        Assert.InRange(Distance(gradient, expected), 0.0, Tolerance);
        Assert.True(DeterminismProbe.Check(objective, parameters).IsDeterministic);
    }

    private static Objective Streaming(DerivativeProblem problem, int threads, ObjectiveOptions options)
    {
        DelegateSource source = new(problem.Labels.Length, problem.Inputs.Columns, (_, start, count, inputs, labels) =>
        {
            problem.Inputs.Span.Slice(start * problem.Inputs.Columns, inputs.Length).CopyTo(inputs);
            problem.Labels.AsSpan(start, count).CopyTo(labels);
            return count;
        });
        return Objective.Create(problem.Network, source, problem.Loss, new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), options);
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum() / b.Sum(static y => y * y));
}
