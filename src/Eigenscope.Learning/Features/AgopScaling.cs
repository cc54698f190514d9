namespace Eigenscope.Learning.Features;

/// <summary>What an average gradient outer product is divided by before a power is taken of it. Published code does either under one name.</summary>
public enum AgopScaling
{
    /// <summary>Nothing: the plain mean of the samples' outer products.</summary>
    None,

    /// <summary>Its largest entry, which of a positive semidefinite matrix is on the diagonal: the normalisation of the published code of arXiv 2402.13728 and 2407.20199.</summary>
    LargestEntry,
}
