using System.Globalization;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Models;

/// <summary>A network from an ONNX file, which says nothing of its training: loss, learning rate and decay are the user's, samples are taken as they are, and what is written is the file's own graph with factors in place.</summary>
internal sealed class ImportedOnnxModel : CompressibleModel
{
    /// <summary>Samples of a mini-batch of training, fewer where the network needs it.</summary>
    public const int Batch = 64;

    private const double WarmUp = 0.02;
    private readonly LoadedModel _loaded;
    private readonly ImportedModel _imported;
    private readonly bool _isLossGiven;

    /// <summary>The model of a file.</summary>
    /// <exception cref="UsageException">Its numbers are not finite, or its graph cannot be written again.</exception>
    public ImportedOnnxModel(LoadedModel loaded, string path, CompressOptions options)
    {
        (_loaded, _imported, _isLossGiven) = (loaded, loaded.Imported!, options.Loss is not null);
        Loss = options.Loss ?? "cross-entropy";
        WeightDecay = options.WeightDecay ?? 0.0;
        if (!State.All(double.IsFinite))
            throw new UsageException($"{path}: some of its parameters are not finite");
        RequireWritable(path);
    }

    /// <inheritdoc/>
    public override Network Network => _loaded.Network;

    /// <inheritdoc/>
    public override double[] State => _loaded.State;

    /// <inheritdoc/>
    public override string Format => _loaded.Format;

    /// <inheritdoc/>
    public override string? Architecture => null;

    /// <inheritdoc/>
    public override string Loss { get; }

    /// <inheritdoc/>
    public override double WeightDecay { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        [.. _loaded.Notes, .. _isLossGiven ? Array.Empty<string>() : ["The file does not say what the network was trained with: cross-entropy is taken, for the predicted rank and for training of the factors; --loss mse takes the other."]];

    /// <summary>The samples exactly as given: nothing is scaled, drawn or renumbered.</summary>
    public override CompressSamples Samples(string? data, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        string name = data!;
        GivenSamples given = Read(name, settings, random, progress, cancellation);
        IReadOnlyList<string> names = AnalyzeRecipe.Names(given.ClassNames ?? [], Network.OutputSize);
        (Dataset train, Loss loss, IReadOnlyList<string> notes) = Fit(name, given, names);
        return new CompressSamples
        {
            Name = name,
            Data = new DataSplit(train, given.Test is { } test ? Fit(name, test, names).Samples : null, requireEveryClass: false),
            IsTrainingData = null,
            Loss = loss,
            Notes = notes,
        };
    }

    /// <summary>Adam at the learning rate given, with a warm-up and a cosine to zero.</summary>
    public override (TrainingOptions Training, double? LearningRate) FineTuning(CompressOptions options, Dataset train)
    {
        double rate = options.LearningRate!.Value;
        return (new TrainingOptions
        {
            Optimizer = new AdamOptions { LearningRate = rate },
            Epochs = options.FineTuneEpochs,
            BatchSize = StudyMemory.FittingBatch(Batch, train.SampleCount, Network),
            Schedule = new LearningRateSchedule.Cosine { WarmUp = WarmUp },
        }, rate);
    }

    /// <inheritdoc/>
    public override Network Factored(IReadOnlyDictionary<string, int> ranks) => _imported.Factored(ranks);

    /// <inheritdoc/>
    public override void Save(string path, Network network, TrainingState end, IReadOnlyDictionary<string, int> ranks) =>
        OnnxFile.Write(path, _imported.Updated(network, end.Parameters));

    private void RequireWritable(string path)
    {
        try
        {
            _imported.Updated(Network, State);
        }
        catch (OnnxExportException problem)
        {
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
    }

    private static GivenSamples Read(string name, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return GivenData.Load(name, samples: null, DataFolders.Locate(settings), random.Split("data"), FetchProgress.Of(progress), cancellation);
        }
        catch (DataException problem)
        {
            throw new UsageException(problem.Message.StartsWith(name, StringComparison.Ordinal) ? $"--data {problem.Message}" : $"--data {name}: {problem.Message}", problem);
        }
    }

    private (Dataset Samples, Loss Loss, IReadOnlyList<string> Notes) Fit(string name, GivenSamples data, IReadOnlyList<string> classNames)
    {
        (Tensor<double> inputs, string? shaped) = SampleShapes.Fit(data, _loaded.SampleShape, $"--data {name}");
        (int[]? labels, Loss loss, _, string? coded) = new GivenLabels(data, Network.OutputSize, _loaded.ClassNames, $"--data {data.LabelSubject}").For(Loss, TargetCoding.OneHot, said: null);
        if (labels is null)
            throw new UsageException($"--data {data.LabelSubject}: y has real targets, and what a cut costs is judged by accuracy; expected a class for each sample, in {string.Create(CultureInfo.InvariantCulture, $"0 … {Network.OutputSize - 1}")}");
        return (new Dataset(data.Name, data.Source, inputs, labels, classNames, requireEveryClass: false), loss, [.. new[] { shaped, coded }.OfType<string>()]);
    }
}
