namespace Eigenscope.Theory.RecursiveFeatures;

/// <summary>The two constants of <see cref="LinearKernelModel"/>.</summary>
public sealed record LinearKernelOptions
{
    /// <summary>λ_k &gt; 0, ridge of the kernel regression, for rows of unit norm. Default 0.01.</summary>
    public double KernelRidge { get; init; } = 0.01;

    /// <summary>λ_Φ &gt; 0, what the random features add to the diagonal of the Gram matrix, whose mean is 1. Default 0.01.</summary>
    public double FeatureRidge { get; init; } = 0.01;
}
