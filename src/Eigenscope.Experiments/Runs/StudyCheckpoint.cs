using System.Text.Json;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Reports;
using Eigenscope.Formats;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Runs;

/// <summary>How far the training of a study is: everything that going on needs to end at the same bits.</summary>
internal sealed record StudyPlace
{
    /// <summary>Attempts that are over.</summary>
    public required IReadOnlyList<AttemptReport> Attempts { get; init; }

    /// <summary>The best of them; null before the first is over.</summary>
    public TrainedAttempt? Best { get; init; }

    /// <summary>Factor on the initial weights of the attempt under way.</summary>
    public required double Scale { get; init; }

    /// <summary>Its learning rate.</summary>
    public required double? Rate { get; init; }

    /// <summary>Its snapshots so far; none when it has not begun.</summary>
    public required IReadOnlyList<Snapshot> Snapshots { get; init; }

    /// <summary>Its state; null when it has not begun.</summary>
    public required TrainingState? State { get; init; }

    /// <summary>Seconds that it has trained.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Writes and reads a <see cref="StudyPlace"/>: an NPZ file with the arrays, and a note with all else.</summary>
/// <param name="file">Where it is.</param>
/// <param name="fingerprint">The study, so that another's place is not taken for this one's.</param>
internal sealed class StudyCheckpoint(CheckpointFile file, string fingerprint)
{
    private const string NoteName = "note";
    private const string StateName = "state";
    private const string OptimizerPrefix = "optimizer/";
    private const string SnapshotPrefix = "snapshot/";
    private const string BestPrefix = "best/";

    public bool IsDue => file.IsDue;

    public void Write(StudyPlace place)
    {
        List<KeyValuePair<string, NpyArray>> arrays = [];
        Add(arrays, SnapshotPrefix, place.Snapshots);
        Add(arrays, BestPrefix, place.Best?.Snapshots ?? []);
        if (place.State is { } state)
        {
            arrays.Add(new(StateName, NpyArray.Create(state.Parameters, state.Parameters.Length)));
            foreach ((string name, double[] values) in state.Optimizer)
                arrays.Add(new(OptimizerPrefix + name, NpyArray.Create(values, values.Length)));
        }
        arrays.Add(new(NoteName, NpyText.Create(JsonSerializer.Serialize(Note.Of(fingerprint, place)))));
        file.Write(path => NpzFile.Write(path, arrays));
    }

    /// <summary>Reads the place; null when there is none.</summary>
    /// <exception cref="UsageException">The file is another study's, or damaged.</exception>
    public StudyPlace? Read()
    {
        if (!File.Exists(file.Path))
            return null;
        try
        {
            Note note = JsonSerializer.Deserialize<Note>(NpyText.Read(file.Path, NoteName)) ?? throw new JsonException("it is empty");
            if (!string.Equals(note.Fingerprint, fingerprint, StringComparison.Ordinal))
                return file.DiscardsDamaged ? null : throw new UsageException($"--checkpoint: '{file.Path}' belongs to a study with other options: give another file, or delete it to start over");
            return Read(note);
        }
        catch (Exception damage) when (damage is DataFormatException or JsonException or ArgumentException)
        {
            if (!file.DiscardsDamaged)
                throw new UsageException($"--checkpoint: '{file.Path}' is not a checkpoint of a study, or damaged: delete it to start over ({damage.Message.ReplaceLineEndings(" ")})", damage);
            return null;
        }
    }

    private StudyPlace Read(Note note)
    {
        AttemptReport[] attempts = [.. note.Attempts.Select(static attempt => attempt.ToReport())];
        return new StudyPlace
        {
            Attempts = attempts,
            Best = note.Best is { } best ? ReadBest(best, attempts[best.Attempt]) : null,
            Scale = note.Scale,
            Rate = note.Rate,
            Snapshots = ReadSnapshots(SnapshotPrefix, note.Snapshots),
            State = note.Epoch is { } epoch ? ReadState(epoch, note.Batch) : null,
            Seconds = note.Seconds,
        };
    }

