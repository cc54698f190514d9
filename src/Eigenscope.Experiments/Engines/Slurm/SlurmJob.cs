namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What is submitted: a script, whose <c>#SBATCH</c> lines hold what it asks for, once or as an array.</summary>
/// <param name="Script">Path of the script, on a file system that every node sees.</param>
public sealed record SlurmJob(string Script)
{
    /// <summary>Tasks of the array, with indices from 0; null for a job that is no array.</summary>
    public int? Tasks { get; init; }

    /// <summary>At most so many tasks run at once; null leaves it to the site.</summary>
    public int? Throttle { get; init; }

    /// <summary>Starts when all of these jobs have ended, whatever became of them.</summary>
    public IReadOnlyList<long> After { get; init; } = [];
}
