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
        return Measure(predicted, available, measured, values, dimension, 0, k, compute);
    }

    private static EigenspaceOverlap Measure(Func<int, Tensor<double>> predicted, int available, ReadOnlyMatrixSpan<double> measured, ReadOnlySpan<double> values, int dimension, int unlistedZeros, int k, Compute compute)
    {
        if (EigenvalueCluster.End(values, k, dimension, unlistedZeros) is not int used)
            return Undefined(k, OpenCluster(k, values.Length));
        if (used > measured.Rows)
            return Undefined(k, GradientAlignment.MissingVectors(used, measured.Rows));
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
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(compute);
        return Measure(predicted, available, Vectors(pairs, nameof(pairs)).AsMatrix(), [.. pairs.Values], pairs.Dimension, pairs.UnlistedZeros, k, compute);
    }

    /// <summary>Measures the overlap of two measured eigenspaces: k is raised until both spectra have a gap behind it.</summary>
    /// <param name="now">Top pairs, with vectors.</param>
    /// <param name="before">Top pairs of the same or another operator of the same dimension, with vectors.</param>
    /// <param name="k">Dimension of the spaces wanted, ≥ 1.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The overlap with the k used; undefined when one of the lists ends before a gap that both have.</returns>
    /// <exception cref="ArgumentException">Pairs have no vectors, or differ in dimension.</exception>
    public static EigenspaceOverlap Between(EigenPairs now, EigenPairs before, int k, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        Tensor<double> current = Vectors(now, nameof(now)), earlier = Vectors(before, nameof(before));
        if (before.Dimension != now.Dimension)
            throw new ArgumentException($"expected eigenpairs of dimension {now.Dimension}, got {before.Dimension}", nameof(before));
        double[] values = [.. now.Values], other = [.. before.Values];
        int used = 0;
        for (int next = k; next != used;)
        {
            used = next;
            if (EigenvalueCluster.End(values, used, now.Dimension, now.UnlistedZeros) is not int end)
                return Undefined(k, OpenCluster(used, values.Length));
            if (EigenvalueCluster.End(other, end, now.Dimension, before.UnlistedZeros) is not int common)
                return Undefined(k, $"before: {OpenCluster(end, other.Length)}");
            next = common;
        }
        int least = Math.Min(current.Rows, earlier.Rows);
        return used > least
            ? Undefined(k, GradientAlignment.MissingVectors(used, least))
            : new EigenspaceOverlap(Number.Of(SubspaceOverlap.Measure(current.AsMatrix().RowRange(0, used), earlier.AsMatrix().RowRange(0, used), compute)), k, used);
    }

    private static Tensor<double> Vectors(EigenPairs pairs, string name)
    {
        ArgumentNullException.ThrowIfNull(pairs, name);
        return pairs.Vectors ?? throw new ArgumentException("expected eigenpairs with their vectors; ask the solver to keep them", name);
    }

    private static string OpenCluster(int k, int available) => string.Create(CultureInfo.InvariantCulture, $"the end of the cluster of eigenvalue {k} is not among the {available} pairs available; solve for more");

    private static EigenspaceOverlap Undefined(int k, string reason) => new(Number.Undefined(reason), k, null);
}
