using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What one call submitted.</summary>
/// <param name="Runs">Runs that were submitted.</param>
/// <param name="Tasks">Tasks they were packed into.</param>
/// <param name="Job">Id of the array; null, and not written, when there was nothing to submit.</param>
/// <param name="Collect">Id of the job that collects when the array has ended; null, and not written, when there was nothing to submit.</param>
/// <param name="UnderWay">Missing runs that were left to tasks already queued or running.</param>
/// <param name="Stuck">Missing runs that were left to tasks that wait for what will not come by itself.</param>
public sealed record SlurmSubmitted(int Runs, int Tasks, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Job, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Collect, int UnderWay, int Stuck);
