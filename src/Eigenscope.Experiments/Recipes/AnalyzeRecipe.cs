using System.Globalization;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Models;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of <c>analyze</c> into a plan. All faults of the options are reported at once, before any file is read.</summary>
internal static class AnalyzeRecipe
{
    private const int UsualPairs = 20;
    private const int FewClasses = 100;
    private const double Float64Tolerance = 1e-8;
    private const double Float32Tolerance = 1e-5;
    private static readonly StandardizationOptions Scaling = new();

    /// <summary>Checks what can be checked without model and data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(AnalyzeOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.Require(options.Model.Length > 0, "MODEL", "a file with a trained network", options.Model);
        if (options.Loss is { } loss)
            faults.RequireOneOf("--loss", loss, "cross-entropy", "mse");
        if (options.Targets is { } targets)
            faults.RequireOneOf("--targets", targets, "one-hot", "plus-minus-one");
        faults.Require(options.Targets is null || options.Loss is not "cross-entropy", "--targets", "left out: it is what --loss mse is measured against", options.Targets ?? "");
        faults.Require(options.Samples is null or >= 1, "--samples", "at least 1", options.Samples);
        faults.Require(options.WeightDecay is null || (options.WeightDecay >= 0.0 && double.IsFinite(options.WeightDecay.Value)), "--weight-decay", "a finite number of at least 0", options.WeightDecay);
        faults.Require(options.Batch is null or >= 1, "--batch", "at least 1", options.Batch);
        faults.Require(options.Memory is null || MemoryAmount.Parse(options.Memory) is not null, "--memory", "an amount of memory such as 4GB or 512MB", options.Memory ?? "");
        faults.Require(options.NfaExponent > 0.0 && double.IsFinite(options.NfaExponent), "--nfa-exponent", "a positive finite number", options.NfaExponent);
        CheckSpectra(faults, options);
        CheckArchitecture(faults, options, settings);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    private static void CheckArchitecture(OptionFaults faults, AnalyzeOptions options, RunSettings settings)
    {
        if (options.Architecture is null)
        {
            (string Name, bool IsGiven)[] given =
            [
                ("--width", options.Width is not null), ("--depth", options.Depth is not null), ("--activation", options.Activation is not null), ("--no-biases", !options.Biases), ("--channels", options.Channels is not null),
                ("--head-depth", options.HeadDepth is not null), ("--head-width", options.HeadWidth is not null), ("--head-activation", options.HeadActivation is not null), ("--classes", options.Classes is not null), ("--names", options.Names is not null),
            ];
            faults.Add(given.Where(static option => option.IsGiven).Select(static option => $"{option.Name} must be left out without --model, which says that MODEL holds weights alone"));
            return;
        }
        faults.Require(options.Classes is null or >= 1, "--classes", "at least 1", options.Classes);
        if (options.Data is null)
            faults.Add(["--data must be given with --model: the network is built for its samples"]);
        try
        {
            StudyRecipe.Validate(ArchitectureOf(options), settings);
        }
        catch (UsageException problem)
        {
            faults.Add([problem.Message]);
        }
    }

    // As a study would name it; what was not given is the study's default.
    private static StudyOptions ArchitectureOf(AnalyzeOptions options)
    {
        StudyOptions usual = new();
        return usual with
        {
            Model = options.Architecture!,
            Width = options.Width ?? usual.Width,
            Depth = options.Depth ?? usual.Depth,
            Activation = options.Activation ?? usual.Activation,
            Biases = options.Biases,
            Channels = options.Channels,
            HeadDepth = options.HeadDepth,
            HeadWidth = options.HeadWidth,
            HeadActivation = options.HeadActivation ?? usual.HeadActivation,
        };
    }

