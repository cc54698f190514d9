using System.Globalization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>
/// Talks to Slurm through its own programs (<c>sbatch</c>, <c>squeue</c>, <c>scontrol</c>, <c>scancel</c>), which find the cluster as they always do. Needs no accounting database.
/// Every call throws <see cref="UsageException"/> where the programs are missing, and <see cref="RunFailedException"/> where the controller does not answer or refuses.
/// </summary>
/// <param name="runner">Runs the programs.</param>
/// <param name="environment">Variables set for them, by name (SLURM_CONF).</param>
public sealed class SlurmClient(ProcessRunner runner, IReadOnlyDictionary<string, string?> environment)
{
    // A controller that is down makes a client try for 9 to 20 seconds before it says so.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    /// <summary>Submits a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>Its id; for an array, that of the whole.</returns>
    /// <exception cref="UsageException">The cluster refuses the job for what it asks for: the message is Slurm's.</exception>
    public long Submit(SlurmJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        ProcessOutcome outcome = Call("sbatch", [.. SubmitArguments(job)], cancellation);
        if (!outcome.Succeeded)
            throw Refused("sbatch", outcome);
        return SlurmAnswers.JobId(outcome.Output) ?? throw new RunFailedException($"sbatch did not tell a job id, but: {Line(outcome.Output)}");
    }

    /// <summary>The tasks of some jobs, in no particular order. A job that Slurm no longer knows has none.</summary>
    /// <param name="jobs">Ids of jobs and arrays.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>Every task that Slurm knows of, without exit codes.</returns>
    public IReadOnlyList<SlurmTask> Tasks(IReadOnlyCollection<long> jobs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (jobs.Count == 0)
            return [];
        ProcessOutcome outcome = Call("squeue", ["-h", "-r", "-t", "all", "-o", SlurmAnswers.QueueFormat, "-j", Join(jobs)], cancellation);
        if (!outcome.Succeeded && !IsForgotten(outcome))
            throw Refused("squeue", outcome);
        return SlurmAnswers.Queue(outcome.Output);
    }

    /// <summary>The jobs of a name, the caller's own or another user's.</summary>
    /// <param name="name">The name, without a comma.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>Their ids, each once, ascending.</returns>
    public IReadOnlyList<long> Find(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ProcessOutcome outcome = Call("squeue", ["-h", "-r", "-t", "all", "-o", SlurmAnswers.QueueFormat, $"--name={name}"], cancellation);
        if (!outcome.Succeeded)
            throw Refused("squeue", outcome);
        return [.. SlurmAnswers.Queue(outcome.Output).Select(static task => task.Job).Distinct().Order()];
    }

    /// <summary>Adds the exit codes to tasks that ended in failure.</summary>
    /// <param name="tasks">Tasks, as <see cref="Tasks"/> gives them.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>The same tasks in the same order; one that Slurm has forgotten meanwhile keeps no exit code.</returns>
    public IReadOnlyList<SlurmTask> WithExitCodes(IReadOnlyList<SlurmTask> tasks, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Dictionary<long, IReadOnlyDictionary<int, (int ExitCode, int Signal)>> ends = tasks.Where(static task => task.State == SlurmState.Failed).Select(static task => task.Job).Distinct()
            .ToDictionary(static job => job, job => Ends(job, cancellation));
        return [.. tasks.Select(task => task.State == SlurmState.Failed && task.Index is { } index && ends[task.Job].TryGetValue(index, out (int ExitCode, int Signal) end)
            ? task with { ExitCode = end.ExitCode, Signal = end.Signal }
            : task)];
    }

