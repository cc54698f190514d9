using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Pages;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope sweep</c>.</summary>
internal sealed class SweepCommand
{
    private readonly Argument<string> _recipe = new("RECIPE") { Description = "A YAML file: command, options with values, lists or ranges, seeds, name" };
    private readonly Option<string?> _store = StoreOption();
    private readonly Option<string> _engine = EngineOption();
    private readonly Option<int?> _jobs = JobsOption();
    private readonly Option<bool> _resubmit = ResubmitOption();
    private readonly Option<bool> _status = OptionKinds.Switch("--status", "Run nothing: show what the store has of it, and what the cluster does of the rest");
    private readonly Option<string?> _csv = OptionKinds.OptionalText("--csv", "FILE", "Write a table of all runs and layers for plots of your own");
    private readonly SlurmCommandOptions _slurm = new();
    private readonly SharedOptions _shared = new(withPage: true);

    private SweepCommand()
    {
    }

    /// <summary>The option that names a store of runs.</summary>
    public static Option<string?> StoreOption() => OptionKinds.OptionalText("--store", "FOLDER", "The store of runs [default: store in the folder EIGENSCOPE_HOME]");

    /// <summary>The option that names what carries runs out.</summary>
    public static Option<string> EngineOption() => OptionKinds.Text("--engine", "local|slurm", "What carries the runs out: processes on this machine, or a cluster", "local");

    /// <summary>The option that says how many go at once.</summary>
    public static Option<int?> JobsOption() => OptionKinds.OptionalWhole("--jobs", "N", "Worker processes at once [default: the physical cores over the threads of a run]");

    /// <summary>The option that carries out again what failed.</summary>
    public static Option<bool> ResubmitOption() => OptionKinds.Switch("--resubmit", "Carry out again what failed; without it only what is missing");

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

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner, RunPreparation prepare) => new SweepCommand().CreateCommand(runner, prepare);

    private Command CreateCommand(CommandRunner runner, RunPreparation prepare)
    {
        Command command = new("sweep", "Run a grid of studies, feature models or Deep RFMs; what is in the store already is not run again");
        command.Add(_recipe);
        foreach (Option option in (Option[])[_store, _engine, _jobs, _resubmit, _status, _csv])
            command.Add(option);
        _slurm.AddTo(command);
        _shared.AddTo(command);
        command.SetAction(parsed =>
        {
            SweepOptions options = Read(parsed);
            RunSettings settings = _shared.Settings(parsed, runner.Context);
            SweepHost host = Host(runner.Context, prepare, settings);
            CommandRequest request = new()
            {
                Settings = settings,
                Json = _shared.Json(parsed),
                Page = _shared.Page(parsed),
                Csv = parsed.GetValue(_csv),
                IsQuiet = _shared.IsQuiet(parsed),
                Inputs = [("the recipe that is read", options.Recipe)],
            };
            return runner.Run(request, progress => Sweep.Run(options, settings, host, runner.Context.Time, progress, runner.Interruption));
        });
        return command;
    }

    private SweepOptions Read(ParseResult parsed) => new()
    {
        Cancel = _slurm.Cancel(parsed),
        Wait = _slurm.Wait(parsed),
        Slurm = _slurm.Read(parsed),
        Recipe = parsed.GetValue(_recipe)!,
        Store = parsed.GetValue(_store),
        Engine = parsed.GetValue(_engine)!,
        Jobs = parsed.GetValue(_jobs),
        Resubmit = parsed.GetValue(_resubmit),
        Status = parsed.GetValue(_status),
    };
}
