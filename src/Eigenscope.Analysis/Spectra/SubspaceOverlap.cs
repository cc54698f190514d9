using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>How much of one subspace lies in another.</summary>
public static class SubspaceOverlap
{
    // Eigenvectors of any working solver are orthonormal far below this; a basis beyond it was never orthonormalised.
    private const double OrthonormalityTolerance = 1e-6;

    /// <summary>
    /// ‖Q̂ᵀQ‖_F²/k for two orthonormal bases of k vectors: the mean squared cosine of the principal angles between the two subspaces. 1 for the same subspace whatever the bases, 0 for orthogonal ones,
    /// k/n on average for random ones.
    /// </summary>
    /// <param name="basis">k × n, orthonormal vectors as rows.</param>
    /// <param name="reference">k × n, orthonormal vectors as rows.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>A number in [0, 1] up to rounding.</returns>
    /// <exception cref="ArgumentException">The shapes differ, a basis is empty, or its rows are not orthonormal to 1e-6.</exception>
    public static double Measure(ReadOnlyMatrixSpan<double> basis, ReadOnlyMatrixSpan<double> reference, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(basis, nameof(basis));
        MatrixGuard.Shape(reference, basis.Rows, basis.Columns, nameof(reference));
        RequireOrthonormal(basis, nameof(basis), compute);
        RequireOrthonormal(reference, nameof(reference), compute);
        return Reductions.SumOfSquares(Products(basis, reference, compute).AsMatrix()) / basis.Rows;
    }

    private static Tensor<double> Products(ReadOnlyMatrixSpan<double> x, ReadOnlyMatrixSpan<double> y, Compute compute)
    {
        Tensor<double> products = new(x.Rows, y.Rows);
        compute.Multiply(1.0, x, MatrixOp.None, y, MatrixOp.Transpose, 0.0, products.AsMatrix());
        return products;
    }

    private static void RequireOrthonormal(ReadOnlyMatrixSpan<double> rows, string name, Compute compute)
    {
        Tensor<double> gram = Products(rows, rows, compute);
        for (int i = 0; i < gram.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double expected = i == j ? 1.0 : 0.0;
                if (!(Math.Abs(gram[i, j] - expected) <= OrthonormalityTolerance))
                    throw new ArgumentException($"expected orthonormal rows, but rows {j} and {i} have inner product {gram[i, j]}", name);
            }
        }
    }
}
