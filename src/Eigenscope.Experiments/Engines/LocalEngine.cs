using System.ComponentModel;
using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Engines;

/// <summary>
/// A pool of worker processes on this machine, one run each, so that one run's memory and mishaps are its own. As many at once as there are cores for, and no further one while the free memory is less than
/// what a run of this sweep was seen to take.
/// </summary>
public sealed class LocalEngine
{
    private const int MostDeaths = 2;
    private const double MemoryMargin = 1.2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly RunStore _store;
    private readonly WorkerProgram _program;
    private readonly TimeProvider _time;
    private readonly int _jobs;
    private readonly Dictionary<int, int> _deaths = [];
    private long _peak;

    /// <summary>Creates the engine.</summary>
    /// <param name="store">Where results go.</param>
    /// <param name="program">What to start.</param>
    /// <param name="jobs">Most workers at once, ≥ 1; null takes the physical cores over the threads of a run.</param>
    /// <param name="threads">Threads of a run.</param>
    /// <param name="time">The clock.</param>
    public LocalEngine(RunStore store, WorkerProgram program, int? jobs, int threads, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _program, _time) = (store, program, time);
        _jobs = jobs ?? Math.Max(1, PhysicalCores.Count() / threads);
    }

    /// <summary>Carries out runs until all are in the store, done or failed, or it is cancelled.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="planPath">Its file.</param>
    /// <param name="indices">The runs that are missing.</param>
    /// <param name="progress">Told how many are over, or null.</param>
    /// <param name="cancellation">Lets the workers keep how far they are, and stops.</param>
    /// <exception cref="RunFailedException">Workers cannot be started, or cannot write to the store.</exception>
    public void Run(SweepPlan plan, string planPath, IReadOnlyList<int> indices, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(indices);
        Queue<int> waiting = new(indices);
        List<Worker> running = [];
        try
        {
            while ((waiting.Count > 0 || running.Count > 0) && !cancellation.IsCancellationRequested)
            {
                while (waiting.Count > 0 && running.Count < _jobs && HasMemory(running.Count))
                    running.Add(Start(plan, planPath, waiting.Dequeue()));
                Announce(progress, indices.Count, waiting.Count, running.Count);
                Task.WaitAny(running.Select(static worker => worker.Ended).ToArray(), Look);
                Collect(plan, running, waiting);
            }
        }
        finally
        {
            Stop(running);
        }
    }

    private Worker Start(SweepPlan plan, string planPath, int index)
    {
        try
        {
            return new Worker(index, _program.Start(_store, planPath, plan.Folder, index), _time);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
        {
            throw new RunFailedException($"a worker process could not be started ('{_program.File}' in '{plan.Folder}'): {RunStore.OneLine(failure)}", failure);
        }
    }

    private void Collect(SweepPlan plan, List<Worker> running, Queue<int> waiting)
    {
        foreach (Worker worker in running.ToArray())
        {
            _peak = Math.Max(_peak, worker.PeakBytes);
            if (!worker.HasEnded)
                continue;
            running.Remove(worker);
            using (worker)
            {
                if (!_store.IsOver(plan.Runs[worker.Index].Id))
                    Retry(plan, worker, waiting);
            }
        }
    }

    // A process that died may have been unlucky: killed by hand, or for memory. One that dies twice has a reason.
    private void Retry(SweepPlan plan, Worker worker, Queue<int> waiting)
    {
        if (worker.ExitCode == WorkerProgram.StoreFailed)
            throw new RunFailedException($"the store in '{_store.Folder}' cannot be written: {worker.LastWords}; what is done stays, and the same command goes on from there");
        int deaths = _deaths[worker.Index] = _deaths.GetValueOrDefault(worker.Index) + 1;
        if (deaths < MostDeaths)
        {
            waiting.Enqueue(worker.Index);
            return;
        }
        SweepRun run = plan.Runs[worker.Index];
        string said = worker.LastWords is { Length: > 0 } words ? $": {words}" : "";
        string error = string.Create(CultureInfo.InvariantCulture, $"its process ended twice without a result, the last time with exit code {worker.ExitCode}{said}");
        _store.Fail(plan.Record(run, error, _time.GetUtcNow(), worker.Seconds));
    }

    // One run may always go on; a further one when it is likely to find what those before it took.
    private bool HasMemory(int running) => running == 0 || Machine.AvailableBytes() is not { } free || free > MemoryMargin * _peak;

    private static void Announce(IProgress<RunProgress>? progress, int all, int waiting, int running)
    {
        int over = all - waiting - running;
        progress?.Report(new RunProgress("sweep", all == 0 ? 1.0 : over / (double)all, string.Create(CultureInfo.InvariantCulture, $"{over} of {all} runs over · {running} running")));
    }

    private static void Stop(List<Worker> running)
    {
        foreach (Worker worker in running)
            worker.AskToStop();
        Task.WaitAll([.. running.Select(static worker => worker.Ended)], Patience);
        foreach (Worker worker in running)
            worker.Dispose();
    }
}
