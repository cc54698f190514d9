using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope study</c>.</summary>
internal sealed class StudyCommand : MeasuringCommand<StudyOptions>
{
    private static readonly StudyOptions Standard = new();
    private readonly Option<string> _data = OptionKinds.Text("--data", "NAME|PATH", "A known name, a folder of IDX files, an .npz (x, y) or a .csv (label last)", Standard.Data);
    private readonly Option<bool> _shuffleLabels = OptionKinds.Switch("--shuffle-labels", "Permute the training labels by the seed: a baseline in which they say nothing");
    private readonly Option<string> _model = OptionKinds.Text("--model", "mlp|vgg11|resnet8|resnet20|resnet18|lenet5", "Kind of network", Standard.Model);
    private readonly Option<int?> _samples = OptionKinds.OptionalWhole("--samples", "N", "Training samples, classes balanced, drawn by the seed [default: all]");
    private readonly Option<bool> _standardize = OptionKinds.Switch("--standardize", "Shift and scale inputs by the training samples' mean and deviation: per channel of images, per coordinate of flat data");
    private readonly Option<int?> _measureSamples = OptionKinds.OptionalWhole("--measure-samples", "N", "Training samples that are measured, classes balanced [default: all, for a convolutional model at most 1,000]");
    private readonly Option<int?> _channels = OptionKinds.OptionalWhole("--channels", "C", "Channels of a convolutional model's first stage [default: the model's own]");
    private readonly Option<int?> _headDepth = OptionKinds.OptionalWhole("--head-depth", "L", "Dense layers that end a convolutional model [default: 1, of lenet5 2]");
    private readonly Option<int?> _headWidth = OptionKinds.OptionalWhole("--head-width", "D", "Units of the head's hidden layers [default: 512, of lenet5 500]");
    private readonly Option<string> _headActivation = OptionKinds.Text("--head-activation", "relu|tanh|gelu|linear", "Between the head's layers", Standard.HeadActivation);
    private readonly Option<double> _labelSmoothing = OptionKinds.Real("--label-smoothing", "α", "Share of the target spread over all classes, in training only", Standard.LabelSmoothing);
    private readonly Option<string> _augment = OptionKinds.Text("--augment", "none|flip|crop|crop-flip", "Random changes of images, in training only", Standard.Augment);
    private readonly Option<double> _dropout = OptionKinds.Real("--dropout", "F", "Share of hidden dense units dropped, in training only", Standard.Dropout);
    private readonly Option<string> _operators = OptionKinds.Text("--operators", "LIST", "Measured on all parameters: hessian, gauss-newton, fisher, empirical-fisher, gradient-covariance; or none, which leaves all spectra of Hessians out", Standard.Operators);
    private readonly Option<string?> _scopes = OptionKinds.OptionalText("--scopes", "LIST", "Measure them on these too: parameters, layers, or patterns such as stage1.*");
    private readonly Option<bool> _includeWeightDecay = OptionKinds.Switch("--include-weight-decay", "Add the weight decay's λ to the operators' diagonals");
    private readonly Option<bool> _density = OptionKinds.Switch("--density", "Estimate the spectral density of the operators on all parameters");
    private readonly Option<bool> _convolutionSpectrum = OptionKinds.Switch("--convolution-spectrum", "Compute the singular values of convolutions as maps on their circular grids");
    private readonly Option<string?> _memory = OptionKinds.OptionalText("--memory", "SIZE", "Memory for what is kept between products, such as 4GB; beyond it things are computed again [default: 5GB]");
    private readonly Option<string?> _checkpoint = OptionKinds.OptionalText("--checkpoint", "FILE.npz", "Keep there, at most every half minute, how far training is, and go on from there if the file is there");
    private readonly Option<int> _width = OptionKinds.Whole("--width", "D", "Units of each hidden layer", Standard.Width);
    private readonly Option<int> _depth = OptionKinds.Whole("--depth", "L", "Number of weight matrices, the last included", Standard.Depth);
    private readonly Option<string> _activation = OptionKinds.Text("--activation", "relu|tanh|gelu|linear", "After every layer but the last", Standard.Activation);
    private readonly Option<bool> _noBiases = OptionKinds.Switch("--no-biases", "Layers without biases");
    private readonly Option<string> _init = OptionKinds.Text("--init", "lecun-normal|xavier-uniform", "How weights start: normal of deviation 1/sqrt(fan-in), or uniform within sqrt(6/(fan-in + fan-out))", Standard.Init);
    private readonly Option<double> _initScale = OptionKinds.Real("--init-scale", "S", "Factor on the initial weights; of xavier-uniform the gain of all but the last", Standard.InitScale);
    private readonly Option<double> _nfaExponent = OptionKinds.Real("--nfa-exponent", "P", "p of the neural feature ansatz, WᵀW against AGOP^p", Standard.NfaExponent);
    private readonly Option<bool> _agopCentred = OptionKinds.Switch("--agop-centred", "Take AGOPs about the mean Jacobian");
    private readonly Option<string> _loss = OptionKinds.Text("--loss", "mse|cross-entropy", "Mean over the samples", Standard.Loss);
    private readonly Option<string> _targets = OptionKinds.Text("--targets", "one-hot|plus-minus-one", "What mse is measured against", Standard.Targets);
    private readonly Option<double> _weightDecay = OptionKinds.Real("--weight-decay", "λ", "½ λ ‖W‖² of every weight in the objective", Standard.WeightDecay);
    private readonly Option<string> _optimizer = OptionKinds.Text("--optimizer", "sgd|adam|lbfgs", "How to train", Standard.Optimizer);
    private readonly Option<double?> _learningRate = OptionKinds.OptionalReal("--learning-rate", "η", "Step size [default: by loss, depth and optimiser]");
    private readonly Option<string> _schedule = OptionKinds.Text("--schedule", "cosine|steps|constant", "How the learning rate changes", Standard.Schedule);
    private readonly Option<int?> _batchSize = OptionKinds.OptionalWhole("--batch-size", "N", "Samples of a mini-batch, 0 for all at once [default: 64, for a convolutional model 128]");
    private readonly Option<int?> _epochs = OptionKinds.OptionalWhole("--epochs", "N", "Passes over the data [default: by loss]");
    private readonly Option<int?> _measureEvery = OptionKinds.OptionalWhole("--measure-every", "N", "Epochs between measurements, 0 for start and end only [default: start, middle and end]");
    private readonly Option<double> _testFraction = OptionKinds.Real("--test-fraction", "F", "Share of each class held out for testing", Standard.TestFraction);
    private readonly Option<int> _restarts = OptionKinds.Whole("--restarts", "R", "Further starts: of larger scale after a run of lower rank, at a quarter of the learning rate after one that diverged", Standard.Restarts);
    private readonly Option<int> _top = OptionKinds.Whole("--top", "K", "Largest eigenvalues of each operator; at least K² + 1 for K classes, from 32 classes on 3 K + 1", Standard.Top);
    private readonly Option<int> _bottom = OptionKinds.Whole("--bottom", "K", "Smallest eigenvalues of the full Hessian", Standard.Bottom);
    private readonly Option<double?> _tolerance = OptionKinds.OptionalReal("--tolerance", "ε", "Relative residual asked of every eigenpair [default: 1e-8, in float32 1e-5]");

