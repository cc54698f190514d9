using System.Globalization;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
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
    private const int ImageSteps = 1500;
    private const int FlatBatch = 64;
    private const int ImageBatch = 128;
    private const int MeasuredImages = 1000;
    private const int CropPadding = 4;
    private const int LbfgsIterations = 500;
    private const int DeepFrom = 6;
    private const int LeastEpochs = 10;
    private const int LargestDepth = 1000;
    private const double Float64Tolerance = 1e-8;
    private const double Float32Tolerance = 1e-5;
    private static readonly StandardizationOptions Scaling = new();

    /// <summary>Checks what can be checked without the data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(StudyOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.RequireOneOf("--model", options.Model, StudyNetworks.Names);
        faults.RequireOneOf("--activation", options.Activation, "relu", "tanh", "gelu", "linear");
        faults.RequireOneOf("--loss", options.Loss, "mse", "cross-entropy");
        faults.RequireOneOf("--targets", options.Targets, "one-hot", "plus-minus-one");
        faults.RequireOneOf("--optimizer", options.Optimizer, "sgd", "adam", "lbfgs");
        faults.RequireOneOf("--schedule", options.Schedule, "cosine", "steps", "constant");
        faults.RequireOneOf("--init", options.Init, "lecun-normal", "xavier-uniform");
        CheckSamples(faults, options);
        CheckModel(faults, options);
        CheckMeasurement(faults, options);
        faults.Require(options.BatchSize is null or >= 0, "--batch-size", "at least 0", options.BatchSize);
        faults.Require(options.Epochs is null or >= 0, "--epochs", "at least 0", options.Epochs);
        faults.Require(options.Restarts >= 0, "--restarts", "at least 0", options.Restarts);
        faults.Require(options.WeightDecay >= 0.0 && double.IsFinite(options.WeightDecay), "--weight-decay", "a finite number of at least 0", options.WeightDecay);
        faults.Require(options.InitScale > 0.0 && double.IsFinite(options.InitScale), "--init-scale", "a positive finite number", options.InitScale);
        faults.Require(options.LearningRate is null || (options.LearningRate > 0.0 && double.IsFinite(options.LearningRate.Value)), "--learning-rate", "a positive finite number", options.LearningRate);
        if (KnownModel(options))
            new StudyRelevance(options).Check(faults);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    // What acts on what is a question of known models.
    private static bool KnownModel(StudyOptions options) => StudyNetworks.Names.Contains(options.Model, StringComparer.Ordinal);

    private static void CheckSamples(OptionFaults faults, StudyOptions options)
    {
        faults.Require(options.Samples is null or >= 1, "--samples", "at least 1", options.Samples);
        faults.Require(options.MeasureSamples is null or >= 1, "--measure-samples", "at least 1", options.MeasureSamples);
        faults.Require(options.TestFraction is >= 0.0 and < 1.0, "--test-fraction", "a number in [0, 1)", options.TestFraction);
    }

    private static void CheckModel(OptionFaults faults, StudyOptions options)
    {
        faults.RequireOneOf("--head-activation", options.HeadActivation, "relu", "tanh", "gelu", "linear");
        faults.RequireOneOf("--augment", options.Augment, "none", "flip", "crop", "crop-flip");
        faults.Require(options.Width >= 1, "--width", "at least 1", options.Width);
        faults.Require(options.Depth >= 1, "--depth", "at least 1", options.Depth);
        faults.Require(options.Depth <= LargestDepth, "--depth", string.Create(CultureInfo.InvariantCulture, $"at most {LargestDepth}"), options.Depth);
        faults.Require(options.HeadDepth is null or <= LargestDepth, "--head-depth", string.Create(CultureInfo.InvariantCulture, $"at most {LargestDepth}"), options.HeadDepth);
        faults.Require(options.Channels is null or >= 1, "--channels", "at least 1", options.Channels);
        faults.Require(options.HeadDepth is null or >= 1, "--head-depth", "at least 1", options.HeadDepth);
        faults.Require(options.HeadWidth is null or >= 1, "--head-width", "at least 1", options.HeadWidth);
        faults.Require(options.Dropout is >= 0.0 and < 1.0, "--dropout", "a number in [0, 1)", options.Dropout);
        faults.Require(options.LabelSmoothing is >= 0.0 and < 1.0, "--label-smoothing", "a number in [0, 1)", options.LabelSmoothing);
        bool trainsInOrder = options.Optimizer is "lbfgs";
        faults.Require(!trainsInOrder || options.Augment is "none", "--augment", "none with --optimizer lbfgs, which needs the same samples at every step", options.Augment);
        faults.Require(!trainsInOrder || options.LabelSmoothing == 0.0, "--label-smoothing", "0 with --optimizer lbfgs, which minimises what is measured", options.LabelSmoothing);
        faults.Require(!trainsInOrder || options.Dropout == 0.0, "--dropout", "0 with --optimizer lbfgs, which needs the same network at every step", options.Dropout);
        faults.Require(!trainsInOrder || !KnownModel(options) || !StudyNetworks.HasNormalization(options), "--optimizer", "sgd or adam for a convolutional network, whose batch normalisation trains on batches", options.Optimizer);
    }

    private static void CheckMeasurement(OptionFaults faults, StudyOptions options)
    {
        faults.Require(options.MeasureEvery is null or >= 0, "--measure-every", "at least 0", options.MeasureEvery);
        faults.Require(options.Top >= 1, "--top", "at least 1", options.Top);
        faults.Require(options.Bottom >= 0, "--bottom", "at least 0", options.Bottom);
        faults.Require(options.Tolerance is null or (> 0.0 and < 1.0), "--tolerance", "a number in (0, 1)", options.Tolerance);
        faults.Require(options.Memory is null || MemoryAmount.Parse(options.Memory) is not null, "--memory", "an amount of memory such as 4GB or 512MB", options.Memory ?? "");
        foreach (string name in OperatorNames.IsNone(options.Operators) ? [] : OperatorNames.Split(options.Operators))
            faults.RequireOneOf("--operators", name, OperatorNames.All);
        faults.Require(OperatorNames.Split(options.Operators).Length > 0, "--operators", $"some of {string.Join(", ", OperatorNames.All)}, or {OperatorNames.None}", options.Operators);
        faults.Require(options.NfaExponent > 0.0 && double.IsFinite(options.NfaExponent), "--nfa-exponent", "a positive finite number", options.NfaExponent);
        faults.Require(options.Scopes is null || OperatorNames.Split(options.Scopes).Length > 0, "--scopes", "names of parameters or layers, or patterns, by commas", options.Scopes ?? "");
    }

    /// <summary>Reads the data and fixes everything that depends on it.</summary>
    /// <exception cref="UsageException">An option is wrong, or the data cannot be used.</exception>
    public static StudyPlan Resolve(StudyOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        DataSplit data = LoadSamples(options, settings, random, progress, cancellation);
        if (data.Train.ClassCount < 2)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--data {options.Data}: collapse is measured between classes, so at least 2 are needed; the data has {data.Train.ClassCount}"));
        Standardization? scaling = options.Standardize ? Standardization.Of(data.Train.Inputs, Scaling) : null;
        if (scaling is not null)
            data = data.Mapped(scaling, Standardization.Describe(data.Train.Inputs, Scaling));
        StudySize.RequirePerceptron(options, data.Train);
        Network network = StudyNetworks.Create(options, data.Train);
        StudySize.Require(options, data.Train, network);
        double? rate = LearningRate(options);
        TrainingOptions training = Training(options, data.Train, rate);
        string[] scopes = ResolveScopes(options.Scopes, network);
        int every = options.MeasureEvery ?? MeasureEvery(options, training.Epochs);
        StudyMemory.RequireBatch(training.BatchSize, data.Train.SampleCount, network);
        StudyMemory.RequireSnapshots(every, training.Epochs, network);
        Dataset measured = MeasuredSamples(options, data.Train, random.Split("measured"));
        StudyMemory.RequireMeasurable(options, data.Train, measured.SampleCount, network);
        Precision precision = settings.Precision is "float32" ? Precision.Float32 : Precision.Float64;
        return new StudyPlan
        {
            Options = options,
            Data = data,
            Scaling = scaling,
            Network = network,
            Loss = LossOf(options),
            Measured = measured,
            Scopes = scopes,
            Precision = precision,
            Decay = WeightDecay.OnWeights(network, options.WeightDecay),
            Training = training,
            LearningRate = rate,
            Tolerance = options.Tolerance ?? (precision == Precision.Float32 ? Float32Tolerance : Float64Tolerance),
            MeasureEvery = every,
            MeasuredEpochs = MeasuredEpochs(every, training.Epochs),
        };
    }

    /// <summary>How weights start at a scale.</summary>
    public static InitializationOptions Initialization(StudyOptions options, double scale) =>
        new() { Kind = options.Init is "xavier-uniform" ? InitializationKind.XavierUniform : InitializationKind.LeCunNormal, Scale = scale };

    /// <summary>The samples as they are before any scaling: drawn, set aside and with their labels permuted as the options say, by the study's stream.</summary>
    /// <exception cref="UsageException">The data cannot be used.</exception>
    public static DataSplit LoadSamples(StudyOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        DataSplit data = LoadData(options, settings, random.Split("data"), progress, cancellation);
        return options.ShuffleLabels ? new DataSplit(WithShuffledLabels(data.Train, random.Split("labels")), data.Test) : data;
    }

    /// <summary>The loss that the options name.</summary>
    public static Loss LossOf(StudyOptions options) => options.Loss switch
    {
        "cross-entropy" => new CrossEntropy(),
        _ => new MeanSquaredError(options.Targets is "one-hot" ? TargetCoding.OneHot : TargetCoding.PlusMinusOne),
    };

    /// <summary>The stream that a study of a seed draws from.</summary>
    public static RandomStream Stream(ulong seed) => new RandomStream(seed).Split("study");

    private static DataSplit LoadData(StudyOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            DataOptions data = new() { TestFraction = options.TestFraction > 0.0 ? options.TestFraction : null, Samples = options.Samples };
            return DataCatalog.Load(options.Data, data, DataFolders.Locate(settings), random, FetchProgress.Of(progress), cancellation);
        }
        catch (DataException exception)
        {
            throw new UsageException($"--data {options.Data}: {exception.Message}", exception);
        }
    }

    private static Dataset WithShuffledLabels(Dataset data, RandomStream random)
    {
        int[] labels = [.. data.Labels];
        random.Shuffle<int>(labels);
        return new Dataset(data.Name, $"{data.Source}; labels permuted", data.Inputs, labels, data.ClassNames);
    }

    /// <summary>The optimiser that the options name, at a learning rate.</summary>
    public static OptimizerOptions Optimizer(StudyOptions options, double? rate) => (options.Optimizer, rate) switch
    {
        ("adam", { } adam) => new AdamOptions { LearningRate = adam },
        (_, { } sgd) => new SgdOptions { LearningRate = sgd },
        _ => new LbfgsOptions(),
    };

    /// <summary>The training samples that are measured.</summary>
    /// <exception cref="UsageException">--measure-samples cannot be had of them.</exception>
    public static Dataset MeasuredSamples(StudyOptions options, Dataset train, RandomStream random)
    {
        int balanced = MostBalanced(train);
        bool takesAll = !StudyNetworks.IsConvolutional(options) || train.SampleCount <= MeasuredImages;
        int wanted = options.MeasureSamples ?? (takesAll ? train.SampleCount : Math.Min(balanced, MeasuredImages));
        if (wanted > train.SampleCount || wanted < train.ClassCount)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--measure-samples must be from {train.ClassCount}, one of each class, to {train.SampleCount}, the number of training samples, got {wanted}"));
        if (wanted > balanced && wanted < train.SampleCount)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--measure-samples must be at most {balanced}, as many as the smallest class lets be balanced, or {train.SampleCount}, all of them, got {wanted}"));
        return wanted == train.SampleCount ? train : train.TakeBalanced(wanted, random);
    }

    // Classes differ by one sample at most.
    private static int MostBalanced(Dataset train)
    {
        int smallest = train.ClassCounts.Min();
        return (smallest * train.ClassCount) + train.ClassCounts.Count(count => count > smallest);
    }

    private static double? LearningRate(StudyOptions options) => options.Optimizer is "lbfgs" ? null : options.LearningRate ?? (options.Optimizer, options.Loss) switch
    {
        ("adam", _) => StudyNetworks.IsConvolutional(options) ? 1e-3 : 3e-3,
        _ when StudyNetworks.HasNormalization(options) => 0.1,
        (_, "mse") when StudyNetworks.IsConvolutional(options) => 0.005,
        _ when StudyNetworks.IsConvolutional(options) => 0.02,
        (_, "mse") => 0.15,
        _ => options.Depth >= DeepFrom ? 0.02 : 0.03,
    };

    /// <summary>How a network is trained with the options.</summary>
    public static TrainingOptions Training(StudyOptions options, Dataset data, double? rate)
    {
        int batch = options.Optimizer is "lbfgs" ? 0 : options.BatchSize ?? (StudyNetworks.IsConvolutional(options) ? ImageBatch : FlatBatch);
        int batches = batch == 0 ? 1 : ((data.SampleCount - 1) / batch) + 1;
        if ((long)batches * (options.Epochs ?? 0) > int.MaxValue)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--epochs must be at most {int.MaxValue / batches} for {batches} batches an epoch, got {options.Epochs}"));
        int steps = StudyNetworks.IsConvolutional(options) ? ImageSteps : options.Loss is "mse" ? MseSteps : CrossEntropySteps;
        int chosen = options.Optimizer is "lbfgs" ? LbfgsIterations : Math.Max(LeastEpochs, (int)Math.Ceiling(steps / (double)batches));
        return new TrainingOptions
        {
            Optimizer = Optimizer(options, rate),
            Epochs = options.Epochs ?? chosen,
            BatchSize = batch,
            LabelSmoothing = options.LabelSmoothing,
            Augmentation = Augmentation(options, data),
            Schedule = options.Schedule switch
            {
                "steps" => new LearningRateSchedule.Steps(),
                "constant" => new LearningRateSchedule.Constant(),
                _ => new LearningRateSchedule.Cosine { WarmUp = WarmUp },
            },
        };
    }

    private static Augmentation? Augmentation(StudyOptions options, Dataset data)
    {
        if (options.Augment is "none")
            return null;
        if (data.SampleShape is not [int channels, int height, int width])
            throw new UsageException($"--augment {options.Augment} needs images, but a sample of {options.Data} has shape [{string.Join(", ", data.SampleShape)}], not [channels, height, width]");
        return new Augmentation
        {
            Image = new ImageShape(channels, height, width),
            CropPadding = options.Augment is "flip" ? 0 : CropPadding,
            HorizontalFlip = options.Augment is "flip" or "crop-flip",
        };
    }

    // An mlp is measured once on the way, in the middle.
    private static int MeasureEvery(StudyOptions options, int epochs) => StudyNetworks.IsConvolutional(options) ? 0 : (epochs / 2) + (epochs % 2);

    // The start and the end are always there.
    private static List<int> MeasuredEpochs(int every, int epochs)
    {
        SortedSet<int> measured = [0, epochs];
        for (long epoch = every; every > 0 && epoch < epochs; epoch += every)
            measured.Add((int)epoch);
        return [.. measured];
    }

    /// <summary>The scopes of a list, less that of all parameters, which are measured in any case.</summary>
    /// <exception cref="UsageException">One of them is nothing of the network's.</exception>
    public static string[] ResolveScopes(string? scopes, Network network)
    {
        string[] names = [.. OperatorNames.Split(scopes).Where(static name => name is not ParameterScope.AllName).Distinct(StringComparer.Ordinal)];
        try
        {
            foreach (string name in names)
                ParameterScope.Resolve(network, name);
            return names;
        }
        catch (ArgumentException exception)
        {
            // Less the name of a method's parameter, which says nothing to a user.
            throw new UsageException($"--scopes: {exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal)}", exception);
        }
    }
}
