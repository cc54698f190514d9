using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>
/// Turns the options of a study into a plan. All faults of the options are reported at once, before any data is read.
/// Where the learning rate or the number of epochs is not given, a recipe that trains to collapse without amplifying rounding is chosen:
/// SGD with momentum 0.9, a warm-up of 2 % and a cosine to zero, about 7000 steps at rate 0.15 for MSE and 8400 at 0.03 (0.02 from depth 6) for cross-entropy.
/// </summary>
internal static class StudyRecipe
{
    private const double WarmUp = 0.02;
    private const int MseSteps = 7000;
    private const int CrossEntropySteps = 8400;
    private const int LbfgsIterations = 500;
    private const int DeepFrom = 6;
    private const int LeastEpochs = 10;
    private const int MeasuredPoints = 2;

    /// <summary>Checks what can be checked without the data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(StudyOptions options, RunSettings settings)
    {
        List<string> faults = [];
        RequireOneOf(faults, "--model", options.Model, "mlp");
        RequireOneOf(faults, "--activation", options.Activation, "relu", "tanh", "gelu", "linear");
        RequireOneOf(faults, "--loss", options.Loss, "mse", "cross-entropy");
        RequireOneOf(faults, "--targets", options.Targets, "one-hot", "plus-minus-one");
        RequireOneOf(faults, "--optimizer", options.Optimizer, "sgd", "adam", "lbfgs");
        RequireOneOf(faults, "--schedule", options.Schedule, "cosine", "steps", "constant");
        RequireOneOf(faults, "--precision", settings.Precision, "float32", "float64");
        Require(faults, options.Width >= 1, "--width", "at least 1", options.Width);
        Require(faults, options.Depth >= 1, "--depth", "at least 1", options.Depth);
        Require(faults, options.BatchSize >= 0, "--batch-size", "at least 0", options.BatchSize);
        Require(faults, options.Epochs is null or >= 0, "--epochs", "at least 0", options.Epochs);
        Require(faults, options.MeasureEvery is null or >= 0, "--measure-every", "at least 0", options.MeasureEvery);
        Require(faults, options.Restarts >= 0, "--restarts", "at least 0", options.Restarts);
        Require(faults, options.Top >= 1, "--top", "at least 1", options.Top);
        Require(faults, options.Bottom >= 0, "--bottom", "at least 0", options.Bottom);
        Require(faults, settings.Threads is null or >= 1, "--threads", "at least 1", settings.Threads);
        Require(faults, options.WeightDecay >= 0.0 && double.IsFinite(options.WeightDecay), "--weight-decay", "a finite number of at least 0", options.WeightDecay);
        Require(faults, options.InitScale > 0.0 && double.IsFinite(options.InitScale), "--init-scale", "a positive finite number", options.InitScale);
        Require(faults, options.LearningRate is null || (options.LearningRate > 0.0 && double.IsFinite(options.LearningRate.Value)), "--learning-rate", "a positive finite number", options.LearningRate);
        Require(faults, options.TestFraction is >= 0.0 and < 1.0, "--test-fraction", "a number in [0, 1)", options.TestFraction);
        Require(faults, options.Tolerance is > 0.0 and < 1.0, "--tolerance", "a number in (0, 1)", options.Tolerance);
        CheckBlas(faults, settings.Blas);
        if (faults.Count > 0)
            throw new UsageException(string.Join("; ", faults));
    }

    /// <summary>Reads the data and fixes everything that depends on it.</summary>
    /// <exception cref="UsageException">An option is wrong, or the data cannot be used.</exception>
    public static StudyPlan Resolve(StudyOptions options, RunSettings settings, RandomStream random)
    {
        Validate(options, settings);
        DataSplit data = LoadData(options, settings, random.Split("data"));
        if (data.Train.ClassCount < 2)
            throw new UsageException($"--data {options.Data}: collapse is measured between classes, so at least 2 are needed; the data has {data.Train.ClassCount}");
        Network network = BuildNetwork(options, data.Train);
        TrainingOptions training = Training(options, data.Train.SampleCount);
        return new StudyPlan
        {
            Options = options,
            Data = data,
            Network = network,
            Loss = options.Loss switch
            {
                "cross-entropy" => new CrossEntropy(),
                _ => new MeanSquaredError(options.Targets is "one-hot" ? TargetCoding.OneHot : TargetCoding.PlusMinusOne),
            },
            Activation = ParseActivation(options.Activation),
            Precision = settings.Precision is "float32" ? Precision.Float32 : Precision.Float64,
            Decay = WeightDecay.OnWeights(network, options.WeightDecay),
            Training = training,
            MeasuredEpochs = MeasuredEpochs(options.MeasureEvery, training.Epochs),
        };
    }