    private static void CheckSpectra(OptionFaults faults, AnalyzeOptions options)
    {
        faults.Require(options.Top is null or >= 1, "--top", "at least 1", options.Top);
        faults.Require(options.Bottom >= 0, "--bottom", "at least 0", options.Bottom);
        faults.Require(options.Tolerance is null or (> 0.0 and < 1.0), "--tolerance", "a number in (0, 1)", options.Tolerance);
        string[] names = OperatorNames.IsNone(options.Operators) ? [] : OperatorNames.Split(options.Operators);
        foreach (string name in names)
            faults.RequireOneOf("--operators", name, [.. OperatorNames.All, OperatorNames.Layers]);
        faults.Require(OperatorNames.Split(options.Operators).Length > 0, "--operators", $"some of {string.Join(", ", OperatorNames.All)}, {OperatorNames.Layers}, or {OperatorNames.None}", options.Operators);
        faults.Require(options.Scopes is null || OperatorNames.Split(options.Scopes).Length > 0, "--scopes", "names of parameters or layers, or patterns, by commas", options.Scopes ?? "");
        bool hasOperators = OperatorNames.Ordered(options.Operators).Length > 0;
        faults.Require(hasOperators || options.Scopes is null, "--scopes", "left out: --operators names no operator that could be measured on them", options.Scopes ?? "");
        faults.Require(names.Contains(OperatorNames.Hessian, StringComparer.Ordinal) || options.Bottom == 0, "--bottom", "left out: it is of the Hessian, which --operators does not name", options.Bottom);
        if (!hasOperators && options.Density)
            faults.Add(["--density must be left out: --operators names no operator over all parameters"]);
        if (names.Length == 0 && options.IncludeWeightDecay)
            faults.Add([$"--include-weight-decay must be left out: --operators {OperatorNames.None} measures no spectrum"]);
    }

    /// <summary>Reads model and data.</summary>
    /// <exception cref="UsageException">The model or the data cannot be used, or one does not fit the other.</exception>
    public static AnalyzePlan Resolve(AnalyzeOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        string path = ModelFile.Find(options.Model, options.Store, settings);
        GivenSamples? needed = options.Architecture is null ? null : Read(options, options.Data!, settings, random, progress, cancellation);
        LoadedModel model = needed is null ? ModelFile.Load(path) : WeightFile.Load(path, ArchitectureOf(options), options.Classes, options.Names, needed);
        StudyOptions? study = model.Trained?.Note.Options;
        string loss = options.Loss ?? study?.Loss ?? throw new UsageException($"--loss must be cross-entropy or mse: {path} does not say what the network was trained with");
        TargetCoding coding = (options.Targets ?? (study?.Loss is "mse" ? study.Targets : null)) is "plus-minus-one" ? TargetCoding.PlusMinusOne : TargetCoding.OneHot;
        AnalyzeSamples samples = options.Data is { } name
            ? Given(options, name, needed ?? Read(options, name, settings, random, progress, cancellation), model, loss, coding)
            : OfStudy(options, model, path, loss, coding, settings, progress, cancellation);
        double decay = options.WeightDecay ?? study?.WeightDecay ?? 0.0;
        Precision precision = settings.Precision is "float32" ? Precision.Float32 : Precision.Float64;
        AnalyzePlan plan = new()
        {
            Options = options,
            Path = path,
            Model = model,
            DataName = options.Data ?? study!.Data,
            Samples = samples,
            Decay = Learning.Training.WeightDecay.OnWeights(model.Network, decay),
            WeightDecay = decay,
            Precision = precision,
            Tolerance = options.Tolerance ?? (precision == Precision.Float32 ? Float32Tolerance : Float64Tolerance),
            Scopes = StudyRecipe.ResolveScopes(options.Scopes, model.Network),
        };
        AnalyzeSize.Require(plan);
        return plan;
    }

    /// <summary>Whether a product with the network is expected to cost seconds, not milliseconds.</summary>
    public static bool HasCostlyProducts(Network network) => network.Layers.Any(static layer => layer is ConvolutionLayer or DenseLayer { Positions: > 1 });

    /// <summary>
    /// Largest eigenvalues wanted of every operator. A number that was given stands, but for small networks no fewer than the classes call for, as in a study; where products are costly it stands as it is.
    /// </summary>
    public static int Pairs(int? top, Network network)
    {
        int classes = network.OutputSize;
        if (HasCostlyProducts(network))
            return top ?? (classes <= FewClasses ? Math.Max(UsualPairs, classes + 1) : UsualPairs);
        return StudySize.Pairs(top ?? UsualPairs, classes);
    }

