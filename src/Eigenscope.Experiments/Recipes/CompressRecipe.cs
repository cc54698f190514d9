using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of <c>compress</c> into a plan. All faults of the options are reported at once, before any file is read.</summary>
internal static class CompressRecipe
{
    /// <summary>By how much accuracy may fall unless something else is asked for.</summary>
    public const double UsualDrop = 0.01;

    private const double UsualValidation = 0.2;
    private const double MostValidation = 5000.0;
    private const double ShareAside = 0.2;
    private const double FineTuneRate = 0.1;

    /// <summary>Checks what can be checked without model and data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(CompressOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.Require(options.Model.Length > 0, "MODEL", "a file that study --save wrote", options.Model);
        faults.Require(options.Rank is null or >= 1, "--rank", "at least 1", options.Rank);
        faults.Require(options.Energy is null or (> 0.0 and <= 1.0), "--energy", "a share in (0, 1]", options.Energy);
        faults.Require(options.MaxAccuracyDrop is null or (>= 0.0 and < 1.0), "--max-accuracy-drop", "a share in [0, 1)", options.MaxAccuracyDrop);
        string[] rules = [.. new[] { (options.Rank is not null, "--rank"), (options.Energy is not null, "--energy"), (options.Theory, "--theory"), (options.MaxAccuracyDrop is not null, "--max-accuracy-drop") }.Where(static rule => rule.Item1).Select(static rule => rule.Item2)];
        if (rules.Length > 1)
            faults.Add([$"one of --rank, --energy, --theory and --max-accuracy-drop says how ranks are chosen, got {string.Join(" and ", rules)}"]);
        bool searches = rules is [] or ["--max-accuracy-drop"];
        faults.Require(options.ValidationFraction is null or (> 0.0 and < 1.0), "--validation-fraction", "a number in (0, 1)", options.ValidationFraction);
        faults.Require(searches || options.ValidationFraction is null, "--validation-fraction", "left out: nothing is searched for", options.ValidationFraction);
        faults.Require(options.FineTuneEpochs >= 0, "--fine-tune-epochs", "at least 0", options.FineTuneEpochs);
        faults.Require(options.LearningRate is null || (options.LearningRate > 0.0 && double.IsFinite(options.LearningRate.Value)), "--learning-rate", "a positive finite number", options.LearningRate);
        faults.Require(options.LearningRate is null || options.FineTuneEpochs > 0, "--learning-rate", "left out: it is of --fine-tune-epochs", options.LearningRate);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    /// <summary>Reads model and data.</summary>
    /// <exception cref="UsageException">The model or the data cannot be used, or one does not fit the other.</exception>
    public static CompressPlan Resolve(CompressOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        TrainedModel model = TrainedModel.Load(File.Exists(options.Model) ? options.Model : StoredRuns.FindModel(options.Store, options.Model, settings) ?? options.Model);
        Require(model.Note.Ranks.Count == 0, $"{options.Model}: the model is one that compress wrote; compress the one that study --save wrote, whose weights are whole");
        string name = options.Data ?? model.Note.Options.Data;
        DataSplit raw = Load(model.Note, name, settings, progress, cancellation);
        RequireFit(model.Note, name, raw.Train);
        DataSplit data = model.Scaling is { } scaling ? raw.Mapped(scaling, "standardised as the model's training samples were") : raw;
        bool isTrainingData = string.Equals(TrainedModel.Digest(data.Train), model.Note.TrainingDigest, StringComparison.Ordinal);
        bool setAside = data.Test is null && !isTrainingData && (Searches(options) || options.FineTuneEpochs > 0);
        CompressPlan plan = new()
        {
            Options = options,
            Model = model,
            DataName = name,
            Data = setAside ? LabelledData.Aside(data.Train, ShareAside, "--data", random.Split("held out")) : data,
            Validation = null,
            IsTrainingData = isTrainingData,
            IsSetAside = setAside,
            Loss = StudyRecipe.LossOf(model.Note.Options),
            Objective = new ObjectiveOptions { Precision = settings.Precision is "float32" ? Precision.Float32 : Precision.Float64 },
        };
        return Searches(options) ? plan with { Validation = Validation(options, plan.Data.Train, random.Split("validation")) } : plan;
    }

    /// <summary>How the factors are trained: as the model was, but for epochs and learning rate.</summary>
    public static (TrainingOptions Training, double? LearningRate) FineTuning(CompressPlan plan)
    {
        ModelNote note = plan.Model.Note;
        double? rate = plan.Options.LearningRate ?? (FineTuneRate * note.LearningRate);
        StudyOptions options = note.Options with { Epochs = plan.Options.FineTuneEpochs, LearningRate = rate, BatchSize = note.Options.Optimizer is "lbfgs" ? null : note.BatchSize };
        return (StudyRecipe.Training(options, plan.Data.Train, rate), rate);
    }

    private static bool Searches(CompressOptions options) => options is { Rank: null, Energy: null, Theory: false };

    // The data of the study by its name is drawn and held out as it was; any other is taken as it is.
    private static DataSplit Load(ModelNote note, string name, RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool isSame = string.Equals(name, note.Options.Data, StringComparison.Ordinal);
        StudyOptions options = isSame ? note.Options : new StudyOptions { Data = name };
        return StudyRecipe.LoadSamples(options, settings with { Seed = note.Seed }, StudyRecipe.Stream(note.Seed), progress, cancellation);
    }

    /// <summary>Refuses samples that are not of the model's shape and classes.</summary>
    /// <exception cref="UsageException">They are not.</exception>
    public static void RequireFit(ModelNote note, string name, Dataset data)
    {
        Require(data.SampleShape.SequenceEqual(note.SampleShape), $"--data {name}: the model takes samples of shape [{string.Join(", ", note.SampleShape)}], these have [{string.Join(", ", data.SampleShape)}]");
        Require(data.ClassCount == note.ClassNames.Count, string.Create(CultureInfo.InvariantCulture, $"--data {name}: the model tells {note.ClassNames.Count} classes apart, these samples have {data.ClassCount}"));
        Require(data.ClassNames.SequenceEqual(note.ClassNames, StringComparer.Ordinal), $"--data {name}: the classes have other names than the model's");
    }

    private static Dataset Validation(CompressOptions options, Dataset train, RandomStream random) =>
        LabelledData.Aside(train, options.ValidationFraction ?? Math.Min(UsualValidation, MostValidation / train.SampleCount), "--validation-fraction", random).Test!;

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new UsageException(problem);
    }
}
