using System.Globalization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What Slurm says of the submissions of a sweep, run by run.</summary>
internal sealed class SlurmQueue
{
    private readonly Dictionary<string, List<Attempt>> _attempts = new(StringComparer.Ordinal);

    private SlurmQueue(IReadOnlyList<(string Folder, SlurmSubmission Submission)> submissions, IReadOnlyList<SlurmTask> tasks)
    {
        Submissions = submissions;
        Tasks = tasks;
        ILookup<(string Name, long Job), SlurmTask> known = tasks.ToLookup(static task => (task.Name, task.Job));
        foreach ((string folder, SlurmSubmission submission) in submissions)
        {
            Dictionary<int, SlurmTask> byIndex = submission.Job is { } job ? known[(submission.Name, job)].Where(static task => task.Index is not null).ToDictionary(static task => task.Index!.Value) : [];
            for (int index = 0; index < submission.Tasks.Count; index++)
                Add(submission.Tasks[index], new Attempt(folder, submission.Job, byIndex.GetValueOrDefault(index) ?? SlurmTask.Gone(submission.Job ?? 0, index)));
        }
    }

    /// <summary>The submissions, each with the id that Slurm knows it by.</summary>
    public IReadOnlyList<(string Folder, SlurmSubmission Submission)> Submissions { get; }

    /// <summary>Every task of them that Slurm knows of.</summary>
    public IReadOnlyList<SlurmTask> Tasks { get; }

    /// <summary>Whether any task may still bring results.</summary>
    public bool IsUnderWay => Tasks.Any(static task => task.Index is not null && task.IsUnderWay);

    /// <summary>Asks Slurm. A submission whose id was not written down, because whoever submitted was stopped before Slurm's answer, is looked for by its name.</summary>
    public static SlurmQueue Read(SlurmLedger ledger, SlurmClient client, CancellationToken cancellation)
    {
        List<(string Folder, SlurmSubmission Submission)> submissions = [];
        foreach ((string folder, SlurmSubmission submission) in ledger.Read())
            submissions.Add((folder, submission.Job is null ? submission with { Job = Find(client, submission.Name, cancellation) } : submission));
        HashSet<string> names = [.. submissions.Select(static submission => submission.Submission.Name)];
        IReadOnlyList<SlurmTask> tasks = client.Tasks([.. submissions.Select(static submission => submission.Submission.Job).OfType<long>()], cancellation);
        return new SlurmQueue(submissions, [.. tasks.Where(task => names.Contains(task.Name))]);
    }

    /// <summary>What the queue says of a run.</summary>
    /// <param name="id">Its identity.</param>
    /// <returns>The best that any of its attempts still promises, and among equals the latest; null for a run that was never submitted.</returns>
    public SlurmRun? Of(string id)
    {
        if (!_attempts.TryGetValue(id, out List<Attempt>? attempts))
            return null;
        Attempt best = attempts.LastOrDefault(static attempt => attempt.Task.State == SlurmState.Running)
            ?? attempts.LastOrDefault(static attempt => attempt.Task.IsUnderWay)
            ?? attempts.LastOrDefault(static attempt => attempt.Task.State == SlurmState.Stuck)
            ?? attempts[^1];
        string index = best.Task.Index!.Value.ToString(CultureInfo.InvariantCulture);
        string? job = best.Job is { } array ? string.Create(CultureInfo.InvariantCulture, $"{array}_{index}") : null;
        return new SlurmRun(Word(best.Task.State), job, best.Task.Describe(), Path.Combine(best.Folder, "logs", $"{index}.log"));
    }

    /// <summary>The same with exit codes of the tasks that failed.</summary>
    public SlurmQueue WithExitCodes(SlurmClient client, CancellationToken cancellation) => new(Submissions, client.WithExitCodes(Tasks, cancellation));

    private static long? Find(SlurmClient client, string name, CancellationToken cancellation) => client.Find(name, cancellation) is [.., long job] ? job : null;

    private static string Word(SlurmState state) => state switch
    {
        SlurmState.Pending => SlurmRun.Pending,
        SlurmState.Running => SlurmRun.Running,
        SlurmState.Stuck => SlurmRun.Stuck,
        SlurmState.Failed => SlurmRun.Failed,
        SlurmState.Unknown => SlurmRun.Unknown,
        _ => SlurmRun.Lost,
    };

    private void Add(IReadOnlyList<string> runs, Attempt attempt)
    {
        foreach (string run in runs)
        {
            if (!_attempts.TryGetValue(run, out List<Attempt>? attempts))
                _attempts[run] = attempts = [];
            attempts.Add(attempt);
        }
    }

    private sealed record Attempt(string Folder, long? Job, SlurmTask Task);
}
