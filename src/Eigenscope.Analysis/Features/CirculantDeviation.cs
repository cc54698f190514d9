using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// How far a q × q matrix A is from being constant along its wrapped diagonals: the progress measure that foretells grokking in recursive feature machines (Mallinar et al., arXiv 2407.20199).
/// The variance of a wrapped diagonal is the population one, (1/q) Σ (a − mean)² over its q entries. The deviation is the mean of the q variances; the relative one divides it by the mean square of all entries, ‖A‖_F²/q², and is
/// ‖A − C‖_F² / ‖A‖_F², C the nearest matrix that is constant along them: in [0, 1], whatever the scale of A. The paper leaves the scale open; what is drawn and compared here is the relative one.
/// </summary>
/// <param name="MeanVariance">Mean over the wrapped diagonals of the variance of the entries; in squared units of the entries, ≥ 0.</param>
/// <param name="Relative">The same over the mean square of the entries, in [0, 1]; undefined for a zero matrix.</param>
public sealed record CirculantDeviation(double MeanVariance, Number Relative)
{
    /// <summary>Measures a matrix.</summary>
    /// <param name="matrix">q × q, q ≥ 1, finite.</param>
    /// <param name="diagonals">Which lines.</param>
    /// <returns>The deviation.</returns>
    /// <exception cref="ArgumentException">The matrix is empty, not square or not finite.</exception>
    public static CirculantDeviation Measure(ReadOnlyMatrixSpan<double> matrix, WrappedDiagonals diagonals)
    {
        MatrixGuard.NotEmpty(matrix, nameof(matrix));
        MatrixGuard.Shape(matrix, matrix.Rows, matrix.Rows, nameof(matrix));
        MatrixGuard.Finite(matrix, nameof(matrix));
        int size = matrix.Rows;
        double variance = 0.0, meanSquare = 0.0;
        double[] line = new double[size];
        for (int k = 0; k < size; k++)
        {
            for (int i = 0; i < size; i++)
                line[i] = matrix[i, diagonals == WrappedDiagonals.Difference ? (i + k) % size : (k + size - i) % size];
            variance += Variance(line) / size;
            meanSquare += System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(line) / size / size;
        }
        return new CirculantDeviation(variance, meanSquare > 0.0 ? Number.Of(Math.Min(1.0, variance / meanSquare)) : Number.Undefined("the matrix is zero"));
    }

    // In two passes: entries that are equal have a variance of exactly 0 to the rounding of their mean.
    private static double Variance(ReadOnlySpan<double> entries)
    {
        double mean = 0.0, sum = 0.0;
        foreach (double entry in entries)
            mean += (entry - entries[0]) / entries.Length;
        mean += entries[0];
        foreach (double entry in entries)
            sum += (entry - mean) * (entry - mean);
        return sum / entries.Length;
    }
}
