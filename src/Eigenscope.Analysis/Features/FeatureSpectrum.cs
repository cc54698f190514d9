using Eigenscope.Analysis.Collapse;
using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// Eigenvalues of the second moment (1/N) Σ_i x_i x_iᵀ of N rows, or of their covariance (1/N) Σ_i (x_i − x̄)(x_i − x̄)ᵀ about the plain sample mean x̄: of a layer's features, or of the
/// errors propagated back to its output.
/// </summary>
public sealed record FeatureSpectrum
{
    /// <summary>
    /// The min(N, d) largest eigenvalues, descending, each exact to about d·eps·λ_1; what rounding leaves below 0 is 0. When N &lt; d the other d − N eigenvalues are exactly 0 and not listed.
    /// </summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>d.</summary>
    public required int Dimension { get; init; }

    /// <summary>The sum of all eigenvalues, computed from the rows and not from <see cref="Eigenvalues"/>.</summary>
    public required double Trace { get; init; }

    /// <summary>Whether this is the second moment or the covariance.</summary>
    public required Centring Centring { get; init; }

    /// <summary>Measures the spectrum. Memory beyond the rows is min(N, d)² and, for a covariance with N &lt; d, a centred copy.</summary>
    /// <param name="rows">N × d, N ≥ 1 and d ≥ 1, finite.</param>
    /// <param name="centring">Second moment or covariance.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The spectrum.</returns>
    /// <exception cref="ArgumentException">The matrix is empty or not finite.</exception>
    public static FeatureSpectrum Measure(ReadOnlyMatrixSpan<double> rows, Centring centring, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(rows, nameof(rows));
        MatrixGuard.Finite(rows, nameof(rows));
        Tensor<double> gram = centring == Centring.SampleMean
            ? CentredGram(rows, Reductions.MeanOfRows(rows), compute)
            : Gram(rows, compute);
        TensorPrimitives.Divide(gram.Span, rows.Rows, gram.Span);
        double trace = 0.0;
        for (int i = 0; i < gram.Rows; i++)
            trace += gram[i, i];
        return new FeatureSpectrum
        {
            Eigenvalues = PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute),
            Dimension = rows.Columns,
            Trace = trace,
            Centring = centring,
        };
    }

    private static Tensor<double> CentredGram(ReadOnlyMatrixSpan<double> rows, Tensor<double> mean, Compute compute)
    {
        if (rows.Rows >= rows.Columns)
            return CentredInnerGram(rows, mean, compute);
        Tensor<double> centred = new(rows.Rows, rows.Columns);
        for (int i = 0; i < rows.Rows; i++)
            TensorPrimitives.Subtract(rows.Row(i), mean.Span, centred.Row(i));
        return Gram(centred.AsMatrix(), compute);
    }

    private static Tensor<double> CentredInnerGram(ReadOnlyMatrixSpan<double> rows, Tensor<double> mean, Compute compute)
    {
        Tensor<double> gram = new(rows.Columns, rows.Columns);
        CentredBlocks blocks = new(rows, [], mean);
        while (blocks.MoveNext())
            compute.Multiply(1.0, blocks.Current, MatrixOp.Transpose, blocks.Current, MatrixOp.None, 1.0, gram.AsMatrix());
        return gram;
    }

    // The smaller of the two Gram matrices: their non-zero eigenvalues are the same.
    private static Tensor<double> Gram(ReadOnlyMatrixSpan<double> rows, Compute compute)
    {
        bool inner = rows.Rows >= rows.Columns;
        int size = Math.Min(rows.Rows, rows.Columns);
        Tensor<double> gram = new(size, size);
        compute.Multiply(1.0, rows, inner ? MatrixOp.Transpose : MatrixOp.None, rows, inner ? MatrixOp.None : MatrixOp.Transpose, 0.0, gram.AsMatrix());
        return gram;
    }
}