    private StudyCommand()
        : base("eigenvectors, class means and AGOP", model: "the trained network: as a checkpoint that says how to build it again, for compress, or as ONNX", writesOnnx: true)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own =>
    [
        _data, _samples, _standardize, _shuffleLabels, _model, _width, _depth, _channels, _headDepth, _headWidth, _headActivation, _activation, _noBiases, _init, _initScale, _loss, _targets, _weightDecay, _optimizer, _learningRate, _schedule, _batchSize, _epochs,
        _labelSmoothing, _augment, _dropout, _measureEvery, _measureSamples, _testFraction, _restarts, _operators, _scopes, _includeWeightDecay, _density, _nfaExponent, _agopCentred, _convolutionSpectrum, _memory, _checkpoint, _top, _bottom, _tolerance,
    ];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<StudyOptions, RunSettings> validate,
        Func<StudyOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new StudyCommand().Create("study", "Train a network to collapse, and measure it layer by layer: weights, features, gradients, Hessians, collapse", runner, validate, run);

    /// <inheritdoc/>
    protected override IReadOnlyList<(string What, string Path)> Inputs(ParseResult parsed) => [("the data that is read", parsed.GetValue(_data)!)];

    /// <inheritdoc/>
    protected override RunSettings Complete(ParseResult parsed, RunSettings settings, TimeProvider time)
    {
        if (parsed.GetValue(_checkpoint) is not { } path)
            return settings;
        OutputPath.RequireWritable("--checkpoint", path);
        return settings with { Checkpoint = new CheckpointFile(path, StoreFiles.Disk, time) };
    }

    /// <inheritdoc/>
    protected override StudyOptions Read(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(_data)!,
        Samples = parsed.GetValue(_samples),
        Standardize = parsed.GetValue(_standardize),
        MeasureSamples = parsed.GetValue(_measureSamples),
        ShuffleLabels = parsed.GetValue(_shuffleLabels),
        Channels = parsed.GetValue(_channels),
        HeadDepth = parsed.GetValue(_headDepth),
        HeadWidth = parsed.GetValue(_headWidth),
        HeadActivation = parsed.GetValue(_headActivation)!,
        LabelSmoothing = parsed.GetValue(_labelSmoothing),
        Augment = parsed.GetValue(_augment)!,
        Dropout = parsed.GetValue(_dropout),
        Operators = parsed.GetValue(_operators)!,
        Scopes = parsed.GetValue(_scopes),
        IncludeWeightDecay = parsed.GetValue(_includeWeightDecay),
        Density = parsed.GetValue(_density),
        ConvolutionSpectrum = parsed.GetValue(_convolutionSpectrum),
        Memory = parsed.GetValue(_memory),
        Model = parsed.GetValue(_model)!,
        Width = parsed.GetValue(_width),
        Depth = parsed.GetValue(_depth),
        Activation = parsed.GetValue(_activation)!,
        Biases = !parsed.GetValue(_noBiases),
        Loss = parsed.GetValue(_loss)!,
        Targets = parsed.GetValue(_targets)!,
        WeightDecay = parsed.GetValue(_weightDecay),
        Init = parsed.GetValue(_init)!,
        NfaExponent = parsed.GetValue(_nfaExponent),
        AgopCentred = parsed.GetValue(_agopCentred),
        InitScale = parsed.GetValue(_initScale),
        Optimizer = parsed.GetValue(_optimizer)!,
        LearningRate = parsed.GetValue(_learningRate),
        Schedule = parsed.GetValue(_schedule)!,
        BatchSize = parsed.GetValue(_batchSize),
        Epochs = parsed.GetValue(_epochs),
        MeasureEvery = parsed.GetValue(_measureEvery),
        TestFraction = parsed.GetValue(_testFraction),
        Restarts = parsed.GetValue(_restarts),
        Top = parsed.GetValue(_top),
        Bottom = parsed.GetValue(_bottom),
        Tolerance = parsed.GetValue(_tolerance),
    };
}
