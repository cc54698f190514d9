using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Parameters kept at one moment of training.</summary>
internal sealed record Snapshot(int Epoch, int Step, double Seconds, double[] Parameters);

/// <summary>The attempt that a study reports, with its snapshots, and how every attempt went.</summary>
internal sealed record TrainedNetwork(IReadOnlyList<Snapshot> Snapshots, TrainingOutcome Outcome, IReadOnlyList<AttemptReport> Attempts, int Rank);

/// <summary>
/// Trains, and trains again from a larger start when a run ended in a solution of lower rank (fewer directions between the class means of the logits than the network can have), or with a quarter of the
/// learning rate when it diverged. The attempt of highest rank and, among those, of lowest objective is kept. Without anyone who is told of progress, nothing is computed for it.
/// </summary>
internal sealed class StudyTraining(StudyPlan plan, Objective objective, RandomStream random, RunClock clock, Action<RunProgress>? progress)
{
    private const double ZeroLogits = 1e-6;
    private const double Nc1EveryShare = 0.02;
    private const double RateAfterDivergence = 0.25;
    private readonly List<AttemptReport> _attempts = [];

    public TrainedNetwork Run(CancellationToken cancellation)
    {
        Attempt? best = null;
        double scale = plan.Options.InitScale;
        double? rate = plan.LearningRate;
        for (int attempt = 0; attempt <= plan.Options.Restarts; attempt++)
        {
            Attempt current = RunOnce(attempt, scale, rate, cancellation);
            _attempts.Add(current.Report);
            if (best is null || current.IsBetterThan(best))
                best = current;
            if (current.Outcome.Status == TrainingStatus.Diverged)
                rate *= RateAfterDivergence;
            else if (cancellation.IsCancellationRequested || current.Report.Rank >= plan.FullRank)
                break;
            else
                scale *= Math.Sqrt(2.0);
        }
        if (best!.Outcome.Status == TrainingStatus.Diverged)
            throw new RunFailedException(Failure());
        AttemptReport[] attempts = [.. _attempts.Select(report => report with { IsReported = ReferenceEquals(report, best.Report) })];
        return new TrainedNetwork(best.Snapshots, best.Outcome, attempts, best.Report.Rank);
    }

    private string Failure()
    {
        string advice = _attempts[^1].LearningRate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $", the last with learning rate {rate:G3}; try a smaller --learning-rate")
            : "; try a smaller --init-scale";
        double largest = System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(plan.Data.Train.Inputs.Span);
        return string.Create(CultureInfo.InvariantCulture, $"training diverged in all {_attempts.Count} attempts{advice}, or inputs scaled to about 1 (the largest here is {Math.Abs(largest):G3})");
    }

    private Attempt RunOnce(int attempt, double scale, double? rate, CancellationToken cancellation)
    {
        RandomStream stream = random.Split($"attempt {attempt}");
        double[] initial = plan.Network.Initialize(StudyRecipe.Initialization(plan.Options, scale), stream.Split("initialisation"));
        List<Snapshot> snapshots = [new Snapshot(0, 0, 0.0, initial)];
        HashSet<int> measured = [.. plan.MeasuredEpochs];
        Action<TrainingProgress, TrainingState> announce = progress is null ? static (_, _) => { } : (step, state) => Announce(step, state, attempt, progress);
        long start = clock.Timestamp;
        double announcing = 0.0;
        Trainer trainer = new(objective, plan.Decay, plan.Training with { Optimizer = StudyRecipe.Optimizer(plan.Options, rate) }, stream.Split("batches"));
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
        return Judge(outcome, initial, snapshots, scale, rate);
    }

    private double Objective(double[] parameters) => objective.Evaluate(parameters).Loss + plan.Decay.Penalty(parameters);

    private Attempt Judge(TrainingOutcome outcome, double[] initial, List<Snapshot> snapshots, double scale, double? rate)
    {
        double loss = outcome.Status == TrainingStatus.Diverged ? double.NaN : Objective(outcome.State.Parameters);
        // Steps that leave the objective above its start overshot, finite or not; but where statistics of batches are followed slowly, the stored ones lag behind for the first epochs, and the objective with them says little.
        bool overshot = outcome.Status == TrainingStatus.Finished && plan.Network.StateLength == plan.Network.ParameterCount && loss > Objective(initial);
        bool diverged = !double.IsFinite(loss) || overshot;
        TrainingStatus status = diverged ? TrainingStatus.Diverged : outcome.Status;
        AttemptReport report = new(
            scale,
            rate,
            status.ToString().ToLowerInvariant(),
            outcome.State.Epoch,
            diverged ? Number.Undefined("training diverged") : Number.Of(loss),
            diverged ? 0 : LogitRank(outcome.State.Parameters),
            IsReported: false);
        return new Attempt(outcome with { Status = status }, snapshots, report);
    }

    /// <summary>Numerical rank of the centred class-mean logits; 0 when all their singular values are below 1e-6.</summary>
    private int LogitRank(double[] parameters)
    {
        Tensor<double> logits = objective.Logits(parameters);
        ClassStatistics statistics = ClassStatistics.Measure(logits.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount);
        RankProfile profile = RankProfile.Measure(statistics.CentredMeans.AsMatrix(), new RankOptions { TargetRank = plan.FullRank }, objective.Compute);
        return profile.SingularValues[0] >= ZeroLogits && profile.NumericalRank.Value is { } rank ? (int)rank : 0;
    }

    private void Announce(TrainingProgress step, TrainingState state, int attempt, Action<RunProgress> listener)
    {
        int every = Math.Max(1, (int)(Nc1EveryShare * step.Epochs));
        if (step.Epoch % every != 0 && step.Epoch != step.Epochs)
            return;
        string retry = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · attempt {attempt + 1}");
        listener(new RunProgress("training", (double)step.Epoch / step.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs} · loss {step.Loss:G4} · accuracy {step.Accuracy:F3}{Collapse(state)}{retry}")));
    }

    // A pass over all samples for a line on the terminal: where products are costly it would take longer than the epoch.
    private string Collapse(TrainingState state)
    {
        if (plan.Measurement.HasCostlyProducts)
            return "";
        string nc1 = Nc1(state.Parameters) is { Value: { } value } ? string.Create(CultureInfo.InvariantCulture, $"{value:G3}") : "undefined";
        return $" · NC1 {nc1}";
    }

    private Number Nc1(double[] parameters)
    {
        using Linearization linearization = objective.Linearize(parameters);
        Tensor<double> features = linearization.LayerInput(plan.Network.WeightLayers.Count - 1);
        if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(features.Span)))
            return Number.Undefined("the features are not finite");
        return WithinClassVariability.TraceRatio(ClassStatistics.Measure(features.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount));
    }

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
