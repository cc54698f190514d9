namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What a task's state in Slurm means for whoever waits for its results. Slurm's own word stands beside it, in <see cref="SlurmTask.Word"/>.</summary>
public enum SlurmState
{
    /// <summary>It waits for its turn, for a node, or for another job.</summary>
    Pending,

    /// <summary>It has a node: it runs, starts, ends, or is suspended.</summary>
    Running,

    /// <summary>Its program ended with exit code 0.</summary>
    Completed,

    /// <summary>It ended otherwise: a failure, a time limit, a lost node, a cancellation.</summary>
    Failed,

    /// <summary>It waits for what will not come by itself: it is held, or its dependency cannot be met.</summary>
    Stuck,

    /// <summary>Slurm no longer knows it. Slurm forgets ended jobs (after five minutes by default), and a controller that was killed forgets the newest.</summary>
    Gone,

    /// <summary>Slurm's word for its state is none that is known here. It is taken to be under way, so that nothing is submitted twice.</summary>
    Unknown,
}
