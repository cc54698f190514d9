using Eigenscope.Experiments.Engines.Slurm;

namespace Eigenscope.Experiments.Claims;

/// <summary>The options of <c>reproduce</c>, as a user gives them.</summary>
public sealed record ReproduceOptions
{
    /// <summary>Claims by name, by the key or number of their paper, or "oracles"; several add up.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Whether all claims are looked at. Default false.</summary>
    public bool All { get; init; }

    /// <summary>Whether claims are only listed. Default false.</summary>
    public bool List { get; init; }

    /// <summary>How long it may take: "90s", "10m", "2h"; null for as long as it takes.</summary>
    public string? Budget { get; init; }

    /// <summary>Options of runs, or settings, that are changed: "weight-decay=0.1". Default none.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Whether a claim that is not reproduced makes the command fail. Default false.</summary>
    public bool Strict { get; init; }

    /// <summary>Folder of the store; null takes <c>store</c> under the home folder.</summary>
    public string? Store { get; init; }

    /// <summary>local or slurm. Default local.</summary>
    public string Engine { get; init; } = "local";

    /// <summary>Worker processes at once on this machine, ≥ 1; null takes the physical cores over the threads of a run.</summary>
    public int? Jobs { get; init; }

    /// <summary>Whether runs that failed are carried out again. Default false.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether nothing is run, and claims are judged by what the store has. Default false.</summary>
    public bool Status { get; init; }

    /// <summary>Whether what waits or runs on a cluster is cancelled, and nothing is run. Default false.</summary>
    public bool Cancel { get; init; }

    /// <summary>Whether the end of what a cluster does is waited for. Default false.</summary>
    public bool Wait { get; init; }

    /// <summary>What is asked of a cluster.</summary>
    public SlurmOptions Slurm { get; init; } = new();
}
