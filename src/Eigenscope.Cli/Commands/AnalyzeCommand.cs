using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope analyze</c>.</summary>
internal sealed class AnalyzeCommand : MeasuringCommand<AnalyzeOptions>
{
    private static readonly AnalyzeOptions Standard = new();
    private readonly Argument<string> _model = new("MODEL") { Description = "The trained network: the file that study --save wrote, or the identity of a run in the store" };
    private readonly Option<string?> _store = EngineCommandOptions.StoreOption();
    private readonly Option<string?> _architecture = OptionKinds.OptionalText("--model", "mlp|vgg11|resnet8|resnet20|resnet18|lenet5", "MODEL holds weights alone, as PyTorch names and lays them out: what network they belong to");
    private readonly Option<string?> _names = OptionKinds.OptionalText("--names", "MAP.json", "Which layer or parameter of the file is which of that network's [default: names are the same]");
    private readonly Option<int?> _classes = OptionKinds.OptionalWhole("--classes", "K", "Its logits [default: by the labels]");
    private readonly Option<int?> _width = OptionKinds.OptionalWhole("--width", "D", "Units of its hidden layers, of an mlp [default: 128]");
    private readonly Option<int?> _depth = OptionKinds.OptionalWhole("--depth", "L", "Its weight matrices, the last included, of an mlp [default: 4]");
    private readonly Option<string?> _activation = OptionKinds.OptionalText("--activation", "relu|tanh|gelu|linear", "After every layer of it but the last [default: relu]");
    private readonly Option<bool> _noBiases = OptionKinds.Switch("--no-biases", "Its layers have no biases, of an mlp");
    private readonly Option<int?> _channels = OptionKinds.OptionalWhole("--channels", "C", "Channels of its first stage [default: the model's own]");
    private readonly Option<int?> _headDepth = OptionKinds.OptionalWhole("--head-depth", "L", "Dense layers that end it [default: the model's own]");
    private readonly Option<int?> _headWidth = OptionKinds.OptionalWhole("--head-width", "D", "Units of the head's hidden layers [default: the model's own]");
    private readonly Option<string?> _headActivation = OptionKinds.OptionalText("--head-activation", "relu|tanh|gelu|linear", "Between the head's layers [default: relu]");
    private readonly Option<string?> _data = OptionKinds.OptionalText("--data", "NAME|PATH", "What to measure on, exactly as given: a known name, a folder, an .npz (x, y) or a .csv (label last) [default: what the model's study measured]");
    private readonly Option<int?> _samples = OptionKinds.OptionalWhole("--samples", "N", "The first so many samples [default: all]");
    private readonly Option<bool> _standardize = OptionKinds.Switch("--standardize", "Shift and scale inputs to mean 0 and variance 1: per channel of images, per coordinate of flat data");
    private readonly Option<string?> _loss = OptionKinds.OptionalText("--loss", "cross-entropy|mse", "What the network was trained with [default: the study's; for other models it must be given]");
    private readonly Option<string?> _targets = OptionKinds.OptionalText("--targets", "one-hot|plus-minus-one", "What mse is measured against where y has classes [default: the study's, else one-hot]");
    private readonly Option<double?> _weightDecay = OptionKinds.OptionalReal("--weight-decay", "λ", "½ λ ‖W‖² of every weight in the objective [default: the study's, else 0]");
    private readonly Option<string> _operators = OptionKinds.Text("--operators", "LIST", "Over all parameters: hessian, gauss-newton, fisher, empirical-fisher, gradient-covariance; layers: every layer's Hessian; or none", Standard.Operators);
    private readonly Option<string?> _scopes = OptionKinds.OptionalText("--scopes", "LIST", "Measure them on these too: parameters, layers, or patterns such as stage1.*");
    private readonly Option<bool> _includeWeightDecay = OptionKinds.Switch("--include-weight-decay", "Add the weight decay's λ to the operators' diagonals");
    private readonly Option<bool> _density = OptionKinds.Switch("--density", "Estimate the spectral density of the operators on all parameters");
    private readonly Option<double> _nfaExponent = OptionKinds.Real("--nfa-exponent", "P", "p of the neural feature ansatz, WᵀW against AGOP^p", Standard.NfaExponent);
    private readonly Option<bool> _agopCentred = OptionKinds.Switch("--agop-centred", "Take AGOPs about the mean Jacobian");
    private readonly Option<bool> _convolutionSpectrum = OptionKinds.Switch("--convolution-spectrum", "Compute the singular values of convolutions as maps on their circular grids");
    private readonly Option<bool> _noAgop = OptionKinds.Switch("--no-agop", "Leave out AGOPs at the inputs of convolutions and of layers on tokens, which cost most in large networks");
    private readonly Option<bool> _noHalves = OptionKinds.Switch("--no-halves", "Leave out the ± of eigenvalues that takes eight solves over halves of the samples");
    private readonly Option<int?> _batch = OptionKinds.OptionalWhole("--batch", "N", "Samples that one thread walks at a time [default: by the network]");
    private readonly Option<string?> _memory = OptionKinds.OptionalText("--memory", "SIZE", "Memory for what is kept between products, such as 4GB; beyond it things are computed again [default: 5GB]");
    private readonly Option<int?> _top = OptionKinds.OptionalWhole("--top", "K", "Largest eigenvalues of each operator [default: 20; without convolutions at least K² + 1 for K classes, from 32 classes on 3 K + 1]");
    private readonly Option<int> _bottom = OptionKinds.Whole("--bottom", "K", "Smallest eigenvalues of the full Hessian", Standard.Bottom);
    private readonly Option<double?> _tolerance = OptionKinds.OptionalReal("--tolerance", "ε", "Relative residual asked of every eigenpair [default: 1e-8, in float32 1e-5]");

