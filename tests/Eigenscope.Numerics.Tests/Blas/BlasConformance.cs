using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Blas;

/// <summary>What every backend must do; the parts of the class go through one kernel each.</summary>
public abstract partial class BlasConformance(BlasBackend blas)
{
    // Unit roundoff of double times two; residuals below are bounded by Constant · n · Epsilon · scale (backward stability of orthogonal transformations).
    private const double Epsilon = 1.0 / (1L << 52);
    private const double Constant = 20.0;

    private readonly BlasBackend _blas = blas;

    [BackendFact]
    public void Describes_itself()
    {
        Assert.False(string.IsNullOrWhiteSpace(_blas.Description));
        Assert.True(_blas.DenseEigenLimit >= 1300);
    }

    [BackendFact]
    public void Products_refuse_other_entry_types()
    {
        Half[] four = new Half[4];
        Assert.Throws<NotSupportedException>(() =>
            _blas.Multiply(Half.One, new ReadOnlyMatrixSpan<Half>(four, 2, 2), MatrixOp.None, new ReadOnlyMatrixSpan<Half>(four, 2, 2), MatrixOp.None, Half.Zero, new MatrixSpan<Half>(new Half[4], 2, 2)));
    }

    [BackendFact]
    public void Concurrent_calls_give_the_bits_of_one_call()
    {
        double[] matrix = TestMatrices.RandomSymmetric(60, seed: 5);
        double[] expected = EigenAndProduct(matrix, 60);
        double[][] results = new double[8][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => results[i] = EigenAndProduct(matrix, 60));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    private double[] EigenAndProduct(double[] matrix, int n)
    {
        double[] vectors = [.. matrix], values = new double[n], product = new double[n * n];
        _blas.SymmetricEigen(new MatrixSpan<double>(vectors, n, n), values);
        _blas.Multiply(1.0, new ReadOnlyMatrixSpan<double>(vectors, n, n), MatrixOp.None, new ReadOnlyMatrixSpan<double>(matrix, n, n), MatrixOp.Transpose, 0.0, new MatrixSpan<double>(product, n, n));
        return [.. values, .. vectors, .. product];
    }
}

/// <summary>The native backend; skipped where the library is missing.</summary>
[RequiresOpenBlas]
public sealed class OpenBlasConformance() : BlasConformance(BlasBackends.Load(BlasChoice.OpenBlas).Backend);

/// <summary>The managed backend.</summary>
public sealed class ManagedBlasConformance() : BlasConformance(BlasBackends.Load(BlasChoice.Managed).Backend);
