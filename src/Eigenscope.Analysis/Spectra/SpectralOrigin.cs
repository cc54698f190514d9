namespace Eigenscope.Analysis.Spectra;

/// <summary>Which part of a curvature matrix an eigenvector lives on.</summary>
public enum SpectralOrigin
{
    /// <summary>More than half of vᵀGv comes from the class part.</summary>
    Class,

    /// <summary>More than half of vᵀGv comes from the cross-class part: the mini-bulk.</summary>
    CrossClass,

    /// <summary>More than half of vᵀGv comes from the within-class part: the bulk.</summary>
    WithinClass,

    /// <summary>No part has more than half.</summary>
    Mixed,

    /// <summary>Less than half of the eigenvalue is the Gauss–Newton matrix's: the rest is the network's own second derivative, and the parts say nothing of it.</summary>
    NetworkCurvature,
}
