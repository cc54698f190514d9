using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>
/// Carries out the runs of a sweep as an array of Slurm jobs, and a job after it that collects the results. The results in the store are the truth: Slurm is asked only about runs that are not there, so nothing is
/// lost when it forgets them, and nothing is counted twice when it runs a task twice.
/// </summary>
public sealed class SlurmEngine
{
    private const int MostNameLetters = 40;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(15);
    private readonly RunStore _store;
    private readonly SlurmClient _client;
    private readonly TimeProvider _time;

    /// <summary>Creates the engine.</summary>
    /// <param name="store">Where results go, on a file system that every node sees.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="time">The clock.</param>
    public SlurmEngine(RunStore store, SlurmClient client, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _client, _time) = (store, client, time);
    }

    /// <summary>Submits the runs that are missing and not under way.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="missing">The places of the runs that the store has nothing of.</param>
    /// <param name="work">How the runs are started, and what is asked of the cluster.</param>
    /// <param name="cancellation">Ends the wait for Slurm's answers.</param>
    /// <returns>What was submitted.</returns>
    /// <exception cref="UsageException">Slurm is not there or refuses the jobs, an option is wrong, or a path cannot be told to Slurm.</exception>
    /// <exception cref="RunFailedException">The controller does not answer, or another process is submitting the same sweep.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public SlurmSubmitted Submit(SweepPlan plan, IReadOnlyList<int> missing, SlurmWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(work);
        work.Options.Validate();
        RequireNameable(_store.Folder, plan.Folder);
        SlurmLedger ledger = Ledger(plan);
        using FileStream held = ledger.Hold();
        SlurmQueue queue = SlurmQueue.Read(ledger, _client, cancellation);
        ledger.WriteFound(queue.Submissions);
        SlurmRun?[] states = [.. missing.Select(index => queue.Of(plan.Runs[index].Id))];
        int underWay = states.Count(static state => state is { IsUnderWay: true }), stuck = states.Count(static state => state is { State: SlurmRun.Stuck });
        if (work.FreesStuck)
            _client.Cancel([.. queue.Tasks.Where(static task => task.State == SlurmState.Stuck).Select(static task => string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Index}"))], cancellation);
        int[][] tasks = [.. missing.Where((_, place) => states[place] is not { } state || (!state.IsUnderWay && (work.FreesStuck || state.State is not SlurmRun.Stuck))).Chunk(work.Options.Pack)];
        if (tasks.Length == 0)
            return new SlurmSubmitted(0, 0, null, null, underWay, stuck);
        RequireArray(tasks.Length, work.Options.Pack, cancellation);
        SlurmSubmission submission = Submit(ledger, plan, tasks, work, cancellation);
        return new SlurmSubmitted(tasks.Sum(static task => task.Length), tasks.Length, submission.Job, submission.Collect, underWay, work.FreesStuck ? 0 : stuck);
    }

    /// <summary>What the queue says of the runs that the store has nothing of.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Ends the wait for Slurm's answers.</param>
    /// <returns>By identity; a run that was never submitted is not there.</returns>
    /// <exception cref="UsageException">Slurm is not there.</exception>
    /// <exception cref="RunFailedException">The controller does not answer.</exception>
    public IReadOnlyDictionary<string, SlurmRun> Status(SweepPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        SlurmQueue queue = SlurmQueue.Read(Ledger(plan), _client, cancellation).WithExitCodes(_client, cancellation);
        Dictionary<string, SlurmRun> states = new(StringComparer.Ordinal);
        foreach (string id in plan.Runs.Select(static run => run.Id))
        {
            if (!_store.IsOver(id) && queue.Of(id) is { } state)
                states[id] = state;
        }
        return states;
    }

    /// <summary>Cancels everything of a sweep that waits or runs. A run that runs keeps how far it is.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Ends the wait for Slurm's answers.</param>
    /// <returns>How many tasks waited or ran.</returns>
    /// <exception cref="UsageException">Slurm is not there.</exception>
    /// <exception cref="RunFailedException">The controller does not answer.</exception>
    public int Cancel(SweepPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        SlurmLedger ledger = Ledger(plan);
        using FileStream held = ledger.Hold();
        SlurmQueue queue = SlurmQueue.Read(ledger, _client, cancellation);
        HashSet<long> live = [.. queue.Tasks.Where(static task => task.IsUnderWay || task.State == SlurmState.Stuck).Select(static task => task.Job)];
        IEnumerable<long> collects = queue.Submissions.Where(submission => submission.Submission.Job is { } job && live.Contains(job)).Select(static submission => submission.Submission.Collect).OfType<long>();
        _client.Cancel([.. live.Concat(collects).Select(static id => id.ToString(CultureInfo.InvariantCulture))], cancellation);
        return queue.Tasks.Count(static task => task.IsUnderWay || task.State == SlurmState.Stuck);
    }

    /// <summary>Waits until no task of a sweep is under way any more. A controller that does not answer is waited for.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Told how many runs are over, or null.</param>
    /// <param name="cancellation">Stops waiting; the tasks go on.</param>
    /// <returns>Whether all have ended; false when it was cancelled.</returns>
    /// <exception cref="UsageException">Slurm is not there.</exception>
    public bool Wait(SweepPlan plan, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        for (TimeSpan pause = FirstLook; ; pause = pause * 1.5 < LongestLook ? pause * 1.5 : LongestLook)
        {
            if (cancellation.IsCancellationRequested)
                return false;
            if (!IsUnderWay(plan, out string word, cancellation))
                return !cancellation.IsCancellationRequested;
            int over = plan.Runs.Count(run => _store.IsOver(run.Id));
            progress?.Report(new RunProgress("sweep", over / (double)plan.Runs.Count, string.Create(CultureInfo.InvariantCulture, $"{over} of {plan.Runs.Count} runs over · {word}")));
            cancellation.WaitHandle.WaitOne(pause);
        }
    }

    private bool IsUnderWay(SweepPlan plan, out string word, CancellationToken cancellation)
    {
        word = "";
        try
        {
            SlurmQueue queue = SlurmQueue.Read(Ledger(plan), _client, cancellation);
            int running = queue.Tasks.Count(static task => task.State == SlurmState.Running), pending = queue.Tasks.Count(static task => task.State == SlurmState.Pending);
            word = string.Create(CultureInfo.InvariantCulture, $"{running} tasks running, {pending} waiting");
            return queue.IsUnderWay;
        }
        catch (RunFailedException silence)
        {
            word = silence.Message;
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private SlurmSubmission Submit(SlurmLedger ledger, SweepPlan plan, int[][] tasks, SlurmWork work, CancellationToken cancellation)
    {
        string folder = ledger.Create();
        DateTimeOffset now = _time.GetUtcNow();
        SlurmSubmission submission = new() { Name = JobName(plan.Name, folder, now), Submitted = now, Tasks = [.. tasks.Select(task => (IReadOnlyList<string>)[.. task.Select(index => plan.Runs[index].Id)])] };
        (string task, string collect) = WriteFiles(ledger, folder, submission.Name, plan, tasks, work);
        // Written down before sbatch is asked: whatever happens then, the job can be found by its name.
        ledger.Write(folder, submission);
        try
        {
            submission = submission with { Job = _client.Submit(new SlurmJob(task) { Tasks = tasks.Length, Throttle = work.Options.Throttle }, cancellation) };
        }
        catch (UsageException)
        {
            ledger.Delete(folder);
            throw;
        }
        ledger.Write(folder, submission);
        submission = submission with { Collect = SubmitCollect(collect, submission.Job.Value, cancellation) };
        ledger.Write(folder, submission);
        return submission;
    }

    // The runs are queued by now: that must not look like a command that did nothing.
    private long SubmitCollect(string script, long after, CancellationToken cancellation)
    {
        try
        {
            return _client.Submit(new SlurmJob(script) { After = [after] }, cancellation);
        }
        catch (UsageException refusal)
        {
            throw new RunFailedException(string.Create(CultureInfo.InvariantCulture, $"the runs are queued as job {after}, but the job that would collect after it was not taken: {refusal.Message}; 'sweep --status' with --json, --csv or --report collects when they are over"), refusal);
        }
    }

    private static (string Task, string Collect) WriteFiles(SlurmLedger ledger, string folder, string name, SweepPlan plan, int[][] tasks, SlurmWork work)
    {
        // A recipe without a name is called as its file is.
        string recipe = Path.Combine(folder, $"{plan.Name}.yaml"), batch = Path.Combine(folder, "batch.txt"), task = Path.Combine(folder, "task.sh"), collect = Path.Combine(folder, "collect.sh"), logs = JobScript.Escape(Path.Combine(folder, "logs"));
        JobScript script = new(work.Program, work.Environment, plan.Folder);
        SlurmOptions options = work.Options with { Cpus = work.Options.Cpus ?? plan.Threads };
        if (work.Recipe is not null)
            ledger.WriteText(recipe, File.ReadAllText(work.Recipe));
        ledger.WriteText(batch, string.Concat(tasks.Select(static runs => $"{string.Join(',', runs.Select(static index => index.ToString(CultureInfo.InvariantCulture)))}\n")));
        ledger.WriteText(task, script.Task(name, $"{logs}/%a.log", options, [.. work.TaskArguments, "--batch", batch, "--task"]));
        ledger.WriteText(collect, script.Once($"{name}-collect", $"{logs}/collect.log", options, [.. work.CollectCommand, .. work.Recipe is null ? Array.Empty<string>() : [recipe], .. work.CollectArguments]));
        return (task, collect);
    }

    private void RequireArray(int tasks, int pack, CancellationToken cancellation)
    {
        if (_client.MaxTasks(cancellation) is { } most && tasks > most)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{tasks:N0} tasks are to be submitted, and an array has at most {most:N0} here: take --pack {((long)tasks * pack + most - 1) / most} or more"));
    }

    private static void RequireNameable(params string[] paths)
    {
        if (Array.Find(paths, static path => !JobScript.CanName(path)) is { } path)
            throw new UsageException($"Slurm cannot be told of the folder '{path}': expected a path without a backslash or a line break");
    }

    // Letters that need no quotes anywhere, and what makes it the only one of its name.
    private static string JobName(string sweep, string folder, DateTimeOffset now)
    {
        string letters = new([.. sweep.Where(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.').Take(MostNameLetters)]);
        byte[] whole = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{folder}\n{now:O}")));
        return $"eigenscope-{letters}-{Path.GetFileName(folder)}-{Convert.ToHexStringLower(whole.AsSpan(0, 4))}";
    }

    private SlurmLedger Ledger(SweepPlan plan) => new(_store, new SweepFolder(_store, plan.Name).Path);
}
