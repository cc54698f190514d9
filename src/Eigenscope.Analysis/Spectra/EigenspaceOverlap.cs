using System.Globalization;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// How much of a measured top eigenspace a predicted one holds, ‖Q̂ᵀQ‖_F²/k, where the measured spectrum has a gap: inside a cluster k is raised to its end (<see cref="EigenvalueCluster"/>), as for
/// <see cref="GradientAlignment"/>.
/// </summary>
/// <param name="Value">The overlap, in [0, 1] up to rounding; undefined when the cluster's end is not among the measured pairs, or the prediction has fewer vectors.</param>
/// <param name="Requested">The k asked for.</param>
/// <param name="Used">The k used; null when there is no overlap.</param>
public sealed record EigenspaceOverlap(Number Value, int Requested, int? Used)
{
    /// <summary>Measures the overlap.</summary>
    /// <param name="predicted">Gives the first m predicted vectors, orthonormal, as the rows of an m × n matrix; asked once, for the k used.</param>
    /// <param name="available">How many vectors the prediction has.</param>
    /// <param name="measured">Orthonormal vectors as rows, by descending value; may be more than there are values.</param>
    /// <param name="values">The measured values, descending.</param>
    /// <param name="dimension">Number of values that the whole spectrum has.</param>
    /// <param name="k">Dimension of the space wanted, ≥ 1.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The overlap with the k used.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or vectors are not orthonormal to 1e-6.</exception>
    public static EigenspaceOverlap Measure(Func<int, Tensor<double>> predicted, int available, ReadOnlyMatrixSpan<double> measured, ReadOnlySpan<double> values, int dimension, int k, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(compute);
        if (measured.Rows < values.Length)
            throw new ArgumentException($"expected a vector for each of the {values.Length} values, got {measured.Rows}", nameof(measured));
        if (EigenvalueCluster.End(values, k, dimension) is not int used)
            return Undefined(k, string.Create(CultureInfo.InvariantCulture, $"the end of the cluster of eigenvalue {k} is not among the {values.Length} pairs available; solve for more"));
        if (used > available)
            return Undefined(k, string.Create(CultureInfo.InvariantCulture, $"the measured eigenspace at the gap has dimension {used}, the prediction has rank {available}"));
        return new EigenspaceOverlap(Number.Of(SubspaceOverlap.Measure(predicted(used).AsMatrix(), measured.RowRange(0, used), compute)), k, used);
    }

    /// <summary>Measures the overlap with eigenpairs.</summary>
    /// <param name="predicted">Gives the first m predicted vectors, orthonormal, as the rows of an m × n matrix; asked once, for the k used.</param>
    /// <param name="available">How many vectors the prediction has.</param>
    /// <param name="pairs">Measured top pairs, with vectors.</param>
    /// <param name="k">Dimension of the space wanted, ≥ 1.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The overlap with the k used.</returns>
    /// <exception cref="ArgumentException">The pairs have no vectors, shapes do not fit, or vectors are not orthonormal to 1e-6.</exception>
    public static EigenspaceOverlap Measure(Func<int, Tensor<double>> predicted, int available, EigenPairs pairs, int k, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Vectors is null)
            throw new ArgumentException("expected eigenpairs with their vectors; ask the solver to keep them", nameof(pairs));
        return Measure(predicted, available, pairs.Vectors.AsMatrix(), [.. pairs.Values], pairs.Dimension, k, compute);
    }

    private static EigenspaceOverlap Undefined(int k, string reason) => new(Number.Undefined(reason), k, null);
}
