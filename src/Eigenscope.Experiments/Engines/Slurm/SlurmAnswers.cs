using System.Globalization;
using System.Text.RegularExpressions;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>Reads what Slurm's programs print: <c>squeue</c> one line for each task, <c>scontrol -o show job</c> one line for each job that it knows of an array.</summary>
internal static partial class SlurmAnswers
{
    /// <summary>The format for <c>squeue</c>. The reason stands last, for it alone is free text.</summary>
    public const string QueueFormat = "%F|%K|%j|%T|%N|%r";

    private static readonly HashSet<string> Stuck = new(StringComparer.Ordinal)
    {
        "launch_failed_requeued_held", "job_requeued_in_held_state", "DependencyNeverSatisfied", "JobHeldUser", "JobHeldAdmin", "BadConstraints", "InvalidAccount", "InvalidQOS", "PartitionTimeLimit", "PartitionNodeLimit",
    };

    private static readonly Dictionary<string, SlurmState> States = new(StringComparer.Ordinal)
    {
        ["PENDING"] = SlurmState.Pending,
        ["REQUEUED"] = SlurmState.Pending,
        ["REQUEUE_FED"] = SlurmState.Pending,
        ["REQUEUE_HOLD"] = SlurmState.Stuck,
        ["RESV_DEL_HOLD"] = SlurmState.Stuck,
        ["SPECIAL_EXIT"] = SlurmState.Stuck,
        ["RUNNING"] = SlurmState.Running,
        ["CONFIGURING"] = SlurmState.Running,
        ["COMPLETING"] = SlurmState.Running,
        ["RESIZING"] = SlurmState.Running,
        ["SIGNALING"] = SlurmState.Running,
        ["STAGE_OUT"] = SlurmState.Running,
        ["STOPPED"] = SlurmState.Running,
        ["SUSPENDED"] = SlurmState.Running,
        ["COMPLETED"] = SlurmState.Completed,
        ["FAILED"] = SlurmState.Failed,
        ["TIMEOUT"] = SlurmState.Failed,
        ["OUT_OF_MEMORY"] = SlurmState.Failed,
        ["NODE_FAIL"] = SlurmState.Failed,
        ["BOOT_FAIL"] = SlurmState.Failed,
        ["LAUNCH_FAILED"] = SlurmState.Failed,
        ["CANCELLED"] = SlurmState.Failed,
        ["DEADLINE"] = SlurmState.Failed,
        ["PREEMPTED"] = SlurmState.Failed,
        ["REVOKED"] = SlurmState.Failed,
    };

    /// <summary>Reads the id that <c>sbatch --parsable</c> prints: "17", or "17;cluster".</summary>
    /// <returns>The id; null where there is none.</returns>
    public static long? JobId(string output)
    {
        string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return long.TryParse(last.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : null;
    }

    /// <summary>Reads the tasks that <c>squeue -h -r -t all</c> prints in <see cref="QueueFormat"/>; lines of another shape (a site's greeting) are passed over.</summary>
    public static IReadOnlyList<SlurmTask> Queue(string output) => [.. output.Split('\n').Select(QueueLine).OfType<SlurmTask>()];

    /// <summary>Reads the ends of tasks from <c>scontrol -o show job</c>, by index; those that did not end, or stand for several, are left out.</summary>
    public static IReadOnlyDictionary<int, (int ExitCode, int Signal)> Ends(string output)
    {
        Dictionary<int, (int ExitCode, int Signal)> ends = [];
        foreach (string line in output.Split('\n'))
        {
            Match task = TaskIndex().Match(line), code = EndCode().Match(line);
            if (task.Success && code.Success)
                ends[Number(task, "index")] = (Number(code, "code"), Number(code, "signal"));
        }
        return ends;
    }

    /// <summary>The most tasks of one array: their indices, from 0, stay below MaxArraySize.</summary>
    /// <returns>The number; null where <c>scontrol show config</c> does not tell.</returns>
    public static int? MaxTasks(string output)
    {
        Match size = MaxArraySize().Match(output);
        return size.Success ? Number(size, "size") : null;
    }

    /// <summary>What a state and its reason mean.</summary>
    public static SlurmState Meaning(string word, string reason)
    {
        SlurmState state = States.GetValueOrDefault(word, SlurmState.Unknown);
        return state == SlurmState.Pending && Stuck.Contains(reason) ? SlurmState.Stuck : state;
    }

    private static SlurmTask? QueueLine(string line)
    {
        string[] fields = line.Trim().Split('|', 6);
        if (fields.Length < 6 || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long job))
            return null;
        int? index = int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int task) ? task : null;
        // The same reason is written with blanks by squeue and with underscores by scontrol.
        string reason = string.Equals(fields[5], "None", StringComparison.Ordinal) ? "" : fields[5].Trim().Replace(' ', '_');
        return new SlurmTask(job, index, Meaning(fields[3], reason), fields[3], reason, fields[4]) { Name = fields[2] };
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@" ArrayTaskId=(?<index>\d{1,9}) ", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TaskIndex();

    [GeneratedRegex(@" JobState=(?!PENDING|RUNNING|CONFIGURING|COMPLETING|SUSPENDED)[A-Z_]+ .*? ExitCode=(?<code>\d{1,9}):(?<signal>\d{1,9})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EndCode();

    [GeneratedRegex(@"^MaxArraySize\s*=\s*(?<size>\d{1,9})\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex MaxArraySize();
}
