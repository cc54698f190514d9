using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Models;

/// <summary>A trained network that can be made smaller, whoever wrote its file: what is known of its training, its samples, and how the smaller one is built and written.</summary>
internal abstract class CompressibleModel
{
    /// <summary>The network.</summary>
    public abstract Network Network { get; }

    /// <summary>Its parameters, then its statistics.</summary>
    public abstract double[] State { get; }

    /// <summary>What kind of file it is of, as results name it.</summary>
    public abstract string Format { get; }

    /// <summary>The name of the architecture; null where it has none.</summary>
    public abstract string? Architecture { get; }

    /// <summary>cross-entropy or mse: what it was trained with, or is taken to have been.</summary>
    public abstract string Loss { get; }

    /// <summary>λ of the decay that factors are trained with.</summary>
    public abstract double WeightDecay { get; }

    /// <summary>What a reader of the results should know of how the model was read, in sentences.</summary>
    public abstract IReadOnlyList<string> Notes { get; }

    /// <summary>The model of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user says of its training.</param>
    /// <exception cref="UsageException">It cannot be read, or cannot be written again smaller.</exception>
    public static CompressibleModel Load(string path, CompressOptions options)
    {
        LoadedModel loaded = ModelFile.Load(path);
        return loaded.Trained is { } trained ? new StudyModel(trained, path) : new ImportedOnnxModel(loaded, path, options);
    }

    /// <summary>Reads samples as they enter the network.</summary>
    /// <param name="data">A known name or a path; null for those that the model was trained on.</param>
    /// <param name="settings">Seed and folders.</param>
    /// <param name="random">The seed of synthetic data.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="UsageException">They cannot be used, or do not fit the model.</exception>
    public abstract CompressSamples Samples(string? data, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation);

    /// <summary>How factors are trained.</summary>
    /// <param name="options">Epochs and learning rate.</param>
    /// <param name="train">The samples.</param>
    /// <returns>The training, and its learning rate; null for an optimiser without one.</returns>
    public abstract (TrainingOptions Training, double? LearningRate) FineTuning(CompressOptions options, Dataset train);

    /// <summary>The network with some of its layers of two factors.</summary>
    /// <param name="ranks">Ranks by names of layers.</param>
    public abstract Network Factored(IReadOnlyDictionary<string, int> ranks);

    /// <summary>Writes a smaller network, in the format that the name of the file says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network of factors.</param>
    /// <param name="end">Its state.</param>
    /// <param name="ranks">Its ranks.</param>
    public abstract void Save(string path, Network network, TrainingState end, IReadOnlyDictionary<string, int> ranks);
}
