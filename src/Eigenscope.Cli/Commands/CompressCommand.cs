using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope compress</c>.</summary>
internal sealed class CompressCommand : MeasuringCommand<CompressOptions>
{
    private static readonly CompressOptions Standard = new();
    private readonly Argument<string> _model = new("MODEL") { Description = "The file that study --save wrote, or the identity of a run in the store" };
    private readonly Option<string?> _store = SweepCommand.StoreOption();
    private readonly Option<string?> _data = OptionKinds.OptionalText("--data", "NAME|PATH", "What to verify on [default: the data it was trained on, with the same samples held out]");
    private readonly Option<double?> _maxAccuracyDrop = OptionKinds.OptionalReal("--max-accuracy-drop", "F", "Search the ranks of fewest parameters at which accuracy falls by no more [default: 0.01, unless another rule is given]");
    private readonly Option<int?> _rank = OptionKinds.OptionalWhole("--rank", "R", "The same rank for every weight, instead");
    private readonly Option<double?> _energy = OptionKinds.OptionalReal("--energy", "E", "Share of Σσ² that every weight keeps, instead");
    private readonly Option<bool> _theory = OptionKinds.Switch("--theory", "The rank that theory predicts of a collapsed network, instead: K − 1, of mse without biases K");
    private readonly Option<double?> _validationFraction = OptionKinds.OptionalReal("--validation-fraction", "F", "Share of the training samples that the search looks at [default: 0.2, at most 5,000 samples]");
    private readonly Option<int> _fineTuneEpochs = OptionKinds.Whole("--fine-tune-epochs", "N", "Train the factors for so many epochs, as the model was trained", Standard.FineTuneEpochs);
    private readonly Option<double?> _learningRate = OptionKinds.OptionalReal("--learning-rate", "η", "Learning rate of that training [default: a tenth of the model's]");

    private CompressCommand()
        : base(arrays: null, model: "the smaller network as a checkpoint that says how to build it again", save: "--out")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Argument> Arguments => [_model];

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own => [_store, _data, _maxAccuracyDrop, _rank, _energy, _theory, _validationFraction, _fineTuneEpochs, _learningRate];

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
    };
}
