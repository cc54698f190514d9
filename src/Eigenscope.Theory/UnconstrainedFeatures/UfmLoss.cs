namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>The data loss of a deep unconstrained feature model, averaged over the N samples.</summary>
public enum UfmLoss
{
    /// <summary>½‖z − y‖² per sample, y the one-hot label: ‖Z − Y‖²/(2N) in all.</summary>
    MeanSquaredError,

    /// <summary>−log softmax(z) at the label.</summary>
    CrossEntropy,
}