    // The very samples that the study measured.
    private static AnalyzeSamples OfStudy(AnalyzeOptions options, LoadedModel model, string path, string loss, TargetCoding coding, RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (model.Trained is not { } trained)
            throw new UsageException($"--data must be given: {path} holds a network and no samples; expected a known name, a folder, an .npz (x, y) or a .csv (label last)");
        if (options.Samples is not null || options.Standardize)
            throw new UsageException($"{(options.Samples is not null ? "--samples" : "--standardize")} must be left out without --data: the samples are those that the model's study measured");
        ModelNote note = trained.Note;
        RandomStream stream = StudyRecipe.Stream(note.Seed);
        DataSplit raw = StudyRecipe.LoadSamples(note.Options, settings with { Seed = note.Seed }, stream, progress, cancellation);
        StudyModel.RequireFit(note, note.Options.Data, raw.Train);
        DataSplit data = trained.Scaling is { } scaling ? raw.Mapped(scaling, "standardised as the model's training samples were") : raw;
        Dataset measured = StudyRecipe.MeasuredSamples(note.Options, data.Train, stream.Split("measured"));
        Loss how = loss is "cross-entropy" ? new CrossEntropy() : new MeanSquaredError(coding);
        AnalyzeSamples Of(Dataset samples) => AnalyzeSamples.OfClasses(samples.Name, samples.Source, samples.Inputs, samples.SampleShape, samples.Labels, samples.ClassNames, how);
        return Of(measured) with
        {
            Test = data.Test is { } test ? Of(test) : null,
            IsTrainingData = string.Equals(TrainedModel.Digest(data.Train), note.TrainingDigest, StringComparison.Ordinal),
            Share = measured.SampleCount == data.Train.SampleCount ? 0.0 : measured.ClassCounts.Zip(data.Train.ClassCounts, static (some, all) => (double)some / all).Min(),
        };
    }

    private static AnalyzeSamples Given(AnalyzeOptions options, string name, GivenSamples data, LoadedModel model, string loss, TargetCoding coding)
    {
        Standardization? scaling = Scale(options, data, model);
        AnalyzeSamples samples = Fit(options, name, data, model, loss, coding, scaling);
        return data.Test is { } test ? samples with { Test = Fit(options, name, test, model, loss, coding, scaling) } : samples;
    }

    private static GivenSamples Read(AnalyzeOptions options, string name, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return GivenData.Load(name, options.Samples, DataFolders.Locate(settings), random.Split("data"), FetchProgress.Of(progress), cancellation);
        }
        catch (DataException problem)
        {
            throw new UsageException(problem.Message.StartsWith(name, StringComparison.Ordinal) ? $"--data {problem.Message}" : $"--data {name}: {problem.Message}", problem);
        }
    }

    // What the model's own study did to its inputs is a part of the model; anything else is done only when asked for.
    private static Standardization? Scale(AnalyzeOptions options, GivenSamples data, LoadedModel model)
    {
        if (options.Standardize && model.Trained?.Scaling is not null)
            throw new UsageException("--standardize must be left out: the model scales its inputs by itself, as its training samples were");
        return model.Trained?.Scaling ?? (options.Standardize ? Standardization.Of(data.Inputs, Scaling) : null);
    }

    private static AnalyzeSamples Fit(AnalyzeOptions options, string name, GivenSamples data, LoadedModel model, string loss, TargetCoding coding, Standardization? scaling)
    {
        (Tensor<double> inputs, string? shaped) = SampleShapes.Fit(data, model.SampleShape, $"--data {name}");
        (int[]? labels, Loss how, Tensor<double>? real, string? coded) = new GivenLabels(data, model.Network.OutputSize, model.ClassNames, $"--data {data.LabelSubject}").For(loss, coding, options.Targets);
        Tensor<double> entered = scaling is null ? inputs : scaling.Apply(inputs);
        IReadOnlyList<string> names = model.ClassNames ?? data.ClassNames ?? [.. Enumerable.Range(0, model.Network.OutputSize).Select(static c => c.ToString(CultureInfo.InvariantCulture))];
        string origin = $"{data.Source}{(options.Samples is { } first ? string.Create(CultureInfo.InvariantCulture, $"; the first {first} samples") : "")}{(scaling is null ? "" : options.Standardize ? $"; {Standardization.Describe(inputs, Scaling)}" : "; scaled as the model's training samples were")}";
        AnalyzeSamples samples = real is not null
            ? AnalyzeSamples.OfTargets(data.Name, origin, entered, data.SampleShape, real)
            : AnalyzeSamples.OfClasses(data.Name, origin, entered, data.SampleShape, labels!, Names(names, model.Network.OutputSize), how);
        string?[] notes = [shaped, coded, samples.NoClasses is { } none ? $"Collapse, class means, what they predict and the parts of the Gauss–Newton matrix are not measured: {none}." : null];
        return samples with { Notes = [.. notes.OfType<string>()] };
    }

    /// <summary>Names of all classes of a model: data of fewer classes than it has logits leaves the rest to go by number.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> names, int outputs) =>
        [.. names.Take(outputs), .. Enumerable.Range(Math.Min(names.Count, outputs), Math.Max(0, outputs - names.Count)).Select(static c => c.ToString(CultureInfo.InvariantCulture))];
}
