using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope bench</c>.</summary>
internal static class BenchCommand
{
    private static readonly BenchOptions Standard = new();

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner, Func<BenchOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run)
    {
        Option<string?> rows = OptionKinds.OptionalText("--rows", "PATTERN", "Only rows with all these words in their names, as in \"512x4 hessian float32 block-8\"; commas separate alternatives [default: every row]");
        Option<string?> precision = OptionKinds.OptionalText("--precision", "float32|float64", "Only rows of this precision [default: both]");
        Option<int> windows = OptionKinds.Whole("--windows", "N", "Undisturbed measurements wanted for each row; three times as many are tried at most", Standard.Windows);
        Option<bool> scaling = OptionKinds.Switch("--scaling", "Measure as well how costs grow with samples, parameters, block size and number of eigenpairs");
        SharedOptions shared = new(withPrecision: false);
        Command command = new("bench", "Measure products of curvature operators against their floor, the same flops in plain matrix products; about six minutes without options") { rows, precision, windows, scaling };
        shared.AddTo(command);
        command.SetAction(parsed =>
        {
            BenchOptions options = new() { Rows = parsed.GetValue(rows), Precision = parsed.GetValue(precision), Windows = parsed.GetValue(windows), Scaling = parsed.GetValue(scaling) };
            RunSettings settings = shared.Settings(parsed, runner.Context);
            CommandRequest request = new() { Settings = settings, Json = shared.Json(parsed), IsQuiet = shared.IsQuiet(parsed), Validate = () => Bench.Validate(options, settings) };
            return runner.Run(request, progress => run(options, settings, runner.Context.Time, progress, runner.Interruption));
        });
        return command;
    }
}