    private AnalyzeCommand()
        : base("eigenvectors, class means, AGOP and parameters")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Argument> Arguments => [_model];

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own =>
    [
        _store, _architecture, _names, _classes, _width, _depth, _activation, _noBiases, _channels, _headDepth, _headWidth, _headActivation,
        _data, _samples, _standardize, _loss, _targets, _weightDecay, _operators, _scopes, _includeWeightDecay, _density, _nfaExponent, _agopCentred, _convolutionSpectrum, _noHalves, _noAgop, _batch, _memory, _top, _bottom, _tolerance,
    ];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<AnalyzeOptions, RunSettings> validate,
        Func<AnalyzeOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new AnalyzeCommand().Create("analyze", "Measure a network that is trained already, on your data: collapse, weights, features, gradients, Hessians, layer by layer", runner, validate, run);

    /// <inheritdoc/>
    protected override IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) =>
    [
        ("the model that is read", parsed.GetValue(_model)!),
        .. parsed.GetValue(_data) is { } data ? [("the data that is read", data)] : Array.Empty<(string, string)>(),
    ];

    /// <inheritdoc/>
    protected override AnalyzeOptions Read(ParseResult parsed) => new()
    {
        Model = parsed.GetValue(_model)!,
        Store = parsed.GetValue(_store),
        Architecture = parsed.GetValue(_architecture),
        Names = parsed.GetValue(_names),
        Classes = parsed.GetValue(_classes),
        Width = parsed.GetValue(_width),
        Depth = parsed.GetValue(_depth),
        Activation = parsed.GetValue(_activation),
        Biases = !parsed.GetValue(_noBiases),
        Channels = parsed.GetValue(_channels),
        HeadDepth = parsed.GetValue(_headDepth),
        HeadWidth = parsed.GetValue(_headWidth),
        HeadActivation = parsed.GetValue(_headActivation),
        Data = parsed.GetValue(_data),
        Samples = parsed.GetValue(_samples),
        Standardize = parsed.GetValue(_standardize),
        Loss = parsed.GetValue(_loss),
        Targets = parsed.GetValue(_targets),
        WeightDecay = parsed.GetValue(_weightDecay),
        Operators = parsed.GetValue(_operators)!,
        Scopes = parsed.GetValue(_scopes),
        IncludeWeightDecay = parsed.GetValue(_includeWeightDecay),
        Density = parsed.GetValue(_density),
        NfaExponent = parsed.GetValue(_nfaExponent),
        AgopCentred = parsed.GetValue(_agopCentred),
        ConvolutionSpectrum = parsed.GetValue(_convolutionSpectrum),
        NoHalves = parsed.GetValue(_noHalves),
        NoAgop = parsed.GetValue(_noAgop),
        Batch = parsed.GetValue(_batch),
        Memory = parsed.GetValue(_memory),
        Top = parsed.GetValue(_top),
        Bottom = parsed.GetValue(_bottom),
        Tolerance = parsed.GetValue(_tolerance),
    };
}
