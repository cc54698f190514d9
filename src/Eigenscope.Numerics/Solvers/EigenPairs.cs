using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Eigenvalues counted once: <paramref name="Count"/> values within the group's tolerance of one another.</summary>
/// <param name="Value">Mean of the group.</param>
/// <param name="Count">Number of eigenvalues in it.</param>
public sealed record EigenvalueGroup(double Value, int Count);

/// <summary>Eigenpairs of a symmetric operator with their residuals and verdict.</summary>
public sealed record EigenPairs
{
    /// <summary>Dimension of the operator.</summary>
    public required int Dimension { get; init; }

    /// <summary>Eigenvalues from the top end, descending.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>
    /// True residuals ‖A v − θ v‖ / max|θ|, computed after the solve, one per value; max|θ| over the values reported. Where these are all rounding beside ‖A‖, the residuals are relative to
    /// 100 · 2⁻⁵² ‖A‖ / tolerance instead, the least that a relative residual can be asked of.
    /// </summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>How many further eigenvalues are known to be zero and not listed: the null space of a matrix solved through its Gram matrix. Default 0.</summary>
    public int UnlistedZeros { get; init; }

    /// <summary>Orthonormal eigenvectors as rows (count × dimension), in the order of <see cref="Values"/>, of the first of them or of all; null when not kept.</summary>
    public Tensor<double>? Vectors { get; init; }

    /// <summary>Eigenvalues from the bottom end, ascending; empty unless asked for.</summary>
    public IReadOnlyList<double> Smallest { get; init; } = [];

    /// <summary>Residuals of <see cref="Smallest"/>.</summary>
    public IReadOnlyList<double> SmallestResiduals { get; init; } = [];

    /// <summary>Eigenvectors of <see cref="Smallest"/> as rows; null when not kept.</summary>
    public Tensor<double>? SmallestVectors { get; init; }

    /// <summary><see cref="Values"/> grouped: neighbours closer than <see cref="MultiplicityTolerance"/> are one group.</summary>
    public required IReadOnlyList<EigenvalueGroup> Multiplicities { get; init; }

    /// <summary>Absolute tolerance of the grouping: max(1e-8 · max|θ|, the largest absolute residual).</summary>
    public required double MultiplicityTolerance { get; init; }

    /// <summary>Whether <see cref="Values"/>, with <see cref="UnlistedZeros"/>, is the whole spectrum.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>"dense", "gram" or "block-lanczos".</summary>
    public required string Method { get; init; }

    /// <summary>The verdict.</summary>
    public required Convergence Convergence { get; init; }
}
