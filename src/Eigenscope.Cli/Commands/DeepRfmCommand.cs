using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope deep-rfm</c>.</summary>
internal sealed class DeepRfmCommand : MeasuringCommand<DeepRfmRunOptions>
{
    private static readonly DeepRfmRunOptions Standard = new();
    private readonly Option<string> _data = OptionKinds.Text("--data", "NAME|PATH", "A known name, a folder of IDX files, an .npz (x, y) or a .csv (label last)", Standard.Data);
    private readonly Option<int?> _samples = OptionKinds.OptionalWhole("--samples", "N", "The first N samples, as the paper takes them [default: all]");
    private readonly Option<double> _testFraction = OptionKinds.Real("--test-fraction", "F", "Share of each class held out for testing", Standard.TestFraction);
    private readonly Option<bool> _noStandardize = OptionKinds.Switch("--no-standardize", "Leave coordinates as they are; else each is shifted and scaled by the training samples' mean and unbiased deviation");
    private readonly Option<int> _layers = OptionKinds.Whole("--layers", "L", "Number of layers", Standard.Layers);
    private readonly Option<string> _features = OptionKinds.Text("--features", "relu|cosine", "Random features of each layer", Standard.Features);
    private readonly Option<int> _width = OptionKinds.Whole("--width", "D", "Number of random features of each layer", Standard.Width);
    private readonly Option<double?> _cauchyScale = OptionKinds.OptionalReal("--cauchy-scale", "γ", "Scale of the Cauchy weights of cosine features [default: 0.05]");
    private readonly Option<int> _rfmIterations = OptionKinds.Whole("--rfm-iterations", "N", "Fits of a kernel machine in each layer, each in the metric that the one before it learned", Standard.RfmIterations);
    private readonly KernelOptions _machine = new(Standard.Machine);

    private DeepRfmCommand()
        : base("AGOP, metric root and class means of every layer", model: "the network that the layers make, with a linear head, as a checkpoint")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own => [_data, _samples, _testFraction, _noStandardize, _layers, _features, _width, _cauchyScale, _rfmIterations, .. _machine.All];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<DeepRfmRunOptions, RunSettings> validate,
        Func<DeepRfmRunOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new DeepRfmCommand().Create("deep-rfm", "Build a deep network out of kernel machines and random features, and measure the collapse that each step does", runner, validate, run);

    /// <inheritdoc/>
    protected override IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) => [("the data that is read", parsed.GetValue(_data)!)];

    /// <inheritdoc/>
    protected override DeepRfmRunOptions Read(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(_data)!,
        Samples = parsed.GetValue(_samples),
        TestFraction = parsed.GetValue(_testFraction),
        Standardize = !parsed.GetValue(_noStandardize),
        Layers = parsed.GetValue(_layers),
        Features = parsed.GetValue(_features)!,
        Width = parsed.GetValue(_width),
        CauchyScale = parsed.GetValue(_cauchyScale),
        RfmIterations = parsed.GetValue(_rfmIterations),
        Machine = _machine.Read(parsed),
    };
}
