namespace Eigenscope.Analysis.Spectra;

/// <summary>How the parts of a Gauss–Newton matrix are computed; none of it changes what they are.</summary>
public sealed record PapyanOptions
{
    /// <summary>Largest N · o at which everything comes from the Gram matrix of all N · o gradients, exact and complete. Default 2000: a second or two, 128 MB.</summary>
    public int GramLimit { get; init; } = 2000;

    /// <summary>Beyond that: how many eigenvalues of the within-class part are iterated for, ≥ 1. Default 10.</summary>
    public int Pairs { get; init; } = 10;

    /// <summary>Scopes whose within-class eigenvalues are iterated for; null (default) for every scope. Of the others that part is known by its trace, at no product of its own.</summary>
    public IReadOnlyCollection<string>? IteratedScopes { get; init; }

    /// <summary>Relative residual asked of them, in (0, 1). Default 1e-4.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Where a scope has other parameters than those of dense layers: largest N · o times its length at which the trace is summed exactly, gradient by gradient. Default 2³⁰: a few seconds.</summary>
    public long ExactTraceEntries { get; init; } = 1L << 30;

    /// <summary>Passes for a trace that is not summed exactly, ≥ 2; those of all scopes are shared. Default 32.</summary>
    public int TraceProbes { get; init; } = 32;

    /// <summary>
    /// Bytes that the K · o mean gradients may take at a time; more parameters take more walks. Where those of one parameter block take more, the class and the cross-class part of a scope with it are known by their
    /// products alone, like the within-class part. Default 2 GiB.
    /// </summary>
    public long MeansBudget { get; init; } = 2L << 30;
}
