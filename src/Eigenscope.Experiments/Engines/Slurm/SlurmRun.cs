using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What the queue says of a run that is not in the store.</summary>
/// <param name="State">pending, running, stuck, failed, lost (its task ended well or is gone, and there is no result) or unknown.</param>
/// <param name="Job">The task it was last given to: "17_3"; null, and not written, where the array never got an id.</param>
/// <param name="Word">Slurm's words for it: "TIMEOUT on n1".</param>
/// <param name="Log">The task's log.</param>
public sealed record SlurmRun(string State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Job, string Word, string Log)
{
    /// <summary>Waits for its turn.</summary>
    public const string Pending = "pending";

    /// <summary>Its task runs; it may be the turn of another run of the same task.</summary>
    public const string Running = "running";

    /// <summary>Waits for what will not come by itself.</summary>
    public const string Stuck = "stuck";

    /// <summary>Its task failed.</summary>
    public const string Failed = "failed";

    /// <summary>Its task ended well or is gone from the queue, and there is no result.</summary>
    public const string Lost = "lost";

    /// <summary>Slurm uses a word for its state that is not known here.</summary>
    public const string Unknown = "unknown";

    /// <summary>Whether its result may still come without anybody doing anything.</summary>
    public bool IsUnderWay => State is Pending or Running or Unknown;
}
