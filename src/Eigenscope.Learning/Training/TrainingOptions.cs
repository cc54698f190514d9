using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;

namespace Eigenscope.Learning.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The optimiser with its own settings. Default SGD with momentum.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>Passes over the data (for L-BFGS, iterations), ≥ 0. Default 100.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Samples of a mini-batch, ≥ 1, or 0 (default) for all of them at once. The last batch of an epoch may be smaller; it is averaged over its own samples.</summary>
    public int BatchSize { get; init; }

    /// <summary>
    /// α in [0, 1), see <see cref="TrainingStep.LabelSmoothing"/>. Default 0. Only training uses it: the loss that is measured, and its derivatives, have the labels as they are.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Random crops and flips of the samples in training, or null (default) for none.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Factor on the learning rate along training. Default constant. L-BFGS takes none.</summary>
    public LearningRateSchedule Schedule { get; init; } = new LearningRateSchedule.Constant();
}
