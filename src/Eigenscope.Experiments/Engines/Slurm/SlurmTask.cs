using System.Globalization;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>One task of an array of jobs, or one job that is no array, as Slurm tells of it.</summary>
/// <param name="Job">The array's job id, or the job's. With <paramref name="Index"/> it names a task for good; the raw id of a task does not, for the last task of an array takes over the array's.</param>
/// <param name="Index">The task's index in its array; null for a job that is none.</param>
/// <param name="State">What its state means.</param>
/// <param name="Word">Slurm's word for the state: "RUNNING"; "" where Slurm no longer knows the task.</param>
/// <param name="Reason">Slurm's reason for the state, with underscores for blanks; "" where it gives none.</param>
/// <param name="Node">Where it runs or ran; "" before.</param>
public sealed record SlurmTask(long Job, int? Index, SlurmState State, string Word, string Reason, string Node)
{
    // Slurm's sign that the files of the output could not be opened.
    private const int OutputSignal = 53;

    /// <summary>Its job's name. Job ids begin again (at a site's limit, or when a controller lost its state): with the name one can tell.</summary>
    public string Name { get; init; } = "";

    /// <summary>Exit code of its program; null where Slurm was not asked or does not know.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Signal that ended its program, 0 for none; null where Slurm was not asked or does not know.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether results may still come without anybody doing anything.</summary>
    public bool IsUnderWay => State is SlurmState.Pending or SlurmState.Running or SlurmState.Unknown;

    /// <summary>A task that Slurm does not know.</summary>
    /// <param name="job">The array's job id.</param>
    /// <param name="index">The task's index.</param>
    /// <returns>The task.</returns>
    public static SlurmTask Gone(long job, int? index) => new(job, index, SlurmState.Gone, "", "", "");

    /// <summary>Its state in Slurm's words with what they leave out: "FAILED, exit code 3 on n1", "PENDING, launch_failed_requeued_held".</summary>
    /// <returns>A few words.</returns>
    public string Describe()
    {
        if (State == SlurmState.Gone)
            return "gone from Slurm's queue";
        string cause = Cause();
        return (cause.Length > 0 ? $"{Word}, {cause}" : Word) + (Node.Length > 0 ? $" on {Node}" : "");
    }

    // TIMEOUT, CANCELLED, OUT_OF_MEMORY … say it themselves: the signal that carried them out adds nothing.
    private string Cause()
    {
        if (!string.Equals(Word, "FAILED", StringComparison.Ordinal))
            return State == SlurmState.Failed ? "" : Reason;
        if (Signal == OutputSignal && ExitCode == 0)
            return "the log could not be opened (is the folder of logs there on every node?)";
        if (Signal > 0)
            return string.Create(CultureInfo.InvariantCulture, $"ended by signal {Signal}");
        if (ExitCode > 0)
            return string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}");
        return Reason;
    }
}