    private static DataSplit LoadData(StudyOptions options, RunSettings settings, RandomStream random)
    {
        try
        {
            return DataCatalog.Load(options.Data, new DataOptions { TestFraction = options.TestFraction > 0.0 ? options.TestFraction : null }, DataFolders.Locate(settings), random);
        }
        catch (DataException exception)
        {
            throw new UsageException($"--data {options.Data}: {exception.Message}", exception);
        }
    }

    private static Network BuildNetwork(StudyOptions options, Dataset data)
    {
        long hidden = options.Depth - 1;
        long parameters = hidden == 0 ? (long)data.Dimension * data.ClassCount : ((long)options.Width * (data.Dimension + data.ClassCount)) + ((hidden - 1) * options.Width * options.Width);
        if (parameters > Array.MaxLength / 4)
            throw new UsageException($"--width {options.Width} with --depth {options.Depth} gives about {parameters:N0} parameters, more than the {Array.MaxLength / 4:N0} that one run can hold");
        return Network.Mlp(new MlpOptions
        {
            Widths = [data.Dimension, .. Enumerable.Repeat(options.Width, options.Depth - 1), data.ClassCount],
            Activation = ParseActivation(options.Activation),
            Biases = options.Biases,
        });
    }

    private static TrainingOptions Training(StudyOptions options, int samples)
    {
        int batches = options.BatchSize == 0 ? 1 : ((samples - 1) / options.BatchSize) + 1;
        bool isMse = options.Loss is "mse";
        double rate = options.LearningRate ?? (options.Optimizer, isMse) switch
        {
            ("adam", _) => 3e-3,
            (_, true) => 0.15,
            _ => options.Depth >= DeepFrom ? 0.02 : 0.03,
        };
        int steps = isMse ? MseSteps : CrossEntropySteps;
        int chosen = options.Optimizer is "lbfgs" ? LbfgsIterations : Math.Max(LeastEpochs, (int)Math.Ceiling(steps / (double)batches));
        return new TrainingOptions
        {
            Optimizer = options.Optimizer switch
            {
                "adam" => new AdamOptions { LearningRate = rate },
                "lbfgs" => new LbfgsOptions(),
                _ => new SgdOptions { LearningRate = rate },
            },
            Epochs = options.Epochs ?? chosen,
            BatchSize = options.BatchSize,
            Schedule = options.Schedule switch
            {
                "steps" => new LearningRateSchedule.Steps(),
                "constant" => new LearningRateSchedule.Constant(),
                _ => new LearningRateSchedule.Cosine { WarmUp = WarmUp },
            },
        };
    }

    // By default one point, in the middle; asked for, every so many epochs. The start and the end are always there.
    private static List<int> MeasuredEpochs(int? every, int epochs)
    {
        SortedSet<int> measured = [0, epochs];
        if (every is > 0)
        {
            for (long epoch = 0; epoch < epochs; epoch += every.Value)
                measured.Add((int)epoch);
        }
        else if (every is null)
        {
            for (int point = 1; point < MeasuredPoints; point++)
                measured.Add((int)((long)epochs * point / MeasuredPoints));
        }
        return [.. measured];
    }

    private static Activation ParseActivation(string name) => name switch
    {
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        "gelu" => Activation.Gelu,
        _ => Activation.Linear,
    };

    private static void CheckBlas(List<string> faults, string? choice)
    {
        try
        {
            BlasBackends.Parse(choice);
        }
        catch (ArgumentException)
        {
            faults.Add($"EIGENSCOPE_BLAS must be auto, openblas or managed, got '{choice}'");
        }
    }

    private static void RequireOneOf(List<string> faults, string option, string value, params string[] allowed)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal))
            faults.Add($"{option} must be {string.Join(" or ", allowed)}, got '{value}'");
    }

    private static void Require(List<string> faults, bool holds, string option, string expected, IFormattable? value)
    {
        if (!holds)
            faults.Add($"{option} must be {expected}, got {value?.ToString(null, CultureInfo.InvariantCulture)}");
    }
}
