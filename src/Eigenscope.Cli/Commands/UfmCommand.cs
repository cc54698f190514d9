using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope ufm</c>.</summary>
internal sealed class UfmCommand : MeasuringCommand<UfmOptions>
{
    private static readonly UfmOptions Standard = new();
    private readonly Option<int> _classes = OptionKinds.Whole("--classes", "K", "Number of classes", Standard.Classes);
    private readonly Option<int> _perClass = OptionKinds.Whole("--per-class", "N", "Samples of each class", Standard.PerClass);
    private readonly Option<int> _width = OptionKinds.Whole("--width", "D", "Width of the features and of every hidden layer", Standard.Width);
    private readonly Option<int> _depth = OptionKinds.Whole("--depth", "L", "Number of weight matrices", Standard.Depth);
    private readonly Option<string> _activation = OptionKinds.Text("--activation", "linear|relu", "After every layer but the last", Standard.Activation);
    private readonly Option<bool> _rectified = OptionKinds.Switch("--rectify-features", "A ReLU acts on the features too");
    private readonly Option<string> _loss = OptionKinds.Text("--loss", "mse|cross-entropy", "Mean over the samples", Standard.Loss);
    private readonly Option<bool> _bias = OptionKinds.Switch("--bias", "The last layer has a bias, which is not decayed");
    private readonly Option<double> _weightDecay = OptionKinds.Real("--weight-decay", "λ", "½ λ ‖W‖² of every weight in the objective; 0 only for cross-entropy", Standard.WeightDecay);
    private readonly Option<double?> _featureDecay = OptionKinds.OptionalReal("--feature-decay", "λ", "The same for the features [default: the weight decay]");
    private readonly Option<string> _start = OptionKinds.Text("--start", "random|hadamard|dnc|low-rank|srg", "Structure of the start; its size is never the solution's", Standard.Start);
    private readonly Option<double> _initScale = OptionKinds.Real("--init-scale", "S", "Factor on the start, whose random entries are N(0, 1/D)", Standard.InitScale);
    private readonly Option<int> _starts = OptionKinds.Whole("--starts", "N", "Independent starts; the one of lowest loss is reported", Standard.Starts);
    private readonly Option<int> _restarts = OptionKinds.Whole("--restarts", "R", "Further random starts of larger scale while the best ended in a solution of lower rank", Standard.Restarts);
    private readonly Option<string> _optimizer = OptionKinds.Text("--optimizer", "newton|gradient-descent", "L-BFGS and then Newton, or plain descent", Standard.Optimizer);
    private readonly Option<double?> _learningRate = OptionKinds.OptionalReal("--learning-rate", "η", "Step of gradient descent [default: 0.2]");
    private readonly Option<int?> _iterations = OptionKinds.OptionalWhole("--iterations", "N", "At most so many of L-BFGS and of Newton, or exactly so many steps of gradient descent [default: 2000 and 200; 3000]");
    private readonly Option<double?> _gradientTolerance = OptionKinds.OptionalReal("--gradient-tolerance", "ε", "Gradient norm at which Newton's method has converged [default: 1e-10, in float32 1e-5]");
    private readonly Option<int?> _measureEvery = OptionKinds.OptionalWhole("--measure-every", "N", "Iterations between measurements, 0 for start and end only [default: after 10, 30, 100, 300, 1000 …]");
    private readonly Option<int> _top = OptionKinds.Whole("--top", "K", "Largest eigenvalues of an operator that is too large for a dense solve; at least K² + 1 for K classes, from 32 classes on 3 K + 1", Standard.Top);
    private readonly Option<int> _bottom = OptionKinds.Whole("--bottom", "K", "Smallest eigenvalues of the full Hessian", Standard.Bottom);
    private readonly Option<double?> _tolerance = OptionKinds.OptionalReal("--tolerance", "ε", "Relative residual asked of every eigenpair [default: 1e-9, in float32 1e-5]");

    private UfmCommand()
        : base("eigenvectors, class means, features and weights")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own =>
    [
        _classes, _perClass, _width, _depth, _activation, _rectified, _loss, _bias, _weightDecay, _featureDecay, _start, _initScale, _starts, _restarts, _optimizer, _learningRate,
        _iterations, _gradientTolerance, _measureEvery, _top, _bottom, _tolerance,
    ];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<UfmOptions, RunSettings> validate,
        Func<UfmOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new UfmCommand().Create("ufm", "Minimise the deep unconstrained feature model, and set everything measured beside its closed form", runner, validate, run);

    /// <inheritdoc/>
    protected override UfmOptions Read(ParseResult parsed) => new()
    {
        Classes = parsed.GetValue(_classes),
        PerClass = parsed.GetValue(_perClass),
        Width = parsed.GetValue(_width),
        Depth = parsed.GetValue(_depth),
        Activation = parsed.GetValue(_activation)!,
        RectifiedFeatures = parsed.GetValue(_rectified),
        Loss = parsed.GetValue(_loss)!,
        Bias = parsed.GetValue(_bias),
        WeightDecay = parsed.GetValue(_weightDecay),
        FeatureDecay = parsed.GetValue(_featureDecay),
        Start = parsed.GetValue(_start)!,
        InitScale = parsed.GetValue(_initScale),
        Starts = parsed.GetValue(_starts),
        Restarts = parsed.GetValue(_restarts),
        Optimizer = parsed.GetValue(_optimizer)!,
        LearningRate = parsed.GetValue(_learningRate),
        Iterations = parsed.GetValue(_iterations),
        GradientTolerance = parsed.GetValue(_gradientTolerance),
        MeasureEvery = parsed.GetValue(_measureEvery),
        Top = parsed.GetValue(_top),
        Bottom = parsed.GetValue(_bottom),
        Tolerance = parsed.GetValue(_tolerance),
    };
}