    /// <summary>Cancels jobs, or some tasks of them. What has ended or is not known stays as it is.</summary>
    /// <param name="jobs">Ids: "17" for a job or a whole array, "17_3" for one task.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    public void Cancel(IReadOnlyList<string> jobs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (jobs.Count == 0)
            return;
        ProcessOutcome outcome = Call("scancel", jobs, cancellation);
        if (!outcome.Succeeded && !IsForgotten(outcome))
            throw Refused("scancel", outcome);
    }

    /// <summary>The most tasks that one array may have here.</summary>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>The number; null where the controller does not tell it.</returns>
    public int? MaxTasks(CancellationToken cancellation)
    {
        ProcessOutcome outcome = Call("scontrol", ["show", "config"], cancellation);
        return outcome.Succeeded ? SlurmAnswers.MaxTasks(outcome.Output) : throw Refused("scontrol", outcome);
    }

    private static IEnumerable<string> SubmitArguments(SlurmJob job)
    {
        yield return "--parsable";
        if (job.Tasks is { } tasks)
            yield return string.Create(CultureInfo.InvariantCulture, $"--array=0-{tasks - 1}{(job.Throttle is { } throttle ? $"%{throttle}" : "")}");
        if (job.After.Count > 0)
            yield return $"--dependency=afterany:{string.Join(':', job.After.Select(static id => id.ToString(CultureInfo.InvariantCulture)))}";
        yield return job.Script;
    }

    private IReadOnlyDictionary<int, (int ExitCode, int Signal)> Ends(long job, CancellationToken cancellation)
    {
        ProcessOutcome outcome = Call("scontrol", ["-o", "show", "job", job.ToString(CultureInfo.InvariantCulture)], cancellation);
        return outcome.Succeeded || IsForgotten(outcome) ? SlurmAnswers.Ends(outcome.Output) : throw Refused("scontrol", outcome);
    }

    private ProcessOutcome Call(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessOutcome outcome = runner.Run(new ProcessRequest(program, arguments) { Environment = environment, TimeLimit = TimeLimit }, cancellation);
        return outcome.Ending switch
        {
            ProcessEnding.NotFound => throw new UsageException($"--engine slurm needs Slurm's own program {program} on the PATH ({Line(outcome.Error)}): start from a login node of the cluster, or take --engine local"),
            ProcessEnding.TimedOut => throw new RunFailedException(string.Create(CultureInfo.InvariantCulture, $"{program} did not answer within {TimeLimit.TotalSeconds:0} s: try again when the cluster's controller answers (scontrol ping)")),
            _ => outcome,
        };
    }

    // What sbatch says when it certainly took nothing. Any other failure may have followed a job that was taken: an answer that got lost.
    private static readonly string[] Refusals =
        ["invalid", "unrecognized", "unknown option", "requires an argument", "Requested", "violates", "not permitted", "denied", "not available", "Unable to open file", "Memory specification", "More processors requested", "disabled"];

    private static bool IsForgotten(ProcessOutcome outcome) => outcome.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    private static Exception Refused(string program, ProcessOutcome outcome)
    {
        string said = Line(outcome.Error.Length > 0 ? outcome.Error : outcome.Output);
        if (said.Contains("Unable to contact slurm controller", StringComparison.OrdinalIgnoreCase) || said.Contains("Socket timed out", StringComparison.OrdinalIgnoreCase))
            return new RunFailedException($"Slurm's controller does not answer ({said}): what is in its queue stays there, try again later (scontrol ping tells when)");
        string message = string.Create(CultureInfo.InvariantCulture, $"{program} refused (exit code {outcome.ExitCode}): {said}");
        if (!string.Equals(program, "sbatch", StringComparison.Ordinal))
            return new RunFailedException(message);
        return Array.Exists(Refusals, word => said.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? new UsageException(message)
            : new RunFailedException(string.Create(CultureInfo.InvariantCulture, $"sbatch ended with exit code {outcome.ExitCode} ({said}), and whether it took the job is not known: 'sweep --status' looks for it by its name, and the same command submits again only what is not there"));
    }

    private static string Join(IEnumerable<long> jobs) => string.Join(',', jobs.Select(static id => id.ToString(CultureInfo.InvariantCulture)));

    private static string Line(string text) => string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
