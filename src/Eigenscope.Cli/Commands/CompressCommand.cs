using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope compress</c>.</summary>
internal sealed class CompressCommand : MeasuringCommand<CompressOptions>
{
    private static readonly CompressOptions Standard = new();
    private readonly Argument<string> _model = new("MODEL") { Description = "An ONNX model, the file that study --save wrote, or the identity of a run in the store" };
    private readonly Option<string?> _store = EngineCommandOptions.StoreOption();
    private readonly Option<string?> _data = OptionKinds.OptionalText("--data", "NAME|PATH", "What to verify on; an ONNX model takes it exactly as given [default: the data it was trained on, with the same samples held out; for ONNX it must be given]");
    private readonly Option<double?> _maxAccuracyDrop = OptionKinds.OptionalReal("--max-accuracy-drop", "F", "Search the ranks of fewest parameters at which accuracy falls by no more [default: 0.01, unless another rule is given]");
    private readonly Option<int?> _rank = OptionKinds.OptionalWhole("--rank", "R", "The same rank for every weight, instead");
    private readonly Option<double?> _energy = OptionKinds.OptionalReal("--energy", "E", "Share of Σσ² that every weight keeps, instead");
    private readonly Option<bool> _theory = OptionKinds.Switch("--theory", "The rank that theory predicts of a collapsed network, instead: K − 1, of mse without biases K");
    private readonly Option<double?> _validationFraction = OptionKinds.OptionalReal("--validation-fraction", "F", "Share of the training samples that the search looks at [default: 0.2, at most 5,000 samples]");
    private readonly Option<int> _fineTuneEpochs = OptionKinds.Whole("--fine-tune-epochs", "N", "Train the factors for so many epochs, as the model was trained; an ONNX model by Adam", Standard.FineTuneEpochs);
    private readonly Option<double?> _learningRate = OptionKinds.OptionalReal("--learning-rate", "η", "Learning rate of that training [default: a tenth of the model's; for ONNX it must be given]");
    private readonly Option<string?> _loss = OptionKinds.OptionalText("--loss", "cross-entropy|mse", "What an ONNX model was trained with [default: cross-entropy]");
    private readonly Option<double?> _weightDecay = OptionKinds.OptionalReal("--weight-decay", "λ", "½ λ ‖W‖² while the factors of an ONNX model are trained [default: 0]");

    private CompressCommand()
        : base(arrays: null, model: "the smaller network: as a checkpoint that says how to build it again, or as ONNX; of an ONNX model its own graph with factors in place", save: "--out", writesOnnx: true)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Argument> Arguments => [_model];

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own => [_store, _data, _maxAccuracyDrop, _rank, _energy, _theory, _validationFraction, _fineTuneEpochs, _learningRate, _loss, _weightDecay];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<CompressOptions, RunSettings> validate,
        Func<CompressOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new CompressCommand().Create("compress", "Make a trained network smaller: cut its weights to low ranks, as products of two factors, and verify the accuracy", runner, validate, run);

    /// <inheritdoc/>
    protected override IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) =>
    [
        ("the model that is read", parsed.GetValue(_model)!),
        .. parsed.GetValue(_data) is { } data ? [("the data that is read", data)] : Array.Empty<(string, string)>(),
    ];

    /// <inheritdoc/>
    protected override RunSettings Complete(ParseResult parsed, RunSettings settings, TimeProvider time)
    {
        const string Onnx = ".onnx";
        if (parsed.GetValue(_model)!.EndsWith(Onnx, StringComparison.OrdinalIgnoreCase) && SavePath(parsed) is { } path && !path.EndsWith(Onnx, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--out: an ONNX model is written as one, with factors in its own graph; expected a name that ends in .onnx, got '{path}'");
        return settings;
    }

    /// <inheritdoc/>
    protected override CompressOptions Read(ParseResult parsed) => new()
    {
        Model = parsed.GetValue(_model)!,
        Store = parsed.GetValue(_store),
        Data = parsed.GetValue(_data),
        MaxAccuracyDrop = parsed.GetValue(_maxAccuracyDrop),
        Rank = parsed.GetValue(_rank),
        Energy = parsed.GetValue(_energy),
        Theory = parsed.GetValue(_theory),
        ValidationFraction = parsed.GetValue(_validationFraction),
        FineTuneEpochs = parsed.GetValue(_fineTuneEpochs),
        LearningRate = parsed.GetValue(_learningRate),
        Loss = parsed.GetValue(_loss),
        WeightDecay = parsed.GetValue(_weightDecay),
    };
}
