using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>The options of <c>--engine slurm</c>.</summary>
internal sealed class SlurmCommandOptions
{
    // What decides results or where they are, and what finds the runtime. Everything else of the shell that submits, its modules among it, Slurm passes on by itself.
    private static readonly string[] Passed = ["EIGENSCOPE_DATA", "EIGENSCOPE_BLAS", "OPENBLAS_CORETYPE", "DOTNET_ROOT"];
    private static readonly SlurmOptions Standard = new();
    private readonly Option<bool> _wait = OptionKinds.Switch("--wait", "Slurm: wait until all has ended");
    private readonly Option<bool> _cancel = OptionKinds.Switch("--cancel", "Slurm: cancel what waits or runs");
    private readonly Option<int> _pack = OptionKinds.Whole("--pack", "N", "Slurm: runs of one task, one after the other", Standard.Pack);
    private readonly Option<int?> _throttle = OptionKinds.OptionalWhole("--throttle", "N", "Slurm: at most so many tasks at once");
    private readonly Option<string?> _partition = OptionKinds.OptionalText("--partition", "NAME", "Slurm: the partition");
    private readonly Option<string?> _account = OptionKinds.OptionalText("--account", "NAME", "Slurm: the account");
    private readonly Option<string?> _time = OptionKinds.OptionalText("--time", "LIMIT", "Slurm: time limit of a task, as 2:00:00");
    private readonly Option<string?> _memory = OptionKinds.OptionalText("--memory", "SIZE", "Slurm: memory of a task, as 4G");
    private readonly Option<string?> _gres = OptionKinds.OptionalText("--gres", "LIST", "Slurm: generic resources of a task");
    private readonly Option<int?> _cpus = OptionKinds.OptionalWhole("--cpus", "N", "Slurm: processors of a task [default: the threads of a run]");
    private readonly Option<string[]> _sbatch = OptionKinds.Passed("--sbatch", "OPTION", "Slurm: any further option of sbatch, as --sbatch=--constraint=icelake; may be repeated");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_wait, _cancel, _pack, _throttle, _partition, _account, _time, _memory, _gres, _cpus, _sbatch])
            command.Add(option);
    }

    /// <summary>Whether the end is waited for.</summary>
    public bool Wait(ParseResult parsed) => parsed.GetValue(_wait);

    /// <summary>Whether everything is cancelled.</summary>
    public bool Cancel(ParseResult parsed) => parsed.GetValue(_cancel);

    /// <summary>What is asked of the cluster.</summary>
    public SlurmOptions Read(ParseResult parsed) => new()
    {
        Pack = parsed.GetValue(_pack),
        Throttle = parsed.GetValue(_throttle),
        Partition = parsed.GetValue(_partition),
        Account = parsed.GetValue(_account),
        Time = parsed.GetValue(_time),
        Memory = parsed.GetValue(_memory),
        Gres = parsed.GetValue(_gres),
        Cpus = parsed.GetValue(_cpus),
        Further = parsed.GetValue(_sbatch) ?? [],
    };

    /// <summary>The cluster that the environment means.</summary>
    public static SlurmClient Client(CliContext context)
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal);
        if (context.Variable("SLURM_CONF") is { Length: > 0 } configuration)
            environment["SLURM_CONF"] = configuration;
        return new SlurmClient(new SystemProcessRunner(), environment);
    }

    /// <summary>What a task on another machine is to find in its environment.</summary>
    public static IReadOnlyDictionary<string, string> Variables(CliContext context, RunSettings settings)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["EIGENSCOPE_HOME"] = HomeFolder.Resolve(settings.Home).Path };
        foreach (string name in Passed)
        {
            if (context.Variable(name) is { Length: > 0 } value)
                variables[name] = value;
        }
        return variables;
    }
}
