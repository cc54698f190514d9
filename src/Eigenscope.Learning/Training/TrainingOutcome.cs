namespace Eigenscope.Learning.Training;

/// <summary>How training ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs are done, or L-BFGS reached its gradient tolerance or found no further descent.</summary>
    Finished,

    /// <summary>The caller cancelled; the state can be resumed.</summary>
    Interrupted,

    /// <summary>The loss or a parameter became infinite or NaN: the learning rate is too large, or the data is.</summary>
    Diverged,
}

/// <summary>The end of a training run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="State">Where it ended; of a diverged run, the state at divergence.</param>
/// <param name="Steps">Steps done since the start of training.</param>
public sealed record TrainingOutcome(TrainingStatus Status, TrainingState State, int Steps);
