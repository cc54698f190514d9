using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Functions of a matrix that is symmetric positive semidefinite but for rounding: a Gram matrix, a covariance, an AGOP. Only the lower triangle is read.</summary>
public static class PositiveSemidefinite
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>All eigenvalues.</summary>
    /// <param name="matrix">d × d, d ≥ 1, finite.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>d eigenvalues, descending; what rounding leaves below 0 is 0.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, is empty or is not finite.</exception>
    public static double[] Eigenvalues(ReadOnlyMatrixSpan<double> matrix, Compute compute)
    {
        (_, double[] values) = Decompose(matrix, vectors: false, compute);
        Array.Reverse(values);
        TensorPrimitives.Max<double>(values, 0.0, values);
        return values;
    }

    /// <summary>
    /// A^p = V diag(λ^p) Vᵀ. Eigenvalues at or below d·eps·λ_1, negative ones included, are rounding and count as 0: a root would lift them from 1e-16 to 1e-8 of the whole.
    /// </summary>
    /// <param name="matrix">A, d × d, d ≥ 1, finite.</param>
    /// <param name="exponent">p &gt; 0.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The power, d × d and symmetric; zero when A is.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, is empty or is not finite, or the exponent is not positive and finite.</exception>
    public static Tensor<double> Power(ReadOnlyMatrixSpan<double> matrix, double exponent, Compute compute)
    {
        if (!(exponent > 0.0 && double.IsFinite(exponent)))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "expected a finite exponent > 0");
        (Tensor<double> vectors, double[] values) = Decompose(matrix, vectors: true, compute);
        double cut = values.Length * Epsilon * Math.Max(values[^1], 0.0);
        Tensor<double> scaled = vectors.Clone();
        for (int i = 0; i < values.Length; i++)
            TensorPrimitives.Multiply(scaled.Row(i), values[i] > cut ? Math.Pow(values[i], exponent) : 0.0, scaled.Row(i));
        Tensor<double> power = new(values.Length, values.Length);
        compute.Multiply(1.0, vectors.AsMatrix(), MatrixOp.Transpose, scaled.AsMatrix(), MatrixOp.None, 0.0, power.AsMatrix());
        return power;
    }

    private static (Tensor<double> Vectors, double[] Values) Decompose(ReadOnlyMatrixSpan<double> matrix, bool vectors, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(matrix, nameof(matrix));
        MatrixGuard.Shape(matrix, matrix.Rows, matrix.Rows, nameof(matrix));
        MatrixGuard.Finite(matrix, nameof(matrix));
        Tensor<double> copy = new(matrix.Rows, matrix.Rows);
        matrix.CopyTo(copy.AsMatrix());
        double[] values = new double[matrix.Rows];
        compute.Blas.SymmetricEigen(copy.AsMatrix(), values, vectors);
        return (copy, values);
    }
}
