using System.Text.Json;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>
/// Carries out runs of a plan, one after the other, in this process: what both engines start. A run that the store has is left alone; one that ends with a message is kept as failed; one that is interrupted leaves
/// its checkpoint. To carry out the same run twice at once is safe: both publish the same, and the first to do so stays.
/// </summary>
public sealed class SweepWorker
{
    private readonly RunStore _store;
    private readonly RunPreparation _prepare;
    private readonly TimeProvider _time;

    /// <summary>Creates a worker.</summary>
    /// <param name="store">Where results go.</param>
    /// <param name="prepare">Understands command lines.</param>
    /// <param name="time">The clock.</param>
    public SweepWorker(RunStore store, RunPreparation prepare, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prepare);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _prepare, _time) = (store, prepare, time);
    }

    /// <summary>Reads a plan that the store keeps.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="UsageException">The file is not a plan.</exception>
    public static SweepPlan LoadPlan(string path) => SweepFolder.Load(path);

    /// <summary>Carries out some runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="indices">Their places in it.</param>
    /// <param name="progress">Told how far the run under way is, or null.</param>
    /// <param name="cancellation">Stops the run under way at its next checkpoint, and starts no other.</param>
    /// <returns>Whether all of them are in the store now, done or failed; false when it was cancelled.</returns>
    /// <exception cref="UsageException">An index is not one of the plan's.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public bool Run(SweepPlan plan, IReadOnlyList<int> indices, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(indices);
        foreach (int index in indices)
        {
            if (index < 0 || index >= plan.Runs.Count)
                throw new UsageException($"--runs: expected indices from 0 to {plan.Runs.Count - 1}, got {index}");
        }
        foreach (int index in indices)
        {
            if (cancellation.IsCancellationRequested || !RunOne(plan, plan.Runs[index], progress, cancellation))
                return false;
        }
        return true;
    }

    private bool RunOne(SweepPlan plan, SweepRun run, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (_store.IsOver(run.Id))
            return true;
        long start = _time.GetTimestamp();
        Report report;
        try
        {
            PreparedRun prepared = _prepare(run.Arguments);
            CheckpointFile checkpoint = new(_store.CheckpointOf(run.Id), _store.Files, _time) { DiscardsDamaged = true, Every = TimeSpan.FromSeconds(plan.CheckpointSeconds) };
            report = prepared.Run(prepared.Settings with { Checkpoint = checkpoint }, progress, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        // One run's mishap, even a defect of the program, is no reason not to carry out the next.
        catch (Exception failure) when (failure is not StoreException)
        {
            _store.Fail(Record(plan, run, start, Reason(failure)));
            return true;
        }
        if (report.IsPartial)
            return false;
        if (report.Failure is { } reason)
            _store.Fail(Record(plan, run, start, reason));
        else
            Publish(plan, run, start, report);
        return true;
    }

    private static string Reason(Exception failure) => failure switch
    {
        OutOfMemoryException => "not enough memory for this run",
        RunFailedException or UsageException or IOException or UnauthorizedAccessException => RunStore.OneLine(failure),
        _ => $"a defect of the program ({failure.GetType().Name}: {RunStore.OneLine(failure)})",
    };

    private void Publish(SweepPlan plan, SweepRun run, long start, Report report)
    {
        using MemoryStream json = new();
        ReportJson.Write(report, json);
        using JsonDocument document = JsonDocument.Parse(json.GetBuffer().AsMemory(0, (int)json.Length));
        RunRecord record = Record(plan, run, start, error: null) with { Facts = RunFacts.Read(document.RootElement) };
        List<(string Name, Action<string> Write)> files = [(RunStore.ReportName, path => AtomicFile.Write(path, json.WriteTo))];
        if (plan.KeepsArrays)
            files.Add((RunStore.ArraysName, path => ArraysFile.Write(path, report.Arrays.Value)));
        if (plan.KeepsModels && report.SaveModel is { } save)
            files.Add((RunStore.CheckpointName, save));
        _store.Publish(record, files);
    }

    private RunRecord Record(SweepPlan plan, SweepRun run, long start, string? error) => plan.Record(run, error, _time.GetUtcNow(), _time.GetElapsedTime(start).TotalSeconds);
}
