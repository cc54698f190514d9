using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep whose runs a cluster carries out: what one command does of it.</summary>
internal sealed class SlurmSweep(EngineOptions options, PlanOrigin origin, SweepHost host, RunStore store, TimeProvider time)
{
    private readonly SlurmEngine _engine = new(store, host.Slurm, time);

    /// <summary>Does what the options ask for, and reads what there is then.</summary>
    public SweepResult Run(SweepPlan plan, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        SweepFolder folder = new(store, plan.Name);
        SlurmReport report = new() { Collected = Collected(folder), Folder = new SlurmLedger(store, folder.Path).Path };
        IReadOnlyList<int> missing = [];
        if (options.Cancel)
        {
            report = report with { Cancelled = _engine.Cancel(plan, cancellation) };
        }
        else if (!options.Status)
        {
            // Before anything is forgotten: is there an answer at all?
            _engine.Status(plan, cancellation);
            string planPath = store.Writing(() =>
            {
                missing = Sweep.Missing(store, plan, options.Resubmit);
                return folder.Save(plan, origin.Text);
            });
            report = report with { Submitted = Submit(plan, planPath, missing, folder, cancellation) };
        }
        if (options.Wait)
            _engine.Wait(plan, progress, cancellation);
        return Read(plan, missing, report, cancellation);
    }

    private SlurmSubmitted Submit(SweepPlan plan, string planPath, IReadOnlyList<int> missing, SweepFolder folder, CancellationToken cancellation)
    {
        IReadOnlyList<string> command = host.Program.CommandLine(store.Folder, planPath);
        int words = 1 + host.Program.Arguments.Count;
        SlurmSubmitted submitted = _engine.Submit(plan, missing, new SlurmWork
        {
            Program = [.. command.Take(words)],
            TaskArguments = [.. command.Skip(words)],
            Recipe = origin.Recipe,
            CollectCommand = origin.CollectCommand,
            CollectArguments = Collecting(folder),
            Environment = host.Variables,
            Options = options.Slurm,
            FreesStuck = options.Resubmit,
        }, cancellation);
        // What a task on another machine is writing is not always seen to be held: it is swept up when there is none.
        if (submitted is { Runs: 0, UnderWay: 0 })
            store.SweepUp(time);
        return submitted;
    }

    private List<string> Collecting(SweepFolder folder)
    {
        List<string> arguments = ["--store", store.Folder, "--status", "--json", Result(folder, "json")];
        if (origin.WritesTable)
            arguments.AddRange(["--csv", Result(folder, "csv")]);
        if (host.WritesPages)
            arguments.AddRange(["--report", Result(folder, "html")]);
        return arguments;
    }

    private IReadOnlyList<string> Collected(SweepFolder folder) =>
        [.. ((string[])["json", .. origin.WritesTable ? ["csv"] : Array.Empty<string>(), .. host.WritesPages ? ["html"] : Array.Empty<string>()]).Select(kind => Result(folder, kind))];

    private static string Result(SweepFolder folder, string kind) => Path.Combine(folder.Path, $"result.{kind}");

    // Interrupted or not, what the store has is told.
    private SweepResult Read(SweepPlan plan, IReadOnlyList<int> missing, SlurmReport report, CancellationToken cancellation)
    {
        bool isInterrupted = cancellation.IsCancellationRequested;
        IReadOnlyDictionary<string, SlurmRun> states = isInterrupted ? new Dictionary<string, SlurmRun>(StringComparer.Ordinal) : _engine.Status(plan, cancellation);
        SweepResult result = SweepReading.Read(store, plan, missing.Count(index => store.IsOver(plan.Runs[index].Id)), isInterrupted);
        return result with
        {
            Slurm = report,
            Runs = [.. result.Runs.Select(run => run.Status is RunRecord.Missing && states.TryGetValue(run.Id, out SlurmRun? state) ? run with { Slurm = state } : run)],
        };
    }
}
