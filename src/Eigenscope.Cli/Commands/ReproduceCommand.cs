using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Claims;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope reproduce</c>.</summary>
internal sealed class ReproduceCommand
{
    private readonly Argument<string[]> _claims = new("CLAIM") { Description = "Claims by name, a paper's number, or oracles: all whose expectation is exact", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = OptionKinds.Switch("--all", "All claims");
    private readonly Option<bool> _list = OptionKinds.Switch("--list", "Run nothing: list the claims with what they cost");
    private readonly Option<string?> _budget = OptionKinds.OptionalText("--budget", "TIME", "Leave out what is not expected to fit, and stop then: 90s, 10m, 2h");
    private readonly Option<string[]> _set = OptionKinds.Passed("--set", "OPTION=VALUE", "Change an option of the claims' runs, as --set weight-decay=0.1; may be repeated");
    private readonly Option<bool> _strict = OptionKinds.Switch("--strict", "Exit with 1 when a claim is not reproduced");
    private readonly EngineCommandOptions _engine = new("Run nothing: judge by what the store has");
    private readonly SharedOptions _shared = new(withPage: true, threads: "Threads of every run [default: 1, as many runs at once as there are cores]");

    private ReproduceCommand()
    {
    }

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner, RunPreparation prepare) => new ReproduceCommand().CreateCommand(runner, prepare);

    private Command CreateCommand(CommandRunner runner, RunPreparation prepare)
    {
        Command command = new("reproduce", "Derive the papers' claims again, and say of each whether it came out");
        command.Add(_claims);
        foreach (Option option in (Option[])[_all, _list, _budget, _set, _strict])
            command.Add(option);
        _engine.AddTo(command);
        _shared.AddTo(command);
        command.SetAction(parsed =>
        {
            ReproduceOptions options = Read(parsed);
            RunSettings settings = _shared.Settings(parsed, runner.Context);
            SweepHost host = EngineCommandOptions.Host(runner.Context, prepare, settings);
            CommandRequest request = new()
            {
                Settings = settings,
                Json = _shared.Json(parsed),
                Page = _shared.Page(parsed),
                IsQuiet = _shared.IsQuiet(parsed),
            };
            return runner.Run(request, progress => Reproduce.Run(options, settings, host, runner.Context.Time, progress, runner.Interruption));
        });
        return command;
    }

    private ReproduceOptions Read(ParseResult parsed) => new()
    {
        Claims = parsed.GetValue(_claims) ?? [],
        All = parsed.GetValue(_all),
        List = parsed.GetValue(_list),
        Budget = parsed.GetValue(_budget),
        Set = parsed.GetValue(_set) ?? [],
        Strict = parsed.GetValue(_strict),
        Engine = _engine.Read(parsed),
    };
}
