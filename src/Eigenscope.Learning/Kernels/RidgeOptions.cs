namespace Eigenscope.Learning.Kernels;

/// <summary>How kernel ridge regression is solved.</summary>
public sealed record RidgeOptions
{
    /// <summary>μ ≥ 0 of (K + μI) α = Y; exactly this is added to the diagonal, never more. Default 10⁻³.</summary>
    public double Ridge { get; init; } = 1e-3;

    /// <summary>Memory in bytes for the kernel matrix (8 n² for the factorisation) or, when that does not fit, for what of it is kept in single precision, blocks of it and the preconditioner; on top of the points. Default 4 GB.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>Relative residual asked of conjugate gradients, &gt; 0. Default 10⁻¹².</summary>
    public double Tolerance { get; init; } = 1e-12;

    /// <summary>Most iterations of conjugate gradients, ≥ 1. Default 1000.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>Landmarks of the Nyström preconditioner, ≥ 1; null (default) takes what the memory leaves beside the matrix in single precision, at most a quarter of the points.</summary>
    public int? Landmarks { get; init; }

    /// <summary>The least memory with which n points can be solved for: one row of the kernel matrix for each thread, in two copies, unless the whole matrix takes less.</summary>
    /// <param name="points">n ≥ 1.</param>
    /// <param name="threads">Number of threads, ≥ 1.</param>
    /// <returns>Bytes.</returns>
    public static long LeastMemory(int points, int threads) => sizeof(double) * (long)points * Math.Min(points, 2L * threads);

    /// <summary>Checks all values.</summary>
    internal static void Check(RidgeOptions options)
    {
        if (!(options.Ridge >= 0.0 && double.IsFinite(options.Ridge)))
            throw new ArgumentException($"expected a finite ridge ≥ 0, got {options.Ridge}", nameof(options));
        if (options.MemoryBytes <= 0)
            throw new ArgumentException($"expected memory > 0, got {options.MemoryBytes} bytes", nameof(options));
        if (!(options.Tolerance > 0.0))
            throw new ArgumentException($"expected a tolerance > 0, got {options.Tolerance}", nameof(options));
        if (options.MaxIterations < 1 || options.Landmarks < 1)
            throw new ArgumentException($"expected at least one iteration and one landmark, got {options.MaxIterations} and {options.Landmarks}", nameof(options));
    }
}
