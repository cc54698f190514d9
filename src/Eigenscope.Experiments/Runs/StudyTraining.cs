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
internal sealed record Snapshot(int Epoch, int Step, double Seconds, double[] Parameters)
{
    /// <summary>When it was kept, to begin a line of progress.</summary>
    public string Moment { get; init; } = string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}");
}

/// <summary>The attempt that a study reports, with its snapshots, and how every attempt went.</summary>
internal sealed record TrainedNetwork(IReadOnlyList<Snapshot> Snapshots, TrainingOutcome Outcome, IReadOnlyList<AttemptReport> Attempts, int Rank);

/// <summary>One training from one start.</summary>
internal sealed record TrainedAttempt(TrainingOutcome Outcome, IReadOnlyList<Snapshot> Snapshots, AttemptReport Report)
{
    /// <summary>Of two that did not diverge the one of higher rank is better, then the one of lower objective.</summary>
    public bool IsBetterThan(TrainedAttempt other)
    {
        bool diverged = Outcome.Status == TrainingStatus.Diverged;
        bool otherDiverged = other.Outcome.Status == TrainingStatus.Diverged;
        if (diverged || otherDiverged)
            return otherDiverged && !diverged;
        return Report.Rank != other.Report.Rank ? Report.Rank > other.Report.Rank : Report.Loss.Value < other.Report.Loss.Value;
    }
}

/// <summary>
/// Trains, and trains again from a larger start when a run ended in a solution of lower rank (fewer directions between the class means of the logits than the network can have), or with a quarter of the
/// learning rate when it diverged. The attempt of highest rank and, among those, of lowest objective is kept. Without anyone who is told of progress, nothing is computed for it.
/// </summary>
internal sealed class StudyTraining(StudyPlan plan, Objective objective, RandomStream random, RunClock clock, Action<RunProgress>? progress, StudyCheckpoint? checkpoint = null)
{
    private const double ZeroLogits = 1e-6;
    private const double Nc1EveryShare = 0.02;
    private const double RateAfterDivergence = 0.25;
    private readonly List<AttemptReport> _attempts = [];
    private TrainedAttempt? _best;

    public TrainedNetwork Run(CancellationToken cancellation)
    {
        StudyPlace place = checkpoint?.Read() ?? new StudyPlace { Attempts = [], Scale = plan.Options.InitScale, Rate = plan.LearningRate, Snapshots = [], State = null, Seconds = 0.0 };
        _attempts.AddRange(place.Attempts);
        _best = place.Best;
        while (true)
        {
            TrainedAttempt current = RunOnce(place, cancellation);
            _attempts.Add(current.Report);
            if (_best is null || current.IsBetterThan(_best))
                _best = current;
            bool diverged = current.Outcome.Status == TrainingStatus.Diverged;
            if (_attempts.Count > plan.Options.Restarts || (!diverged && (cancellation.IsCancellationRequested || current.Report.Rank >= plan.FullRank)))
                break;
            double scale = diverged ? place.Scale : place.Scale * Math.Sqrt(2.0);
            double? rate = diverged ? place.Rate * RateAfterDivergence : place.Rate;
            place = Place(scale, rate, [], null, 0.0);
        }
        if (_best.Outcome.Status == TrainingStatus.Diverged)
            throw new RunFailedException(Failure());
        AttemptReport[] attempts = [.. _attempts.Select(report => report with { IsReported = ReferenceEquals(report, _best.Report) })];
        return new TrainedNetwork(_best.Snapshots, _best.Outcome, attempts, _best.Report.Rank);
    }

    private StudyPlace Place(double scale, double? rate, IReadOnlyList<Snapshot> snapshots, TrainingState? state, double seconds) =>
        new() { Attempts = _attempts, Best = _best, Scale = scale, Rate = rate, Snapshots = snapshots, State = state, Seconds = seconds };

