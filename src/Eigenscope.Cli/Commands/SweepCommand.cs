using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope sweep</c>.</summary>
internal sealed class SweepCommand
{
    private readonly Argument<string> _recipe = new("RECIPE") { Description = "A YAML file: command, options with values, lists or ranges, seeds, name" };
    private readonly Option<string?> _csv = OptionKinds.OptionalText("--csv", "FILE", "Write a table of all runs and layers for plots of your own");
    private readonly EngineCommandOptions _engine = new("Run nothing: show what the store has of it, and what the cluster does of the rest");
    private readonly SharedOptions _shared = new(withPage: true);

    private SweepCommand()
    {
    }

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner, RunPreparation prepare) => new SweepCommand().CreateCommand(runner, prepare);

    private Command CreateCommand(CommandRunner runner, RunPreparation prepare)
    {
        Command command = new("sweep", "Run a grid of studies, feature models or Deep RFMs; what is in the store already is not run again");
        command.Add(_recipe);
        command.Add(_csv);
        _engine.AddTo(command);
        _shared.AddTo(command);
        command.SetAction(parsed =>
        {
            SweepOptions options = new() { Recipe = parsed.GetValue(_recipe)!, Engine = _engine.Read(parsed) };
            RunSettings settings = _shared.Settings(parsed, runner.Context);
            SweepHost host = EngineCommandOptions.Host(runner.Context, prepare, settings);
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
}
