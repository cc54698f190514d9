using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Parameters kept at one moment of training.</summary>
internal sealed record Snapshot(int Epoch, int Step, double Seconds, double[] Parameters);

/// <summary>The attempt that a study reports, with its snapshots, and how every attempt went.</summary>
internal sealed record TrainedNetwork(IReadOnlyList<Snapshot> Snapshots, TrainingOutcome Outcome, IReadOnlyList<AttemptReport> Attempts, int Rank);

/// <summary>
/// Trains, and trains again from a larger start when a run ended in a solution of lower rank (fewer directions between the class means of the logits than the network can have), or with half the
/// learning rate when it diverged. The attempt of highest rank and, among those, of lowest objective is kept. Without anyone who is told of progress, nothing is computed for it.
/// </summary>
internal sealed class StudyTraining(StudyPlan plan, Objective objective, RandomStream random, RunClock clock, Action<RunProgress>? progress)
{
    private const double NumericalRank = 1e-3;
    private const double ZeroLogits = 1e-6;
    private const double Nc1EveryShare = 0.02;
    private readonly List<AttemptReport> _attempts = [];

    public TrainedNetwork Run(CancellationToken cancellation)
    {
        Attempt? best = null;
        double scale = plan.Options.InitScale;
        TrainingOptions training = plan.Training;
        for (int attempt = 0; attempt <= plan.Options.Restarts; attempt++)
        {
            Attempt current = RunOnce(attempt, scale, training, cancellation);
            _attempts.Add(current.Report);
            if (best is null || current.IsBetterThan(best))
                best = current;
            if (current.Outcome.Status == TrainingStatus.Diverged)
                training = training with { Optimizer = Halved(training.Optimizer) };
            else if (cancellation.IsCancellationRequested || current.Report.Rank >= plan.Data.Train.ClassCount - 1)
                break;
            else
                scale *= Math.Sqrt(2.0);
        }
        if (best!.Outcome.Status == TrainingStatus.Diverged)
            throw new RunFailedException($"training diverged in all {_attempts.Count} attempts, the last with learning rate {Rate(training.Optimizer):G3}; try a smaller --learning-rate, or inputs scaled to about 1");
        AttemptReport[] attempts = [.. _attempts.Select(report => report with { IsReported = ReferenceEquals(report, best.Report) })];
        return new TrainedNetwork(best.Snapshots, best.Outcome, attempts, best.Report.Rank);
    }

    private Attempt RunOnce(int attempt, double scale, TrainingOptions training, CancellationToken cancellation)
    {
        RandomStream stream = random.Split($"attempt {attempt}");
        double[] initial = plan.Network.Initialize(new InitializationOptions { Scale = scale }, stream.Split("initialisation"));
        List<Snapshot> snapshots = [new Snapshot(0, 0, 0.0, initial)];
        HashSet<int> measured = [.. plan.MeasuredEpochs];
        Action<TrainingProgress, TrainingState> announce = progress is null ? static (_, _) => { } : (step, state) => Announce(step, state, attempt, progress);
        long start = clock.Timestamp;
        double announcing = 0.0;
        Trainer trainer = new(objective, plan.Decay, training, stream.Split("batches"));
        TrainingOutcome outcome = trainer.Run(
            TrainingState.Initial(initial),
            (step, state) =>
            {
                if (measured.Contains(step.Epoch))
                    snapshots.Add(new Snapshot(step.Epoch, step.Step, clock.SecondsSince(start) - announcing, [.. state.Parameters]));
                long before = clock.Timestamp;
                announce(step, state);
                announcing += clock.SecondsSince(before);
            },
            cancellation);
        if (snapshots[^1].Epoch != outcome.State.Epoch || outcome.State.Batch > 0)
            snapshots.Add(new Snapshot(outcome.State.Epoch, outcome.Steps, clock.SecondsSince(start) - announcing, outcome.State.Parameters));
        return Judge(outcome, snapshots, scale, training);
    }

    private Attempt Judge(TrainingOutcome outcome, List<Snapshot> snapshots, double scale, TrainingOptions training)
    {
        double loss = outcome.Status == TrainingStatus.Diverged ? double.NaN : objective.Evaluate(outcome.State.Parameters).Loss + plan.Decay.Penalty(outcome.State.Parameters);
        bool diverged = !double.IsFinite(loss);
        TrainingStatus status = diverged ? TrainingStatus.Diverged : outcome.Status;
        AttemptReport report = new(
            scale,
            Rate(training.Optimizer),
            status.ToString().ToLowerInvariant(),
            outcome.State.Epoch,
            diverged ? Number.Undefined("training diverged") : Number.Of(loss),
            diverged ? 0 : LogitRank(outcome.State.Parameters),
            IsReported: false);
        return new Attempt(outcome with { Status = status }, snapshots, report);
    }

    /// <summary>Number of singular values of the centred class-mean logits above 1e-3 of the largest; 0 when all are below 1e-6.</summary>
    private int LogitRank(double[] parameters)
    {
        Tensor<double> logits = objective.Logits(parameters);
        ClassStatistics statistics = ClassStatistics.Measure(logits.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount);
        double[] sigma = Analysis.Ranks.SingularValues.Of(statistics.CentredMeans.AsMatrix(), objective.Compute);
        return sigma[0] < ZeroLogits ? 0 : sigma.Count(value => value > NumericalRank * sigma[0]);
    }

    private void Announce(TrainingProgress step, TrainingState state, int attempt, Action<RunProgress> listener)
    {
        int every = Math.Max(1, (int)(Nc1EveryShare * step.Epochs));
        if (step.Epoch % every != 0 && step.Epoch != step.Epochs)
            return;
        string nc1 = Nc1(state.Parameters) is { Value: { } value } ? string.Create(CultureInfo.InvariantCulture, $"{value:G3}") : "undefined";
        string retry = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · attempt {attempt + 1}");
        listener(new RunProgress("training", (double)step.Epoch / step.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs} · loss {step.Loss:G4} · accuracy {step.Accuracy:F3} · NC1 {nc1}{retry}")));
    }

    private Number Nc1(double[] parameters)
    {
        using Linearization linearization = objective.Linearize(parameters);
        Tensor<double> features = linearization.LayerInput(plan.Network.WeightLayers.Count - 1);
        if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(features.Span)))
            return Number.Undefined("the features are not finite");
        return WithinClassVariability.TraceRatio(ClassStatistics.Measure(features.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount));
    }

    private static OptimizerOptions Halved(OptimizerOptions options) => options switch
    {
        SgdOptions sgd => sgd with { LearningRate = sgd.LearningRate / 2.0 },
        AdamOptions adam => adam with { LearningRate = adam.LearningRate / 2.0 },
        _ => options,
    };

    private static double? Rate(OptimizerOptions options) => options switch
    {
        SgdOptions sgd => sgd.LearningRate,
        AdamOptions adam => adam.LearningRate,
        _ => null,
    };

    private sealed record Attempt(TrainingOutcome Outcome, IReadOnlyList<Snapshot> Snapshots, AttemptReport Report)
    {
        public bool IsBetterThan(Attempt other)
        {
            bool diverged = Outcome.Status == TrainingStatus.Diverged;
            bool otherDiverged = other.Outcome.Status == TrainingStatus.Diverged;
            if (diverged || otherDiverged)
                return otherDiverged && !diverged;
            return Report.Rank != other.Report.Rank ? Report.Rank > other.Report.Rank : Report.Loss.Value < other.Report.Loss.Value;
        }
    }
}