    private string Failure()
    {
        string advice = _attempts[^1].LearningRate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $", the last with learning rate {rate:G3}; try a smaller --learning-rate")
            : "; try a smaller --init-scale";
        double largest = System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(plan.Data.Train.Inputs.Span);
        return string.Create(CultureInfo.InvariantCulture, $"training diverged in all {_attempts.Count} attempts{advice}, or inputs scaled to about 1 (the largest here is {Math.Abs(largest):G3})");
    }

    private TrainedAttempt RunOnce(StudyPlace place, CancellationToken cancellation)
    {
        RandomStream stream = random.Split($"attempt {_attempts.Count}");
        TrainingState start = place.State ?? TrainingState.Initial(plan.Network.Initialize(StudyRecipe.Initialization(plan.Options, place.Scale), stream.Split("initialisation")));
        List<Snapshot> snapshots = place.Snapshots.Count > 0 ? [.. place.Snapshots] : [new Snapshot(0, 0, 0.0, start.Parameters)];
        TrainingWatch watch = new(clock, place.Seconds);
        Trainer trainer = new(objective, plan.Decay, plan.Training with { Optimizer = StudyRecipe.Optimizer(plan.Options, place.Rate) }, stream.Split("batches"));
        HashSet<int> measured = [.. plan.MeasuredEpochs];
        TrainingOutcome outcome = trainer.Run(
            start,
            (step, state) =>
            {
                if (measured.Contains(step.Epoch))
                    snapshots.Add(new Snapshot(step.Epoch, step.Step, watch.Seconds, [.. state.Parameters]));
                watch.Exclude(() =>
                {
                    if (checkpoint is { IsDue: true })
                        checkpoint.Write(Place(place.Scale, place.Rate, snapshots, state, watch.Seconds));
                    Announce(step, state);
                });
            },
            cancellation);
        // What comes after training takes long too, and ends where training does.
        if (outcome.Status != TrainingStatus.Diverged)
            checkpoint?.Write(Place(place.Scale, place.Rate, snapshots, outcome.State, watch.Seconds));
        if (snapshots[^1].Epoch != outcome.State.Epoch || outcome.State.Batch > 0)
            snapshots.Add(new Snapshot(outcome.State.Epoch, outcome.Steps, watch.Seconds, outcome.State.Parameters));
        return Judge(outcome, snapshots, place);
    }

    private double Objective(double[] parameters) => objective.Evaluate(parameters).Loss + plan.Decay.Penalty(parameters);

    private TrainedAttempt Judge(TrainingOutcome outcome, List<Snapshot> snapshots, StudyPlace place)
    {
        double loss = outcome.Status == TrainingStatus.Diverged ? double.NaN : Objective(outcome.State.Parameters);
        // Steps that leave the objective above its start overshot, finite or not; but where statistics of batches are followed slowly, the stored ones lag behind for the first epochs, and the objective with them says little.
        bool overshot = outcome.Status == TrainingStatus.Finished && plan.Network.StateLength == plan.Network.ParameterCount && loss > Objective(snapshots[0].Parameters);
        bool diverged = !double.IsFinite(loss) || overshot;
        TrainingStatus status = diverged ? TrainingStatus.Diverged : outcome.Status;
        AttemptReport report = new(
            place.Scale,
            place.Rate,
            status.ToString().ToLowerInvariant(),
            outcome.State.Epoch,
            diverged ? Number.Undefined("training diverged") : Number.Of(loss),
            diverged ? 0 : LogitRank(outcome.State.Parameters),
            IsReported: false);
        return new TrainedAttempt(outcome with { Status = status }, snapshots, report);
    }

    /// <summary>Numerical rank of the centred class-mean logits; 0 when all their singular values are below 1e-6.</summary>
    private int LogitRank(double[] parameters)
    {
        Tensor<double> logits = objective.Logits(parameters);
        ClassStatistics statistics = ClassStatistics.Measure(logits.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount);
        RankProfile profile = RankProfile.Measure(statistics.CentredMeans.AsMatrix(), new RankOptions { TargetRank = plan.FullRank }, objective.Compute);
        return profile.SingularValues[0] >= ZeroLogits && profile.NumericalRank.Value is { } rank ? (int)rank : 0;
    }

    private void Announce(TrainingProgress step, TrainingState state)
    {
        if (progress is null)
            return;
        int every = Math.Max(1, (int)(Nc1EveryShare * step.Epochs));
        if (step.Epoch % every != 0 && step.Epoch != step.Epochs)
            return;
        string retry = _attempts.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · attempt {_attempts.Count + 1}");
        progress(new RunProgress("training", (double)step.Epoch / step.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs} · loss {step.Loss:G4} · accuracy {step.Accuracy:F3}{Collapse(state)}{retry}")));
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

    /// <summary>Seconds of training, less those spent on telling and keeping how far it is.</summary>
    private sealed class TrainingWatch(RunClock clock, double before)
    {
        private readonly long _start = clock.Timestamp;
        private double _excluded;

        public double Seconds => before + clock.SecondsSince(_start) - _excluded;

        public void Exclude(Action work)
        {
            long start = clock.Timestamp;
            work();
            _excluded += clock.SecondsSince(start);
        }
    }
}
