using Eigenscope.Analysis;
using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Learns one operation by a recursive feature machine, and measures every metric on the way. The test pairs are looked at only: they choose nothing.</summary>
internal sealed class GrokLearning(GrokPlan plan, ModularOperation operation, Compute compute, RandomStream random, RunClock clock, Action<int, RfmIteration>? progress)
{
    private readonly List<Tensor<double>> _metrics = [];

    /// <summary>Learns.</summary>
    /// <exception cref="RunFailedException">The kernel matrix of the first machine is not positive definite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first machine was fitted.</exception>
    public LearnedOperation Run(CancellationToken cancellation)
    {
        long start = clock.Timestamp;
        (Dataset train, Dataset test) = ModularPairs.Split(ModularPairs.All(operation, plan.Options.Modulus), plan.Options.TrainFraction, random.Split("pairs"));
        RfmOutcome outcome = Fit(train, test, cancellation);
        GrokOperationReport report = new()
        {
            Operation = GrokRecipe.Name(operation),
            TrainSamples = train.SampleCount,
            TestSamples = test.SampleCount,
            Chance = test.ClassCounts.Max() / (double)test.SampleCount,
            Status = RfmEndingName.Of(outcome.Ending),
            Message = outcome.Message,
            Seconds = clock.SecondsSince(start),
            Iterations = [.. outcome.Iterations.Select((scores, t) => Describe(scores, _metrics[t]))],
        };
        return new LearnedOperation(operation, report, _metrics);
    }

    private RfmOutcome Fit(Dataset train, Dataset test, CancellationToken cancellation)
    {
        try
        {
            return RecursiveFeatureMachine.Fit(Data(train), Data(test), plan.Machine, compute, random.Split("machine"), Visit, cancellation);
        }
        catch (LinearAlgebraException failure)
        {
            throw new RunFailedException($"{GrokRecipe.Name(operation)}: {failure.Message}; try a larger --ridge or, of a Gaussian kernel, a smaller --bandwidth", failure);
        }
    }

    private void Visit(RfmStep step)
    {
        _metrics.Add(step.Machine.Metric.ToMatrix());
        progress?.Invoke(step.Scores.Index, step.Scores);
    }

    private GrokIterationReport Describe(RfmIteration scores, Tensor<double> metric)
    {
        CirculantDeviation deviation = CirculantDeviation.Measure(ModularBlock.Of(metric.AsMatrix(), operation).AsMatrix(), ModularBlock.Diagonals(operation));
        return new GrokIterationReport(
            scores.Index,
            scores.TrainLoss,
            scores.TrainAccuracy!.Value,
            scores.ValidationLoss!.Value,
            scores.ValidationAccuracy!.Value,
            deviation.Relative.IsDefined ? deviation.Relative : Number.Undefined("the metric has no entries between first and second residues"),
            deviation.MeanVariance,
            AgopAlignment.Measure(metric.AsMatrix(), _metrics[^1].AsMatrix()));
    }

    private static RfmData Data(Dataset pairs) => new(pairs.Inputs, KernelData.Coded(pairs, TargetCoding.OneHot), pairs.Labels);
}
