using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>What carries runs out, and what is asked of it: the same for all commands that have runs carried out.</summary>
public sealed record EngineOptions
{
    /// <summary>The name of the engine of processes on this machine.</summary>
    public const string Local = "local";

    /// <summary>The name of the engine that submits to a cluster.</summary>
    public const string Cluster = "slurm";

    /// <summary>local or slurm. Default local.</summary>
    public string Name { get; init; } = Local;

    /// <summary>Folder of the store; null takes <c>store</c> under the home folder.</summary>
    public string? Store { get; init; }

    /// <summary>Worker processes at once on this machine, ≥ 1; null takes the physical cores over the threads of a run.</summary>
    public int? Jobs { get; init; }

    /// <summary>Whether runs that failed are carried out again. Default false: only what is missing.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether nothing is run, and only what the store has is looked at. Default false.</summary>
    public bool Status { get; init; }

    /// <summary>Whether what waits or runs on a cluster is cancelled, and nothing is run. Default false.</summary>
    public bool Cancel { get; init; }

    /// <summary>Whether the end of what a cluster does is waited for. Default false: it is submitted and left to the cluster.</summary>
    public bool Wait { get; init; }

    /// <summary>What is asked of a cluster.</summary>
    public SlurmOptions Slurm { get; init; } = new();

    /// <summary>Whether a cluster is asked.</summary>
    internal bool IsCluster => Name is Cluster;

    /// <summary>What is wrong with them, in lines.</summary>
    internal IReadOnlyList<string> Faults()
    {
        OptionFaults faults = new();
        faults.RequireOneOf("--engine", Name, Local, Cluster);
        faults.Require(Jobs is null or >= 1, "--jobs", "at least 1", Jobs);
        if (IsCluster)
        {
            faults.Require(!(Cancel && (Wait || Resubmit)), "--cancel", "given without --wait and --resubmit", "");
            faults.Require(Jobs is null, "--jobs", "left to --engine local; --throttle bounds the tasks of a cluster", Jobs);
            faults.Add(Slurm.Faults());
        }
        else if (Cancel || Wait || !IsDefault(Slurm))
        {
            faults.Add(["--cancel, --wait, --pack, --throttle, --partition, --account, --time, --memory, --gres, --cpus and --sbatch need --engine slurm"]);
        }
        return faults.All;
    }

    /// <summary>Adds what was chosen to a report's configuration.</summary>
    internal void Describe(Dictionary<string, object?> config, RunSettings settings)
    {
        config["store"] = Sweep.StoreFolder(Store, settings);
        config["engine"] = Name;
        config["jobs"] = Jobs;
        config["resubmit"] = Resubmit;
        config["status"] = Status;
        config["cancel"] = Cancel;
        config["wait"] = Wait;
        config["slurm"] = IsCluster ? Slurm : null;
    }

    // Two empty lists are not equal, so both get the same.
    private static bool IsDefault(SlurmOptions given)
    {
        SlurmOptions standard = new();
        return given.Further.Count == 0 && given with { Further = standard.Further } == standard;
    }
}
