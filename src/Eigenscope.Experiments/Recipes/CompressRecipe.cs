using Eigenscope.Experiments.Models;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
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

    /// <summary>Checks what can be checked without model and data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(CompressOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.Require(options.Model.Length > 0, "MODEL", "an ONNX model, or a file that study --save wrote", options.Model);
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
        faults.Require(options.WeightDecay is null || (options.WeightDecay >= 0.0 && double.IsFinite(options.WeightDecay.Value)), "--weight-decay", "a finite number of at least 0", options.WeightDecay);
        faults.Require(options.WeightDecay is null || options.FineTuneEpochs > 0, "--weight-decay", "left out: it is of --fine-tune-epochs", options.WeightDecay);
        CheckKnowledge(faults, options);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    // A study's model says how it was trained; an ONNX file does not.
    private static void CheckKnowledge(OptionFaults faults, CompressOptions options)
    {
        if (options.Loss is { } loss)
            faults.RequireOneOf("--loss", loss, "cross-entropy", "mse");
        if (ModelFile.IsOnnx(options.Model))
        {
            if (options.Data is null)
                faults.Add([$"--data must be given: {options.Model} holds a network and no samples; expected a known name, a folder, an .npz (x, y) or a .csv (label last)"]);
            if (options.FineTuneEpochs > 0 && options.LearningRate is null)
                faults.Add([$"--learning-rate must be given with --fine-tune-epochs: {options.Model} does not say what the network was trained with"]);
            return;
        }
        faults.Require(options.Loss is null, "--loss", "left out: only an ONNX model does not say what it was trained with", options.Loss ?? "");
        faults.Require(options.WeightDecay is null, "--weight-decay", "left out: only an ONNX model does not say what it was trained with", options.WeightDecay);
    }

    /// <summary>Reads model and data.</summary>
    /// <exception cref="UsageException">The model or the data cannot be used, or one does not fit the other.</exception>
    public static CompressPlan Resolve(CompressOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        CompressibleModel model = CompressibleModel.Load(ModelFile.Find(options.Model, options.Store, settings), options);
        RequireCuttable(options.Model, model.Network);
        CompressSamples samples = model.Samples(options.Data, settings, random, progress, cancellation);
        DataSplit data = samples.Data;
        bool setAside = data.Test is null && samples.IsTrainingData is not true && (Searches(options) || options.FineTuneEpochs > 0);
        CompressPlan plan = new()
        {
            Options = options,
            Model = model,
            DataName = samples.Name,
            Data = setAside ? LabelledData.Aside(data.Train, ShareAside, "--data", random.Split("held out")) : data,
            Validation = null,
            IsTrainingData = samples.IsTrainingData,
            IsSetAside = setAside,
            Loss = samples.Loss,
            Objective = new ObjectiveOptions { Precision = settings.Precision is "float32" ? Precision.Float32 : Precision.Float64 },
            Notes = [.. model.Notes, .. samples.Notes],
        };
        return Searches(options) ? plan with { Validation = Validation(options, plan.Data.Train, random.Split("validation")) } : plan;
    }

    private static bool Searches(CompressOptions options) => options is { Rank: null, Energy: null, Theory: false };

    private static void RequireCuttable(string name, Network network)
    {
        if (network.WeightLayers.All(static layer => LowRankWeights.WhyWhole(layer) is not null))
            throw new UsageException($"{name}: no weight of the network can be cut{string.Concat(network.WeightLayers.Select(static layer => $"; {layer.Name}: {LowRankWeights.WhyWhole(layer)}"))}");
    }

    private static Dataset Validation(CompressOptions options, Dataset train, RandomStream random) =>
        LabelledData.Aside(train, options.ValidationFraction ?? Math.Min(UsualValidation, MostValidation / train.SampleCount), "--validation-fraction", random).Test!;
}
