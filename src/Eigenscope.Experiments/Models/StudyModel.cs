using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Models;

/// <summary>A network that a study trained and saved: its file says all of its training.</summary>
internal sealed class StudyModel : CompressibleModel
{
    private const double FineTuneRate = 0.1;
    private readonly TrainedModel _model;
    private readonly ModelNote _note;

    /// <summary>The model of a file.</summary>
    /// <exception cref="UsageException">It is one that was compressed.</exception>
    public StudyModel(TrainedModel model, string path)
    {
        Require(model.Note.Ranks.Count == 0, $"{path}: the model is one that compress wrote; compress the one that study --save wrote, whose weights are whole");
        (_model, _note) = (model, model.Note);
    }

    /// <inheritdoc/>
    public override Network Network => _model.Network;

    /// <inheritdoc/>
    public override double[] State => _model.State.Parameters;

    /// <inheritdoc/>
    public override string Format => "eigenscope";

    /// <inheritdoc/>
    public override string? Architecture => _note.Options.Model;

    /// <inheritdoc/>
    public override string Loss => _note.Options.Loss;

    /// <inheritdoc/>
    public override double WeightDecay => _note.Options.WeightDecay;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => [];

    /// <inheritdoc/>
    public override CompressSamples Samples(string? data, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        string name = data ?? _note.Options.Data;
        DataSplit raw = Read(name, settings, progress, cancellation);
        RequireFit(_note, name, raw.Train);
        DataSplit scaled = _model.Scaling is { } scaling ? raw.Mapped(scaling, "standardised as the model's training samples were") : raw;
        return new CompressSamples
        {
            Name = name,
            Data = scaled,
            IsTrainingData = string.Equals(TrainedModel.Digest(scaled.Train), _note.TrainingDigest, StringComparison.Ordinal),
            Loss = StudyRecipe.LossOf(_note.Options),
        };
    }

    /// <summary>As the model was trained, but for epochs and learning rate.</summary>
    public override (TrainingOptions Training, double? LearningRate) FineTuning(CompressOptions options, Dataset train)
    {
        double? rate = options.LearningRate ?? (FineTuneRate * _note.LearningRate);
        StudyOptions study = _note.Options with { Epochs = options.FineTuneEpochs, LearningRate = rate, BatchSize = _note.Options.Optimizer is "lbfgs" ? null : _note.BatchSize };
        return (StudyRecipe.Training(study, train, rate), rate);
    }

    /// <inheritdoc/>
    public override Network Factored(IReadOnlyDictionary<string, int> ranks) => StudyNetworks.Create(_note.Options, _note.SampleShape, _note.ClassNames.Count, ranks);

    /// <inheritdoc/>
    public override void Save(string path, Network network, TrainingState end, IReadOnlyDictionary<string, int> ranks) =>
        (_model with { Network = network, State = end, Note = _note with { Ranks = ranks } }).Save(path);

    /// <summary>Refuses samples that are not of the model's shape and classes.</summary>
    /// <exception cref="UsageException">They are not.</exception>
    public static void RequireFit(ModelNote note, string name, Dataset data)
    {
        Require(data.SampleShape.SequenceEqual(note.SampleShape), $"--data {name}: the model takes samples of shape [{string.Join(", ", note.SampleShape)}], these have [{string.Join(", ", data.SampleShape)}]");
        Require(data.ClassCount == note.ClassNames.Count, string.Create(CultureInfo.InvariantCulture, $"--data {name}: the model tells {note.ClassNames.Count} classes apart, these samples have {data.ClassCount}"));
        Require(data.ClassNames.SequenceEqual(note.ClassNames, StringComparer.Ordinal), $"--data {name}: the classes have other names than the model's");
    }

    // The data of the study by its name is drawn and held out as it was; any other is taken as it is.
    private DataSplit Read(string name, RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool isSame = string.Equals(name, _note.Options.Data, StringComparison.Ordinal);
        StudyOptions options = isSame ? _note.Options : new StudyOptions { Data = name };
        return StudyRecipe.LoadSamples(options, settings with { Seed = _note.Seed }, StudyRecipe.Stream(_note.Seed), progress, cancellation);
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new UsageException(problem);
    }
}
