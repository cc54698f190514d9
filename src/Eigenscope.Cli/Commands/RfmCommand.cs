using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope rfm</c>.</summary>
internal sealed class RfmCommand : MeasuringCommand<RfmRunOptions>
{
    private static readonly RfmRunOptions Standard = new();
    private readonly Option<string> _data = OptionKinds.Text("--data", "NAME|PATH", "A known name, a folder of IDX files, an .npz (x, y) or a .csv (label last)", Standard.Data);
    private readonly Option<bool> _regression = OptionKinds.Switch("--regression", "Targets are real numbers: the last column of a .csv, y of an .npz");
    private readonly Option<int?> _samples = OptionKinds.OptionalWhole("--samples", "N", "The first N samples, before any are held out [default: all]");
    private readonly Option<int?> _testSamples = OptionKinds.OptionalWhole("--test-samples", "N", "The first N test samples [default: all]");
    private readonly Option<double?> _testFraction = OptionKinds.OptionalReal("--test-fraction", "F", "Share of each class held out for testing [default: 0.2 where the data has no test set]");
    private readonly Option<double> _validationFraction = OptionKinds.Real("--validation-fraction", "F", "Share of each class set aside to choose the iteration by", Standard.ValidationFraction);
    private readonly Option<int?> _patience = OptionKinds.OptionalWhole("--patience", "N", "End when the validation loss has not fallen for N iterations");
    private readonly Option<bool> _standardize = OptionKinds.Switch("--standardize", "Shift and scale each coordinate by the training samples' mean and unbiased deviation");
    private readonly Option<string> _targets = OptionKinds.Text("--targets", "one-hot|plus-minus-one", "What a class becomes", Standard.Targets);
    private readonly Option<int> _iterations = OptionKinds.Whole("--iterations", "T", "How often the metric is learned; 0 is plain kernel ridge regression", Standard.Iterations);
    private readonly Option<string?> _load = OptionKinds.OptionalText("--load", "FILE", "Test the machine that --save wrote, instead of fitting one");
    private readonly KernelOptions _machine = new(Standard.Machine);

    private RfmCommand()
        : base("AGOP, metric, points, coefficients and test outputs", model: "the machine, for --load")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own => [_data, _regression, _samples, _testSamples, _testFraction, _validationFraction, _patience, _standardize, _targets, _iterations, .. _machine.All, _load];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<RfmRunOptions, RunSettings> validate,
        Func<RfmRunOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new RfmCommand().Create("rfm", "Fit a recursive feature machine, kernel ridge regression that learns its metric, and test it beside plain kernel ridge regression", runner, validate, run);

    /// <inheritdoc/>
    protected override IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) =>
    [
        ("the data that is read", parsed.GetValue(_data)!),
        .. parsed.GetValue(_load) is { } machine ? [("the machine that is loaded", machine)] : Array.Empty<(string, string)>(),
    ];

    /// <inheritdoc/>
    protected override RfmRunOptions Read(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(_data)!,
        Regression = parsed.GetValue(_regression),
        Samples = parsed.GetValue(_samples),
        TestSamples = parsed.GetValue(_testSamples),
        TestFraction = parsed.GetValue(_testFraction),
        ValidationFraction = parsed.GetValue(_validationFraction),
        Patience = parsed.GetValue(_patience),
        Standardize = parsed.GetValue(_standardize),
        Targets = parsed.GetValue(_targets)!,
        Iterations = parsed.GetValue(_iterations),
        Load = parsed.GetValue(_load),
        Machine = _machine.Read(parsed),
    };
}
