namespace Eigenscope.Numerics.Solvers;

/// <summary>What to compute, and how hard to try.</summary>
public sealed record EigenOptions
{
    /// <summary>Number of algebraically largest pairs, ≥ 0. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Number of algebraically smallest pairs, ≥ 0. Default 0.</summary>
    public int Bottom { get; init; }

    /// <summary>Relative residual ‖A v − θ v‖ ≤ tolerance · max|θ| asked of every pair, in (0, 1). Default 1e-8.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Vectors per block, at most 256; 0 (default) chooses by the operator's <see cref="Operators.LinearOperator.BlockCostPerVector"/>: 8 where a block is cheap, else 2. Where a product costs less than orthogonalisation (a pass over the basis), 4 is faster at a few products more.</summary>
    public int BlockSize { get; init; }

    /// <summary>Largest dimension of the Krylov basis before a restart; 0 (default) chooses from the number of pairs.</summary>
    public int MaxBasis { get; init; }

    /// <summary>Budget of operator applications; 0 (default) means 100 · (Top + Bottom) + 1000.</summary>
    public int MaxApplications { get; init; }

    /// <summary>Solve densely up to this dimension; −1 (default) takes the backend's <see cref="Blas.BlasBackend.DenseEigenLimit"/>, 0 never.</summary>
    public int DenseLimit { get; init; } = -1;

    /// <summary>
    /// Where to start: eigenpairs, with vectors, believed to lie near the wanted ones, such as those of the same operator a little earlier in training. Null (default) starts at random. What is promised of the result does not
    /// change: a wrong start costs products, and the search for missed eigenvalues starts at random as ever. Saves most where eigenvalues are multiple or clustered. The dense solve does not look at it.
    /// </summary>
    public EigenPairs? Start { get; init; }

    /// <summary>Whether eigenvectors are kept. Default true.</summary>
    public bool KeepVectors { get; init; } = true;
}
