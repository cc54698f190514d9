namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What was once submitted of a sweep: an array of jobs, each of them some runs, and the job that collects after it. Kept in the sweep's folder; written before the submission and again after it.</summary>
internal sealed record SlurmSubmission
{
    /// <summary>Version of the file's shape.</summary>
    public int Format { get; init; } = Store.RunStore.Format;

    /// <summary>The array's name in Slurm, which no other submission has: by it a job is found whose id was never written down, and told apart from a later one with the same id.</summary>
    public required string Name { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>The identities of the runs of each task, in the order of the array.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Tasks { get; init; }

    /// <summary>The array's id; null until <c>sbatch</c> has told it.</summary>
    public long? Job { get; init; }

    /// <summary>Id of the job that collects; null until <c>sbatch</c> has told it.</summary>
    public long? Collect { get; init; }
}
