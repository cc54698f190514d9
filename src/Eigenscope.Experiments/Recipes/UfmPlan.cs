using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked unconstrained feature model, seen twice: as one network whose first parameters are the features, and as the weights alone on features held fixed.</summary>
internal sealed record UfmPlan
{
    public required UfmOptions Options { get; init; }

    /// <summary>Features and weights: what is trained.</summary>
    public required Network Joint { get; init; }

    /// <summary>The weights alone; its parameters are those of <see cref="Joint"/> after the features, in the same order.</summary>
    public required Network Weights { get; init; }

    public required Loss Loss { get; init; }

    public required Activation Activation { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>Decay of features and weights.</summary>
    public required WeightDecay Decay { get; init; }

    /// <summary>Relative residual asked of every eigenpair.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Norm of the objective's gradient at which the second-order search has converged.</summary>
    public required double GradientTolerance { get; init; }

    /// <summary>λ_H.</summary>
    public required double FeatureDecay { get; init; }

    /// <summary>N class labels, class by class.</summary>
    public required int[] Labels { get; init; }

    /// <summary>The collapsed solution of the linear model, or null where there is no closed form.</summary>
    public required UfmOptimum? Optimum { get; init; }

    /// <summary>Why there is no closed form; null when there is one.</summary>
    public required string? NoOptimum { get; init; }

    /// <summary>Iterations after which parameters are kept for measuring; the start and the end always are.</summary>
    public required IReadOnlySet<int> MeasuredIterations { get; init; }

    /// <summary>Whether the closed forms hold exactly: no activation bends the features.</summary>
    public bool IsLinear => UfmRecipe.IsLinear(Options);

    /// <summary>Whether the logits are free up to a constant, so that class means are seen from their own mean and the collapsed rank is K − 1: cross-entropy, or a bias.</summary>
    public bool IsCentred => Options.Loss is "cross-entropy" || Options.Bias;

    /// <summary>r of the strongly regular solution, whose classes are the edges of the complete graph on r vertices; null where the setting has none.</summary>
    public int? Vertices => UfmRecipe.Vertices(Options);

    public int Classes => Options.Classes;

    public int Samples => Labels.Length;

    /// <summary>Entries of the feature table, before the weights in the joint parameter vector.</summary>
    public int FeatureEntries => Samples * Options.Width;

    /// <summary>What is measured of the weights.</summary>
    public MeasurementPlan Measurement => new()
    {
        Network = Weights,
        Decay = WeightDecay.OnWeights(Weights, Options.WeightDecay),
        Labels = Labels,
        Classes = Classes,
        Pairs = StudySize.Pairs(Options.Top, Classes),
        Bottom = Options.Bottom,
        Tolerance = Tolerance,
    };
}
