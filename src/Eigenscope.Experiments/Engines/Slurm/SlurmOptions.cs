using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>What a sweep asks of a cluster. What is null is not asked for, and the site's defaults hold; texts are passed on to <c>sbatch</c> as they are.</summary>
public sealed record SlurmOptions
{
    /// <summary>Runs of one task, done one after the other: a task costs the cluster about a second beside its work. Default: 1.</summary>
    public int Pack { get; init; } = 1;

    /// <summary>At most so many tasks at once.</summary>
    public int? Throttle { get; init; }

    /// <summary>The partition.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that pays.</summary>
    public string? Account { get; init; }

    /// <summary>Time limit of a task, all its runs together, in Slurm's notation: "2:00:00".</summary>
    public string? Time { get; init; }

    /// <summary>Memory of a task, in Slurm's notation: "4G".</summary>
    public string? Memory { get; init; }

    /// <summary>Generic resources: "gpu:1".</summary>
    public string? Gres { get; init; }

    /// <summary>Processors of a task. Default: the threads of the sweep's runs.</summary>
    public int? Cpus { get; init; }

    /// <summary>Any further options of <c>sbatch</c>, one each, written as for its command line: "--constraint=icelake". Of two that contradict each other <c>sbatch</c> takes the later, so these win.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>Checks all of them.</summary>
    /// <exception cref="UsageException">One is out of range or no single line; the message lists every fault.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Add(Faults());
        faults.ThrowIfAny();
    }

    internal IReadOnlyList<string> Faults()
    {
        OptionFaults faults = new();
        faults.Require(Pack >= 1, "--pack", "at least 1", Pack);
        faults.Require(Throttle is null or >= 1, "--throttle", "at least 1", Throttle);
        faults.Require(Cpus is null or >= 1, "--cpus", "at least 1", Cpus);
        foreach ((string option, string? value) in new[] { ("--partition", Partition), ("--account", Account), ("--time", Time), ("--memory", Memory), ("--gres", Gres) })
            faults.Require(value is null || IsWord(value), option, "one word", value ?? "");
        foreach (string further in Further)
            faults.Require(further.StartsWith('-') && !further.AsSpan().ContainsAny('\n', '\r'), "--sbatch", "an option of sbatch on one line, such as \"--constraint=icelake\"", further);
        return faults.All;
    }

    private static bool IsWord(string value) => value.Length > 0 && !value.Any(static character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '"' or '\'' or '#');
}
