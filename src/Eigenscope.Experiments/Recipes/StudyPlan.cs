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

    /// <summary>Epochs after which parameters are kept for measuring, ascending; the first is 0, the last is the end.</summary>
    public required IReadOnlyList<int> MeasuredEpochs { get; init; }

    /// <summary>Pairs wanted of a layer's Hessian and of the full one.</summary>
    public int Pairs => Math.Max(Options.Top, (Data.Train.ClassCount * Data.Train.ClassCount) + 1);
}