    private TrainedAttempt ReadBest(BestNote best, AttemptReport report)
    {
        List<Snapshot> snapshots = ReadSnapshots(BestPrefix, best.Snapshots);
        TrainingState end = TrainingState.Initial(snapshots[^1].Parameters) with { Epoch = best.Epoch, Batch = best.Batch };
        return new TrainedAttempt(new TrainingOutcome(Enum.Parse<TrainingStatus>(best.Status), end, best.Steps), snapshots, report);
    }

    private TrainingState ReadState(int epoch, int batch)
    {
        Dictionary<string, double[]> optimizer = new(StringComparer.Ordinal);
        foreach (string name in NpzFile.Names(file.Path).Where(static name => name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
            optimizer[name[OptimizerPrefix.Length..]] = NpzFile.Read(file.Path, name).ToDoubles();
        return new TrainingState { Parameters = NpzFile.Read(file.Path, StateName).ToDoubles(), Epoch = epoch, Batch = batch, Optimizer = optimizer };
    }

    private List<Snapshot> ReadSnapshots(string prefix, IReadOnlyList<SnapshotNote> notes) =>
        [.. notes.Select((note, i) => new Snapshot(note.Epoch, note.Step, note.Seconds, NpzFile.Read(file.Path, FormattableString.Invariant($"{prefix}{i}")).ToDoubles()))];

    private static void Add(List<KeyValuePair<string, NpyArray>> arrays, string prefix, IReadOnlyList<Snapshot> snapshots)
    {
        for (int i = 0; i < snapshots.Count; i++)
            arrays.Add(new(FormattableString.Invariant($"{prefix}{i}"), NpyArray.Create(snapshots[i].Parameters, snapshots[i].Parameters.Length)));
    }

    private sealed record SnapshotNote(int Epoch, int Step, double Seconds)
    {
        public static SnapshotNote[] Of(IReadOnlyList<Snapshot> snapshots) => [.. snapshots.Select(static kept => new SnapshotNote(kept.Epoch, kept.Step, kept.Seconds))];
    }

    private sealed record AttemptNote(double Scale, double? Rate, string Status, int Epochs, double? Loss, string? Reason, int Rank)
    {
        public AttemptReport ToReport() => new(Scale, Rate, Status, Epochs, Loss is { } loss ? Number.Of(loss) : Number.Undefined(Reason!), Rank, IsReported: false);

        public static AttemptNote Of(AttemptReport report) => new(report.InitScale, report.LearningRate, report.Status, report.Epochs, report.Loss.Value, report.Loss.Reason, report.Rank);
    }

    private sealed record BestNote(int Attempt, string Status, int Epoch, int Batch, int Steps, IReadOnlyList<SnapshotNote> Snapshots);

    private sealed record Note(
        string Fingerprint, double Scale, double? Rate, double Seconds, int? Epoch, int Batch, IReadOnlyList<AttemptNote> Attempts, BestNote? Best, IReadOnlyList<SnapshotNote> Snapshots)
    {
        public static Note Of(string fingerprint, StudyPlace place)
        {
            TrainedAttempt? best = place.Best;
            int attempt = best is null ? -1 : Enumerable.Range(0, place.Attempts.Count).First(i => ReferenceEquals(place.Attempts[i], best.Report));
            BestNote? note = best is null ? null : new BestNote(attempt, best.Outcome.Status.ToString(), best.Outcome.State.Epoch, best.Outcome.State.Batch, best.Outcome.Steps, SnapshotNote.Of(best.Snapshots));
            return new Note(
                fingerprint, place.Scale, place.Rate, place.Seconds, place.State?.Epoch, place.State?.Batch ?? 0, [.. place.Attempts.Select(AttemptNote.Of)], note, SnapshotNote.Of(place.Snapshots));
        }
    }
}
