using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Pages;

namespace Eigenscope.Cli.Commands;

/// <summary>The options of commands whose runs go to the store and are carried out by an engine.</summary>
/// <param name="status">What <c>--status</c> does, in words.</param>
internal sealed class EngineCommandOptions(string status)
{
    private readonly Option<string?> _store = StoreOption();
    private readonly Option<string> _engine = OptionKinds.Text("--engine", "local|slurm", "What carries the runs out: processes on this machine, or a cluster", EngineOptions.Local);
    private readonly Option<int?> _jobs = OptionKinds.OptionalWhole("--jobs", "N", "Worker processes at once [default: the physical cores over the threads of a run]");
    private readonly Option<bool> _resubmit = OptionKinds.Switch("--resubmit", "Carry out again what failed; without it only what is missing");
    private readonly Option<bool> _status = OptionKinds.Switch("--status", status);
    private readonly SlurmCommandOptions _slurm = new();

    /// <summary>The option that names a store of runs.</summary>
    public static Option<string?> StoreOption() => OptionKinds.OptionalText("--store", "FOLDER", "The store of runs [default: store in the folder EIGENSCOPE_HOME]");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_store, _engine, _jobs, _resubmit, _status])
            command.Add(option);
        _slurm.AddTo(command);
    }

    /// <summary>What was chosen.</summary>
    public EngineOptions Read(ParseResult parsed) => new()
    {
        Name = parsed.GetValue(_engine)!,
        Store = parsed.GetValue(_store),
        Jobs = parsed.GetValue(_jobs),
        Resubmit = parsed.GetValue(_resubmit),
        Status = parsed.GetValue(_status),
        Cancel = _slurm.Cancel(parsed),
        Wait = _slurm.Wait(parsed),
        Slurm = _slurm.Read(parsed),
    };

    /// <summary>What runs need of this program.</summary>
    public static SweepHost Host(CliContext context, RunPreparation prepare, RunSettings settings) => new()
    {
        Prepare = prepare,
        Program = context.Program,
        Folder = context.Folder,
        Slurm = SlurmCommandOptions.Client(context),
        Variables = SlurmCommandOptions.Variables(context, settings),
        WritesPages = HtmlPage.IsAvailable,
    };
}
