namespace Eigenscope.Learning.Derivatives;

/// <summary>Why two passes over the same samples do not agree, or cannot be made.</summary>
public enum DeterminismCause
{
    /// <summary>The source threw.</summary>
    SourceFailed,

    /// <summary>The source delivered fewer samples than it was asked for.</summary>
    TooFewSamples,

    /// <summary>A label is no class of the network.</summary>
    LabelOutOfRange,

    /// <summary>An input is NaN or infinite.</summary>
    NonFiniteInput,

    /// <summary>The loss is NaN or infinite although every input is finite.</summary>
    NonFiniteLoss,

    /// <summary>The same samples came in another order.</summary>
    Shuffling,

    /// <summary>Other inputs came with the same labels: augmentation, or noise.</summary>
    Augmentation,

    /// <summary>The same inputs came with other labels.</summary>
    LabelsChanged,

    /// <summary>Neither inputs nor labels are those of the first read, in any order.</summary>
    OtherSamples,

    /// <summary>Reads on one thread agree; reads on several at once do not.</summary>
    NotThreadSafe,

    /// <summary>A sample depends on the range it is asked for in.</summary>
    RangeDependence,

    /// <summary>The network is in training mode, where it draws masks: dropout is left on.</summary>
    Dropout,

    /// <summary>The network is in training mode, and the output of a sample depends on its batch: batch normalisation uses the statistics of the batch.</summary>
    BatchNormalization,

    /// <summary>In measuring mode, outputs differ from pass to pass.</summary>
    Arithmetic,

    /// <summary>In measuring mode, the output of a sample or the sum over samples depends on how they are cut into batches.</summary>
    BatchDependence,
}
