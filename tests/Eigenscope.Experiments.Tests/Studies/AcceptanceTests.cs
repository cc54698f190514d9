using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Tests.Studies;

/// <summary>What the default recipe promises, and that the numbers do not depend on the kernels.</summary>
public sealed class AcceptanceTests
{
    private const double LeastAccuracy = 0.995;
    private const double LargestNc1 = 0.03;

    // Rounding of 1e-16, amplified by a few epochs of training and by the condition of small singular values.
    private const double KernelTolerance = 1e-8;

    [Fact]
    public void The_default_recipe_trains_the_digits_to_collapse()
    {
        (StudyPlan plan, Objective objective) = Prepare(new StudyOptions { MeasureEvery = 0, Width = 64 });
        TrainedNetwork trained = new StudyTraining(plan, objective, new RandomStream(0).Split("training"), new RunClock(TimeProvider.System), null).Run(CancellationToken.None);
        double[] parameters = trained.Snapshots[^1].Parameters;
        using Linearization linearization = objective.Linearize(parameters);
        double[] nc1 = [.. new LayerMeasurement(plan.Measurement, objective.Compute, new RandomStream(0), linearization, parameters).MeasureLayers().Select(static layer => layer.Input.Collapse.Nc1TraceRatio.Value!.Value)];

        Assert.True(linearization.Value.Accuracy >= LeastAccuracy, $"accuracy {linearization.Value.Accuracy}");
        Assert.True(nc1[^1] <= LargestNc1, $"NC1 {string.Join(", ", nc1)}");
        Assert.All(nc1.Zip(nc1.Skip(1)), static pair => Assert.True(pair.Second < pair.First, $"NC1 rises from {pair.First} to {pair.Second}"));
        Assert.Equal(9, trained.Rank);
    }

    [OpenBlasFact]
    public void Both_kernels_give_the_same_numbers()
    {
        IReadOnlyList<double>[] managed = Lists("managed");
        IReadOnlyList<double>[] native = Lists("openblas");

        Assert.Equal(managed.Length, native.Length);
        foreach ((IReadOnlyList<double> expected, IReadOnlyList<double> actual) in managed.Zip(native))
        {
            Assert.Equal(expected.Count, actual.Count);
            double largest = expected.Max(Math.Abs);
            Assert.True(largest > 0.0);
            for (int i = 0; i < expected.Count; i++)
                Assert.Equal(expected[i], actual[i], KernelTolerance * largest);
        }
    }

    private static (StudyPlan Plan, Objective Objective) Prepare(StudyOptions options)
    {
        RunSettings settings = new() { Threads = 2 };
        StudyPlan plan = StudyRecipe.Resolve(options, settings, new RandomStream(0));
        Dataset train = plan.Data.Train;
        Objective objective = Objective.Create(plan.Network, train.Inputs, train.Labels, plan.Loss, RunHost.Start(settings).Compute, new ObjectiveOptions { Precision = plan.Precision });
        return (plan, objective);
    }

    private static IReadOnlyList<double>[] Lists(string kernels)
    {
        StudyOptions options = new() { Data = "gaussian", Width = 12, Depth = 3, Epochs = 5, BatchSize = 32, MeasureEvery = 0, Bottom = 2 };
        Report report = Study.Run(options, new RunSettings { Threads = 2, Blas = kernels }, TimeProvider.System, null, CancellationToken.None);
        StudyResult result = (StudyResult)report.Result;
        return
        [
            [result.Loss],
            [result.GradientNorm],
            .. result.Spectra.Select(static spectrum => spectrum.Eigenvalues),
            .. result.Layers.SelectMany(static layer => new[]
            {
                layer.Weight.SingularValues!, layer.Gradient.SingularValues!, layer.Agop.Eigenvalues!, layer.Input.SecondMoment!, layer.Input.Covariance!,
                layer.Backpropagated!.SecondMoment, layer.Input.Collapse.ClassMeanNorms!,
            }),
        ];
    }
}
