namespace Eigenscope.Analysis.Spectra;

/// <summary>The parts of a Gauss–Newton matrix, see <see cref="PapyanSplit"/>.</summary>
public enum GaussNewtonPart
{
    /// <summary>Deviations of samples from the mean of their class and logit.</summary>
    WithinClass,

    /// <summary>Deviations of those means from the mean over logits: where the mini-bulk lies.</summary>
    CrossClass,

    /// <summary>Means over logits.</summary>
    Class,
}
