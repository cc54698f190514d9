using System.Globalization;
using Eigenscope.Experiments.Engines;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>Answers as Slurm does, runs nothing, and lets a test say what became of every task.</summary>
internal sealed class PretendedSlurm : ProcessRunner
{
    private readonly Dictionary<long, (string Name, int? Tasks)> _jobs = [];
    private readonly Dictionary<(long Job, int? Task), string> _states = [];

    public List<string> Submitted { get; } = [];

    public List<string> Cancelled { get; } = [];

    /// <summary>Given in place of the answers of a program, by its name.</summary>
    public Dictionary<string, ProcessOutcome> Instead { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a job is taken, and its id never told.</summary>
    public bool LosesAnswer { get; set; }

    public int MaxArraySize { get; set; } = 1001;

    public static ProcessOutcome Silence { get; } = new(ProcessEnding.Exited, 1, "", "error: Unable to contact slurm controller (connect failure)\n");

    /// <summary>Sets a task's state and reason: "RUNNING|", "PENDING|JobHeldUser"; null lets Slurm forget it.</summary>
    public void Set(long job, int? task, string? state)
    {
        if (state is null)
            _states.Remove((job, task));
        else
            _states[(job, task)] = state;
    }

    public void SetAll(long job, string? state)
    {
        foreach ((long _, int? task) in _states.Keys.Where(key => key.Job == job).ToArray())
            Set(job, task, state);
    }

    protected override ProcessOutcome RunCore(ProcessRequest request, CancellationToken cancellation)
    {
        if (Instead.TryGetValue(request.Program, out ProcessOutcome? outcome))
            return outcome;
        return request.Program switch
        {
            "sbatch" => Submit(request.Arguments),
            "squeue" => Queue(request.Arguments),
            "scontrol" => Good(request.Arguments[0] is "show" ? $"MaxArraySize            = {MaxArraySize}\n" : ""),
            "scancel" => Cancel(request.Arguments),
            _ => throw new InvalidOperationException(request.Program),
        };
    }

    private static ProcessOutcome Good(string output) => new(ProcessEnding.Exited, 0, output, "");

    private ProcessOutcome Submit(IReadOnlyList<string> arguments)
    {
        Submitted.Add(string.Join(' ', arguments.Take(arguments.Count - 1)));
        string name = File.ReadLines(arguments[^1]).First(static line => line.StartsWith("#SBATCH --job-name=", StringComparison.Ordinal)).Split('=')[1];
        string? array = arguments.FirstOrDefault(static argument => argument.StartsWith("--array=0-", StringComparison.Ordinal));
        int? tasks = array is null ? null : int.Parse(array["--array=0-".Length..].Split('%')[0], CultureInfo.InvariantCulture) + 1;
        long job = 100 + _jobs.Count;
        _jobs[job] = (name, tasks);
        foreach (int? task in tasks is { } count ? Enumerable.Range(0, count).Select(static index => (int?)index) : [null])
            _states[(job, task)] = "PENDING|Priority";
        return LosesAnswer ? new ProcessOutcome(ProcessEnding.Exited, 1, "", "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n") : Good($"{job}\n");
    }

    private ProcessOutcome Queue(IReadOnlyList<string> arguments)
    {
        string last = arguments[^1];
        HashSet<long> asked = last.StartsWith("--name=", StringComparison.Ordinal) ? [.. _jobs.Where(job => job.Value.Name == last["--name=".Length..]).Select(static job => job.Key)] : [.. last.Split(',').Select(static id => long.Parse(id, CultureInfo.InvariantCulture))];
        return Good(string.Concat(_states.Where(state => asked.Contains(state.Key.Job)).Select(state =>
        {
            string[] words = state.Value.Split('|');
            return $"{state.Key.Job}|{state.Key.Task?.ToString(CultureInfo.InvariantCulture) ?? "N/A"}|{_jobs[state.Key.Job].Name}|{words[0]}||{words[1]}\n";
        })));
    }

    private ProcessOutcome Cancel(IReadOnlyList<string> ids)
    {
        Cancelled.AddRange(ids);
        foreach ((long job, int? task) in _states.Keys.Where(key => ids.Contains($"{key.Job}") || ids.Contains($"{key.Job}_{key.Task}")).ToArray())
            _states[(job, task)] = "CANCELLED|";
        return Good("");
    }
}
