using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Kernels;

public sealed class RecursiveFeatureMachineTests
{
    private const int Dimension = 10;

    [Theory]
    [InlineData(MetricKind.Full)]
    [InlineData(MetricKind.Diagonal)]
    public void The_metric_finds_the_one_coordinate_that_matters(MetricKind kind)
    {
        RfmOptions options = new() { Iterations = 3, Metric = kind, Form = new AgopForm { Scaling = AgopScaling.LargestEntry } };
        RfmOutcome outcome = RecursiveFeatureMachine.Fit(OneCoordinate(1, 300), OneCoordinate(2, 200), options, TestCompute.Several, new RandomStream(0));
        Assert.Equal(RfmEnding.Finished, outcome.Ending);
        Assert.Equal(4, outcome.Iterations.Count);
        Assert.True(outcome.Iterations[^1].ValidationLoss < 0.2 * outcome.Iterations[0].ValidationLoss, $"{outcome.Iterations[0].ValidationLoss} → {outcome.Iterations[^1].ValidationLoss}");
        Tensor<double> metric = outcome.Machine.Metric.ToMatrix();
        Assert.All(Enumerable.Range(1, Dimension - 1), j => Assert.True(metric[j, j] < 0.1 * metric[0, 0]));
        Assert.Equal(kind, outcome.Machine.Metric.Kind);
    }

    [Fact]
    public void Patience_stops_and_the_best_machine_is_kept()
    {
        // Noise cannot be learned: the validation error rises sooner or later.
        RfmData train = Noise(3, 60), validation = Noise(4, 60);
        RfmOutcome outcome = RecursiveFeatureMachine.Fit(train, validation, new RfmOptions { Iterations = 30, Patience = 2 }, TestCompute.Single, new RandomStream(0));
        Assert.Equal(RfmEnding.StoppedEarly, outcome.Ending);
        Assert.Equal(outcome.Iterations.MinBy(iteration => iteration.ValidationLoss)!.Index, outcome.Best);
        Assert.Equal(outcome.Best + 2, outcome.Iterations[^1].Index);
        double expected = outcome.Iterations[outcome.Best].ValidationLoss!.Value;
        Tensor<double> outputs = outcome.Machine.Predict(validation.Points.AsMatrix());
        double error = Enumerable.Range(0, 60).Sum(i => Math.Pow(outputs[i, 0] - validation.Targets[i, 0], 2)) / 120;
        Assert.Equal(expected, error, 1e-12);
    }

    [Fact]
    public void Without_iterations_it_is_kernel_ridge_regression()
    {
        RfmData train = OneCoordinate(5, 50);
        RfmOutcome outcome = RecursiveFeatureMachine.Fit(train, null, new RfmOptions { Iterations = 0 }, TestCompute.Single, new RandomStream(0));
        Assert.True(outcome.Machine.Metric.IsIdentity);
        Assert.Single(outcome.Iterations);
        // (K + μI) α = y, so the residual of every training point is μ α.
        Assert.Equal(0.5e-6 * outcome.Machine.Coefficients.Span.ToArray().Sum(a => a * a) / 50, outcome.Iterations[0].TrainLoss, 1e-12);
    }

    [Fact]
    public void Accuracy_counts_the_largest_outputs()
    {
        int[] labels = [0, 1, 1, 0];
        RfmData train = new(new Tensor<double>([0.0, 10.0, 11.0, 1.0], 4, 1), new Tensor<double>([1.0, -1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0], 4, 2), labels);
        Assert.Equal(1.0, RecursiveFeatureMachine.Fit(train, null, new RfmOptions { Iterations = 0 }, TestCompute.Single, new RandomStream(0)).Iterations[0].TrainAccuracy);
        RfmData wrong = train with { Labels = [1, 1, 1, 0] };
        Assert.Equal(0.75, RecursiveFeatureMachine.Fit(wrong, null, new RfmOptions { Iterations = 0 }, TestCompute.Single, new RandomStream(0)).Iterations[0].TrainAccuracy);
    }

    [Fact]
    public void A_zero_gradient_ends_it_and_an_unsolvable_metric_keeps_what_came_before()
    {
        RfmData zero = Noise(6, 20) with { Targets = new Tensor<double>(20, 1) };
        RfmOutcome none = RecursiveFeatureMachine.Fit(zero, null, new RfmOptions(), TestCompute.Single, new RandomStream(0));
        Assert.Equal(RfmEnding.ZeroGradient, none.Ending);
        Assert.Single(none.Iterations);

        // A linear predictor has one gradient w everywhere: M = w wᵀ of rank 1, under which the linear kernel of five points is singular, and at ridge 0 nothing may be added.
        RfmOptions options = new() { Kernel = new PolynomialKernel(1.0, 0.0, 1), Ridge = new RidgeOptions { Ridge = 0.0 } };
        RfmOutcome unsolvable = RecursiveFeatureMachine.Fit(Noise(9, 5), null, options, TestCompute.Single, new RandomStream(0));
        Assert.Equal(RfmEnding.NotPositiveDefinite, unsolvable.Ending);
        Assert.Contains("not positive definite", unsolvable.Message, StringComparison.Ordinal);
        Assert.Single(unsolvable.Iterations);
        Assert.Equal(0, unsolvable.Best);
    }

    [Fact]
    public void Cancelling_keeps_the_iterations_that_were_complete()
    {
        using CancellationTokenSource source = new();
        RfmOutcome outcome = RecursiveFeatureMachine.Fit(OneCoordinate(7, 30), null, new RfmOptions { Iterations = 9 }, TestCompute.Single, new RandomStream(0), step =>
        {
            if (step.Scores.Index == 2)
                source.Cancel();
        }, source.Token);
        Assert.Equal(RfmEnding.Interrupted, outcome.Ending);
        Assert.Equal(3, outcome.Iterations.Count);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        RfmData train = Noise(8, 10);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => Fit(train, null, new RfmOptions { Iterations = -1 })).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => Fit(train, null, new RfmOptions { Patience = 3 })).ParamName);
        Assert.Equal("train", Assert.Throws<ArgumentException>(() => Fit(train with { Labels = new int[3] }, null, new RfmOptions())).ParamName);
        Assert.Equal("validation", Assert.Throws<ArgumentException>(() => Fit(train, new RfmData(new Tensor<double>(2, 3), new Tensor<double>(2, 1), null), new RfmOptions())).ParamName);
    }

    private static void Fit(RfmData train, RfmData? validation, RfmOptions options) => RecursiveFeatureMachine.Fit(train, validation, options, TestCompute.Single, new RandomStream(0));

    private static RfmData OneCoordinate(ulong seed, int samples)
    {
        RfmData data = Noise(seed, samples);
        for (int i = 0; i < samples; i++)
            data.Targets[i, 0] = Math.Sin(2.0 * data.Points[i, 0]);
        return data;
    }

    private static RfmData Noise(ulong seed, int samples)
    {
        Tensor<double> points = new(samples, Dimension), targets = new(samples, 1);
        RandomStream random = new(seed);
        random.FillNormal(points.Span);
        random.FillNormal(targets.Span);
        return new RfmData(points, targets, null);
    }
}
