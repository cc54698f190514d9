using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What a command did with a cluster.</summary>
public sealed record SlurmReport
{
    /// <summary>What was submitted; null, and not written, where nothing was to be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlurmSubmitted? Submitted { get; init; }

    /// <summary>How many tasks were cancelled; null, and not written, where that was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cancelled { get; init; }

    /// <summary>Where the job that collects puts what it finds.</summary>
    public required IReadOnlyList<string> Collected { get; init; }

    /// <summary>Where scripts and logs of the tasks are.</summary>
    public required string Folder { get; init; }
}
