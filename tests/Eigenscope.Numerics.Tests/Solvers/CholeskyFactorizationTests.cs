using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class CholeskyFactorizationTests
{
    private const double Units = 200;
    private const double Epsilon = 2.220446049250313e-16;

    // Shorter and longer than one block column (256) and than one task's rows, and no multiple of either.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(256, 2)]
    [InlineData(300, 3)]
    [InlineData(777, 2)]
    public void The_factor_of_the_minimum_matrix_is_the_triangle_of_ones(int n, int threads)
    {
        // min(i, j) + 1 = L Lᵀ with L all ones below and on the diagonal: exact in whole numbers.
        Tensor<double> matrix = new(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                matrix[i, j] = j + 1.0;
            matrix.Row(i)[(i + 1)..].Fill(double.NaN);
        }
        CholeskyFactorization factorization = CholeskyFactorization.Factor(matrix, Context(threads));
        Assert.True(factorization.IsPositiveDefinite);
        for (int i = 0; i < n; i++)
            Assert.All(matrix.Row(i)[..(i + 1)].ToArray(), entry => Assert.Equal(1.0, entry));
        // min⁻¹ is the second difference: with b the first unit vector, x = 2 e_1 − e_2.
        Tensor<double> b = new(n, 2);
        (b[0, 0], b[n - 1, 1]) = (1.0, 3.0);
        factorization.Solve(b.AsMatrix());
        Assert.Equal(n == 1 ? 1.0 : 2.0, b[0, 0]);
        Assert.Equal(3.0, b[n - 1, 1]);
        if (n > 1)
            Assert.Equal(-1.0, b[1, 0]);
    }

    [Fact]
    public void A_random_positive_definite_system_is_solved_to_rounding()
    {
        const int n = 600, columns = 3;
        Tensor<double> factor = new(n, n), matrix = new(n, n), x = new(n, columns), b = new(n, columns);
        RandomStream random = new(5);
        random.FillNormal(factor.Span);
        random.FillNormal(x.Span);
        Compute compute = Context(2);
        compute.Multiply(1.0 / n, factor.AsMatrix(), MatrixOp.None, factor.AsMatrix(), MatrixOp.Transpose, 0.0, matrix.AsMatrix());
        for (int i = 0; i < n; i++)
            matrix[i, i] += 1.0;
        compute.Multiply(1.0, matrix.AsMatrix(), MatrixOp.None, x.AsMatrix(), MatrixOp.None, 0.0, b.AsMatrix());
        CholeskyFactorization.Factor(matrix.Clone(), compute).Solve(b.AsMatrix());
        for (int i = 0; i < x.Length; i++)
            Assert.InRange(Math.Abs(x.Span[i] - b.Span[i]), 0.0, Units * Epsilon * 5.0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(256)]
    [InlineData(299)]
    public void The_first_pivot_that_fails_is_named_and_nothing_is_added(int pivot)
    {
        const int n = 300;
        Tensor<double> matrix = new(n, n);
        for (int i = 0; i < n; i++)
            matrix[i, i] = i == pivot ? 0.0 : 1.0;
        CholeskyFactorization factorization = CholeskyFactorization.Factor(matrix, Context(2));
        Assert.Equal(pivot, factorization.FailedPivot);
        Assert.Contains($"pivot {pivot} of {n}", Assert.Throws<InvalidOperationException>(() => factorization.Solve(new Tensor<double>(n, 1).AsMatrix())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_shapes_and_cancellation_are_told()
    {
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => CholeskyFactorization.Factor(new Tensor<double>(2, 3), Context(1))).ParamName);
        CholeskyFactorization one = CholeskyFactorization.Factor(new Tensor<double>([4.0], 1, 1), Context(1));
        Assert.Equal("b", Assert.Throws<ArgumentException>(() => one.Solve(new Tensor<double>(2, 1).AsMatrix())).ParamName);
        Assert.Throws<OperationCanceledException>(() => CholeskyFactorization.Factor(new Tensor<double>([4.0], 1, 1), Context(1), new CancellationToken(canceled: true)));
    }

    private static Compute Context(int threads) => new(TestCompute.Auto.Blas, threads);
}
