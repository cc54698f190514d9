using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked study: what the options mean for the data at hand.</summary>
internal sealed record StudyPlan
{
    public required StudyOptions Options { get; init; }

    public required DataSplit Data { get; init; }

    public required Network Network { get; init; }

    public required Loss Loss { get; init; }

    public required Activation Activation { get; init; }

    public required Precision Precision { get; init; }

    public required WeightDecay Decay { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>The learning rate at the start, null for an optimiser without one.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>Relative residual asked of every eigenpair of the final measurement.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Epochs after which parameters are kept for measuring, ascending; the first is 0, the last is the end.</summary>
    public required IReadOnlyList<int> MeasuredEpochs { get; init; }

    /// <summary>What is measured of the network.</summary>
    public MeasurementPlan Measurement => new()
    {
        Network = Network,
        Activation = Activation,
        Decay = Decay,
        Labels = Data.Train.Labels,
        Classes = Data.Train.ClassCount,
        Pairs = StudySize.Pairs(Options.Top, Data.Train.ClassCount),
        Bottom = Options.Bottom,
        Tolerance = Tolerance,
    };

    /// <summary>
    /// Largest rank that the centred class means of the logits can have: min(K − 1, inputs of the last layer), and where no activation lies between, the narrowest of all layers' inputs.
    /// </summary>
    public int FullRank
    {
        get
        {
            int narrowest = Activation == Activation.Linear ? Network.WeightLayers.Min(static layer => layer.InputSize) : Network.WeightLayers[^1].InputSize;
            return Math.Min(Data.Train.ClassCount - 1, narrowest);
        }
    }
}
