using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// A Mahalanobis metric M, symmetric positive semidefinite: ‖x − z‖_M² = (x − z)ᵀ M (x − z), and xᵀ M z. Points are mapped by its root R = M^½ once; after that all geometry is Euclidean.
/// </summary>
public sealed class Metric
{
    private readonly double[]? _diagonal;
    private readonly Tensor<double>? _matrix;
    private Tensor<double>? _root;

    private Metric(int dimension, double[]? diagonal, Tensor<double>? matrix) => (Dimension, _diagonal, _matrix) = (dimension, diagonal, matrix);

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Whether M = I.</summary>
    public bool IsIdentity => _diagonal is null && _matrix is null;

    /// <summary>Whether M is known to be diagonal.</summary>
    public MetricKind Kind => _matrix is null ? MetricKind.Diagonal : MetricKind.Full;

    /// <summary>M = I.</summary>
    /// <param name="dimension">d ≥ 1.</param>
    /// <returns>The metric.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1.</exception>
    public static Metric Identity(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return new Metric(dimension, null, null);
    }

    /// <summary>M = diag(m).</summary>
    /// <param name="entries">m, d ≥ 1 numbers, finite and ≥ 0; the metric keeps a copy.</param>
    /// <returns>The metric.</returns>
    /// <exception cref="ArgumentException">Empty, or an entry is negative or not finite.</exception>
    public static Metric Diagonal(ReadOnlySpan<double> entries)
    {
        if (entries.IsEmpty)
            throw new ArgumentException("expected at least one entry, got none", nameof(entries));
        for (int i = 0; i < entries.Length; i++)
        {
            if (!(entries[i] >= 0.0 && double.IsFinite(entries[i])))
                throw new ArgumentException($"expected finite entries ≥ 0, entry {i} is {entries[i]:g6}", nameof(entries));
        }
        return new Metric(entries.Length, entries.ToArray(), null);
    }

    /// <summary>A full matrix M.</summary>
    /// <param name="matrix">d × d, d ≥ 1, symmetric positive semidefinite but for rounding, finite; only its lower triangle is read. Kept.</param>
    /// <returns>The metric.</returns>
    /// <exception cref="ArgumentException">Not square, empty or not finite.</exception>
    public static Metric Full(Tensor<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        MatrixGuard.NotEmpty(matrix.AsMatrix(), nameof(matrix));
        MatrixGuard.Shape(matrix.AsMatrix(), matrix.Rows, matrix.Rows, nameof(matrix));
        MatrixGuard.Finite(matrix.AsMatrix(), nameof(matrix));
        return new Metric(matrix.Rows, null, matrix);
    }

    /// <summary>M as a matrix.</summary>
    /// <returns>A d × d copy.</returns>
    public Tensor<double> ToMatrix() => _matrix?.Clone() ?? DiagonalMatrix(_diagonal);

    /// <summary>R = M^½, symmetric positive semidefinite; eigenvalues of M that rounding leaves at or below zero count as zero.</summary>
    /// <param name="compute">Where to compute.</param>
    /// <returns>d × d.</returns>
    public Tensor<double> Root(Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return _root ??= _matrix is { } matrix
            ? PositiveSemidefinite.Power(matrix.AsMatrix(), 0.5, compute)
            : DiagonalMatrix(_diagonal is null ? null : [.. _diagonal.Select(Math.Sqrt)]);
    }

    /// <summary>Y = X R: points in the coordinates in which the metric is Euclidean.</summary>
    /// <param name="points">X, n × d.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>n × d, a copy.</returns>
    /// <exception cref="ArgumentException">Not d columns.</exception>
    public Tensor<double> Map(ReadOnlyMatrixSpan<double> points, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(points, points.Rows, Dimension, nameof(points));
        Tensor<double> mapped = new(points.Rows, Dimension);
        if (_matrix is not null)
        {
            compute.Multiply(1.0, points, MatrixOp.None, Root(compute).AsMatrix(), MatrixOp.None, 0.0, mapped.AsMatrix());
            return mapped;
        }
        points.CopyTo(mapped.AsMatrix());
        if (_diagonal is { } entries)
        {
            double[] root = [.. entries.Select(Math.Sqrt)];
            for (int i = 0; i < mapped.Rows; i++)
                TensorPrimitives.Multiply(mapped.Row(i), root, mapped.Row(i));
        }
        return mapped;
    }

    private Tensor<double> DiagonalMatrix(double[]? entries)
    {
        Tensor<double> matrix = new(Dimension, Dimension);
        for (int i = 0; i < Dimension; i++)
            matrix[i, i] = entries?[i] ?? 1.0;
        return matrix;
    }
}
