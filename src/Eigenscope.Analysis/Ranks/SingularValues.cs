using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Ranks;

/// <summary>Singular values of a weight, of its gradient, or of any matrix.</summary>
public static class SingularValues
{
    /// <summary>All min(rows, columns) singular values of a matrix.</summary>
    /// <param name="matrix">Any matrix of at least one entry, finite; for a convolution (out, in·kh·kw).</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>Singular values, descending, each exact to a few eps·σ_1.</returns>
    /// <exception cref="ArgumentException">The matrix is empty or not finite.</exception>
    public static double[] Of(ReadOnlyMatrixSpan<double> matrix, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(matrix, nameof(matrix));
        MatrixGuard.Finite(matrix, nameof(matrix));
        Tensor<double> copy = new(matrix.Rows, matrix.Columns);
        matrix.CopyTo(copy.AsMatrix());
        double[] values = new double[Math.Min(matrix.Rows, matrix.Columns)];
        compute.Blas.Svd(copy.AsMatrix(), values, default, default);
        return values;
    }
}
