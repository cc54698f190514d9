using Eigenscope.Experiments.Engines.Slurm;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The options of <c>sweep</c>, as a user gives them.</summary>
public sealed record SweepOptions
{
    /// <summary>The recipe, a YAML file.</summary>
    public required string Recipe { get; init; }

    /// <summary>Folder of the store; null takes <c>store</c> under the home folder.</summary>
    public string? Store { get; init; }

    /// <summary>local or slurm. Default local.</summary>
    public string Engine { get; init; } = "local";

    /// <summary>Worker processes at once on this machine, ≥ 1; null takes the physical cores over the threads of a run.</summary>
    public int? Jobs { get; init; }

    /// <summary>Whether runs that failed are carried out again. Default false: only what is missing.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether nothing is run, and the table is of what the store has. Default false.</summary>
    public bool Status { get; init; }

    /// <summary>Whether what waits or runs on a cluster is cancelled, and nothing is run. Default false.</summary>
    public bool Cancel { get; init; }

    /// <summary>Whether the end of what a cluster does is waited for. Default false: it is submitted and left to the cluster.</summary>
    public bool Wait { get; init; }

    /// <summary>What is asked of a cluster.</summary>
    public SlurmOptions Slurm { get; init; } = new();
}
