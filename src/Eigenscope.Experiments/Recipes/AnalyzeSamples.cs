using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Samples as the network that is analysed takes them.</summary>
internal sealed record AnalyzeSamples
{
    private const int MostNamed = 5;

    /// <summary>Short name, for reports.</summary>
    public required string Name { get; init; }

    /// <summary>Where they came from and what was done to them.</summary>
    public required string Origin { get; init; }

    /// <summary>The samples; labels are classes, or rows of targets.</summary>
    public required InMemorySource Source { get; init; }

    /// <summary>Shape of a sample as it was given.</summary>
    public required IReadOnlyList<int> GivenShape { get; init; }

    /// <summary>The loss with whatever it needs of the targets.</summary>
    public required Loss Loss { get; init; }

    /// <summary>one-hot or plus-minus-one where mse is measured against classes, "real" against targets; null for cross-entropy.</summary>
    public required string? Targets { get; init; }

    /// <summary>The class of each sample, 0 … K − 1; all 0 where samples have none.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Names of the K classes; empty where samples have none.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Why nothing can be measured that rests on classes; null where it can.</summary>
    public string? NoClasses { get; init; }

    /// <summary>Whether targets are real numbers: then there is no accuracy.</summary>
    public bool IsRegression => Loss is TargetSquaredError;

    /// <summary>What a reader should know of how the samples were taken, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The source's own samples to test on, or those that the model's study held out; or null.</summary>
    public AnalyzeSamples? Test { get; init; }

    /// <summary>Whether they are, bit by bit, the samples that the model was trained on; null where nobody knows.</summary>
    public bool? IsTrainingData { get; init; }

    /// <summary>Share of the model's training samples that is measured; 0 where the samples are taken for a draw from a population.</summary>
    public double Share { get; init; }

    /// <summary>Number of samples, N.</summary>
    public int Count => Labels.Length;

    /// <summary>Samples with classes.</summary>
    public static AnalyzeSamples OfClasses(string name, string origin, Tensor<double> inputs, IReadOnlyList<int> givenShape, int[] labels, IReadOnlyList<string> classNames, Loss loss)
    {
        int[] empty = [.. Enumerable.Range(0, classNames.Count).Except(labels)];
        return new AnalyzeSamples
        {
            Name = name,
            Origin = origin,
            Source = new InMemorySource(name, inputs, labels),
            GivenShape = givenShape,
            Loss = loss,
            Targets = loss is MeanSquaredError { Targets: var coding } ? coding is TargetCoding.OneHot ? "one-hot" : "plus-minus-one" : null,
            Labels = labels,
            ClassNames = classNames,
            NoClasses = empty.Length > 0 ? $"{(empty.Length == 1 ? "class" : "classes")} {string.Join(", ", empty.Take(MostNamed).Select(c => classNames[c]))}{(empty.Length > MostNamed ? ", …" : "")} {(empty.Length == 1 ? "has" : "have")} no samples" : null,
        };
    }

    /// <summary>Samples with real targets.</summary>
    public static AnalyzeSamples OfTargets(string name, string origin, Tensor<double> inputs, IReadOnlyList<int> givenShape, Tensor<double> targets) => new()
    {
        Name = name,
        Origin = origin,
        Source = new InMemorySource(name, inputs, [.. Enumerable.Range(0, inputs.Rows)]),
        GivenShape = givenShape,
        Loss = new TargetSquaredError(targets),
        Targets = "real",
        Labels = new int[inputs.Rows],
        ClassNames = [],
        NoClasses = "targets are real numbers, and samples have no classes",
    };
}
