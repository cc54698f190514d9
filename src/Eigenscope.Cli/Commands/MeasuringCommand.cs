using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>A command that measures what was learned: its own options, and what all of them share.</summary>
/// <typeparam name="TOptions">What the command line says, as the experiment takes it.</typeparam>
/// <param name="arrays">What <c>--arrays</c> writes; null where there is nothing for it.</param>
/// <param name="model">What <c>--save</c> writes; null where there is nothing to save.</param>
/// <param name="save">The name of the option that saves the model.</param>
/// <param name="writesOnnx">Whether the model is written as ONNX too, where the name of its file says so.</param>
internal abstract class MeasuringCommand<TOptions>(string? arrays, string? model = null, string save = "--save", bool writesOnnx = false)
{
    private readonly Option<string?> _save = writesOnnx ? OptionKinds.ModelFile(save, $"Write {model}") : OptionKinds.ArraysFile(save, $"Write {model}");
    private readonly Option<bool> _requireConverged = OptionKinds.Switch("--require-converged", "Exit with 3 when something did not converge");
    private readonly Option<string?> _arrays = OptionKinds.OptionalText("--arrays", "FILE.npz", $"Write {arrays} for programs");
    private readonly SharedOptions _shared = new(withPage: true);

    /// <summary>What stands on the command line without a name. Default nothing.</summary>
    protected virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>The command's own options, in the order of its help.</summary>
    protected abstract IReadOnlyList<Option> Own { get; }

    /// <summary>The options as the experiment takes them.</summary>
    protected abstract TOptions Read(ParseResult parsed);

    /// <summary>The files and folders that are read, and what they are: "the data that is read".</summary>
    protected virtual IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) => [];

    /// <summary>The file that the model goes to; null where it is not saved.</summary>
    protected string? SavePath(ParseResult parsed) => model is null ? null : parsed.GetValue(_save);

    /// <summary>The settings with what the command's own options add to them.</summary>
    protected virtual RunSettings Complete(ParseResult parsed, RunSettings settings, TimeProvider time) => settings;

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="runner">Runs it.</param>
    /// <param name="validate">Checks its options before any work.</param>
    /// <param name="run">The experiment.</param>
    protected Command Create(
        string name,
        string description,
        CommandRunner runner,
        Action<TOptions, RunSettings> validate,
        Func<TOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run)
    {
        Command command = new(name, description);
        foreach (Argument argument in Arguments)
            command.Add(argument);
        foreach (Option option in Own)
            command.Add(option);
        if (model is not null)
            command.Add(_save);
        command.Add(_requireConverged);
        if (arrays is not null)
            command.Add(_arrays);
        _shared.AddTo(command);
        command.SetAction(parsed =>
        {
            TOptions options = Read(parsed);
            RunSettings settings = Complete(parsed, _shared.Settings(parsed, runner.Context), runner.Context.Time);
            CommandRequest request = Request(parsed, settings) with { Validate = () => validate(options, settings) };
            return runner.Measure(request, (given, progress, cancellation) => run(options, given, runner.Context.Time, progress, cancellation));
        });
        return command;
    }

    private CommandRequest Request(ParseResult parsed, RunSettings settings) => new()
    {
        Settings = settings,
        Json = _shared.Json(parsed),
        Page = _shared.Page(parsed),
        Arrays = arrays is null ? null : parsed.GetValue(_arrays),
        Model = SavePath(parsed),
        ModelOption = save,
        Inputs = Inputs(parsed),
        IsQuiet = _shared.IsQuiet(parsed),
        RequireConverged = parsed.GetValue(_requireConverged),
    };
}
