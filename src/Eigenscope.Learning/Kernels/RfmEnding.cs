namespace Eigenscope.Learning.Kernels;

/// <summary>Why a recursive feature machine stopped.</summary>
public enum RfmEnding
{
    /// <summary>All iterations were made.</summary>
    Finished,

    /// <summary>The validation error had not improved for as many iterations as patience allows.</summary>
    StoppedEarly,

    /// <summary>The gradient was zero at every training point: there is no metric to learn from it.</summary>
    ZeroGradient,

    /// <summary>Under the metric learned the kernel matrix plus the ridge was not positive definite to rounding; what came before stands.</summary>
    NotPositiveDefinite,

    /// <summary>The caller cancelled; what was done stands.</summary>
    Interrupted,
}
