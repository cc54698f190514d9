using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>
/// Plain gradient descent on the setting of arXiv 2404.06106 (K = 3, n = 40, L = 5, d = 60, every decay 1e-2, rate 0.2), layer 3: how the nine outliers come together. The ranges are those of 20 seeds of
/// an independent program, widened by a quarter.
/// </summary>
public sealed class UfmTrendTests
{
    private const double Widening = 0.25;
    private const int Layer = 3;

    [Fact]
    public void Gradient_descent_follows_the_published_course()
    {
        UfmOptions options = new() { Classes = 3, PerClass = 40, Width = 60, Depth = 5, WeightDecay = 1e-2, Optimizer = "gradient-descent", LearningRate = 0.2, Iterations = 3000, Restarts = 0 };
        UfmPlan plan = UfmRecipe.Resolve(options, UfmRuns.Settings);
        Compute compute = RunHost.Start(UfmRuns.Settings).Compute;
        Objective joint = Objective.Create(plan.Joint, FeatureTableLayer.Indices(plan.Samples), plan.Labels, plan.Loss, compute, new ObjectiveOptions());
        IReadOnlyList<Snapshot> snapshots = new UfmTraining(plan, joint, new RandomStream(1), new RunClock(TimeProvider.System), null).Run(CancellationToken.None).Snapshots;
        Dictionary<int, Point> course = snapshots.Where(static snapshot => snapshot.Step is 10 or 100 or 300 or 1000 or 3000)
            .ToDictionary(static snapshot => snapshot.Step, snapshot => Measure(plan, compute, snapshot));

        AssertWithin(course[10], 1.5, 3.2, .10, .24, .049, .077, .088, .206);
        AssertWithin(course[100], 1.47, 2.45, .79, .89, .072, .123, .217, .287);
        AssertWithin(course[300], 1.15, 1.57, .948, .971, 7.1e-3, 1.2e-2, .175, .209);
        AssertWithin(course[1000], 1.008, 1.032, .9996, 1.0, 1.6e-6, 2.8e-6, .1633, .1656);
        Assert.InRange(course[3000].Ratio, 1.0, 1.0 + (1.25 * 2e-5));
        Assert.InRange(course[3000].Score, 1.0 - (1.25 * 1e-9), 1.0 + 1e-12);
        Assert.InRange(course[3000].Bulk, -1e-15, 1.25e-15);
        Assert.Equal(.163243, course[3000].Top, 1.25 * 2e-6);
    }

    private static Point Measure(UfmPlan plan, Compute compute, Snapshot snapshot)
    {
        Tensor<double> features = new(snapshot.Parameters[..plan.FeatureEntries], plan.Samples, plan.Options.Width);
        Objective weights = Objective.Create(plan.Weights, features, plan.Labels, plan.Loss, compute, new ObjectiveOptions());
        using Linearization linearization = weights.Linearize(snapshot.Parameters.AsSpan(plan.FeatureEntries));
        SpectrumMeasurement measurement = new(compute, new RandomStream(2), plan.Samples, includesWeightDecay: false, CancellationToken.None);
        MeasuredSpectrum spectrum = measurement.Measure("hessian", "3.weight", linearization.Hessian("3.weight"), new EigenOptions { Top = 12, Tolerance = 1e-9 });
        UfmStructureReport layer = new UfmStructure(plan, compute, linearization, [spectrum], snapshot.Parameters).Measure(CancellationToken.None)[Layer - 1];
        return new Point(layer.OutlierSpread.Value!.Value, layer.EigenvectorScore.Value!.Value, layer.LargestBulk.Value!.Value, spectrum.Report.Eigenvalues[0]);
    }

    private static void AssertWithin(Point point, double ratioLow, double ratioHigh, double scoreLow, double scoreHigh, double bulkLow, double bulkHigh, double topLow, double topHigh)
    {
        AssertWithin(point.Ratio, ratioLow, ratioHigh);
        AssertWithin(point.Score, scoreLow, scoreHigh);
        AssertWithin(point.Bulk, bulkLow, bulkHigh);
        AssertWithin(point.Top, topLow, topHigh);
    }

    private static void AssertWithin(double value, double low, double high) => Assert.InRange(value, low - (Widening * (high - low)), high + (Widening * (high - low)));

    private sealed record Point(double Ratio, double Score, double Bulk, double Top);
}
