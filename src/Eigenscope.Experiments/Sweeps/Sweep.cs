using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A grid of runs: planned as a whole, carried out by an engine, kept in a store, seen together.</summary>
public static class Sweep
{
    private const string StoreName = "store";

    /// <summary>Folder of the store that options and settings mean.</summary>
    /// <param name="store">What the user chose, or null.</param>
    /// <param name="settings">The home folder.</param>
    /// <returns>Its path.</returns>
    public static string StoreFolder(string? store, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return store ?? Path.Combine(HomeFolder.Resolve(settings.Home).Path, StoreName);
    }

    /// <summary>Carries out what is missing, and reports all.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Home folder, threads of this process.</param>
    /// <param name="host">What the face gives.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told how many runs are over, or null.</param>
    /// <param name="cancellation">Lets the runs under way keep how far they are, and stops.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">The recipe or the store is not what is expected; nothing was run.</exception>
    /// <exception cref="RunFailedException">Workers cannot be started, the store cannot be written, or a cluster's controller does not answer.</exception>
    public static Report Run(SweepOptions options, RunSettings settings, SweepHost host, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(time);
        OptionFaults faults = new();
        faults.Add(options.Engine.Faults());
        faults.ThrowIfAny();
        SweepPlan plan = SweepPlanner.Plan(SweepRecipe.Load(options.Recipe), host.Folder, host.Prepare);
        RunStore store = OpenStore(options.Engine, settings);
        SweepResult result = Carry(plan, PlanOrigin.Of(options.Recipe), options.Engine, host, store, time, progress, cancellation);
        return SweepReporting.Report(plan, result, options, settings, RunHost.Start(settings));
    }

    /// <summary>Carries out what the store does not have of a plan, by the engine of the options, and reads what it has then.</summary>
    internal static SweepResult Carry(SweepPlan plan, PlanOrigin origin, EngineOptions options, SweepHost host, RunStore store, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation) =>
        options.IsCluster
            ? new SlurmSweep(options, origin, host, store, time).Run(plan, progress, cancellation)
            : RunLocally(options, origin, host, store, plan, time, progress, cancellation);

    private static SweepResult RunLocally(EngineOptions options, PlanOrigin origin, SweepHost host, RunStore store, SweepPlan plan, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<int> missing = [];
        if (!options.Status)
        {
            string planPath = store.Writing(() =>
            {
                store.SweepUp(time);
                missing = Missing(store, plan, options.Resubmit);
                return new SweepFolder(store, plan.Name).Save(plan, origin.Text);
            });
            new LocalEngine(store, host.Program, options.Jobs, plan.Threads, time).Run(plan, planPath, missing, progress, cancellation);
        }
        return SweepReading.Read(store, plan, missing.Count(index => store.IsOver(plan.Runs[index].Id)), cancellation.IsCancellationRequested);
    }

    // Who only looks, or calls off, has misspelt a store that is not there.
    internal static RunStore OpenStore(EngineOptions options, RunSettings settings)
    {
        string folder = StoreFolder(options.Store, settings);
        return options.Status || options.Cancel
            ? RunStore.Open(folder, StoreFiles.Disk) ?? throw new UsageException($"--store: there is no store of runs in '{folder}'")
            : RunStore.Create(folder, StoreFiles.Disk);
    }

    // A failed run has said why, and would again; a damaged one is put out of the way first. Two combinations may be one run: it is carried out once.
    internal static List<int> Missing(RunStore store, SweepPlan plan, bool resubmit)
    {
        List<int> missing = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int index = 0; index < plan.Runs.Count; index++)
        {
            string id = plan.Runs[index].Id;
            if (!seen.Add(id))
                continue;
            if (resubmit)
                Forget(store, id);
            if (!store.IsOver(id))
                missing.Add(index);
        }
        return missing;
    }

    private static void Forget(RunStore store, string id)
    {
        store.ForgetFailure(id);
        if (!store.Has(id))
            return;
        try
        {
            store.Read(id);
        }
        catch (DamagedRunException)
        {
            store.SetAside(id);
        }
    }
}
