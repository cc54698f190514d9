using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class BlockLanczosFactorizationTests
{
    private const int Dimension = 120;

    // 1000 rounding errors of the norm.
    private const double Tolerance = 1000 * 2.220446049250313e-16;

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(3, 1.0)]
    [InlineData(8, 1.0)]
    [InlineData(3, 1e150)]
    [InlineData(3, 1e-150)]
    public void The_equation_holds_and_the_basis_is_orthonormal(int block, double scale)
    {
        PrescribedSpectrumOperator a = HardSpectra.Indefinite(Dimension).Scaled(scale).Operator();
        BlockLanczosFactorization f = new(a, 80, 8, TestCompute.Auto, new RandomStream(1));
        f.Inject(block);
        for (int step = 0; step < 5; step++)
            Assert.True(f.Expand(block));
        Assert.Equal(5 * block, f.Expanded);
        Assert.Equal(block, f.Pending);
        CheckEquation(a, f);
    }

    [Fact]
    public void T_is_block_tridiagonal_and_symmetric()
    {
        const int Block = 3;
        BlockLanczosFactorization f = new(HardSpectra.Indefinite(Dimension).Operator(), 80, 8, TestCompute.Auto, new RandomStream(1));
        f.Inject(Block);
        for (int step = 0; step < 6; step++)
            f.Expand(Block);
        for (int i = 0; i < f.Count; i++)
        {
            for (int j = 0; j < f.Expanded; j++)
            {
                if (i < f.Expanded)
                    Assert.Equal(f.Projected[i, j], f.Projected[j, i]);
                if (Math.Abs((i / Block) - (j / Block)) > 1)
                    Assert.InRange(Math.Abs(f.Projected[i, j]), 0, Tolerance * f.Norm);
            }
        }
    }

    [Fact]
    public void An_injected_vector_widens_the_block_without_coupling()
    {
        PrescribedSpectrumOperator a = HardSpectra.Indefinite(Dimension).Operator();
        BlockLanczosFactorization f = new(a, 80, 8, TestCompute.Auto, new RandomStream(1));
        f.Inject(2);
        f.Expand(2);
        f.Expand(2);
        Assert.Equal(3, f.Inject(3));
        Assert.Equal(5, f.Starts);
        for (int i = f.Count - 3; i < f.Count; i++)
        {
            for (int j = 0; j < f.Expanded; j++)
                Assert.Equal(0.0, f.Projected[i, j]);
        }
        f.Expand(3);
        f.Expand(5);
        CheckEquation(a, f);
    }

    [Fact]
    public void Low_rank_closes_the_space_without_ghosts()
    {
        PrescribedSpectrumOperator a = HardSpectra.RankThree(Dimension).Operator();
        BlockLanczosFactorization f = new(a, 40, 8, TestCompute.Auto, new RandomStream(1));
        f.Inject(2);
        while (f.Pending > 0)
            Assert.True(f.Expand(f.Pending));
        Assert.InRange(f.Expanded, 4, 5);
        CheckEquation(a, f);
    }

    [Fact]
    public void The_identity_closes_at_once()
    {
        BlockLanczosFactorization f = new(new IdentityOperator(10), 20, 4, TestCompute.Auto, new RandomStream(1));
        f.Inject(4);
        f.Expand(4);
        Assert.Equal(0, f.Pending);
        Assert.Equal(0, f.LastRank);
        Assert.Equal(4, f.Inject(4));
        f.Expand(4);
        Assert.Equal(2, f.Inject(4));
        f.Expand(2);
        Assert.True(f.IsComplete);
        Assert.Equal(0, f.Inject(1));
    }

    [Fact]
    public void The_whole_space_is_reached_and_no_further()
    {
        PrescribedSpectrumOperator a = new([5, 4, 3, 2, 1, 0.5, 0.25]);
        BlockLanczosFactorization f = new(a, 20, 3, TestCompute.Auto, new RandomStream(1));
        f.Inject(3);
        while (f.Pending > 0)
            f.Expand(Math.Min(3, f.Pending));
        Assert.True(f.IsComplete);
        CheckEquation(a, f);
    }

    [Fact]
    public void A_non_finite_product_leaves_the_factorisation_as_it_was()
    {
        int count = 0;
        FunctionOperator a = new(Dimension, (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = (i + 1) * x[i];
            y[3] = ++count > 4 ? double.NaN : y[3];
        });
        BlockLanczosFactorization f = new(a, 40, 4, TestCompute.Auto, new RandomStream(1));
        f.Inject(2);
        Assert.True(f.Expand(2));
        Assert.True(f.Expand(2));
        Assert.False(f.Expand(2));
        Assert.False(f.IsFinite);
        Assert.Equal(4, f.Expanded);
        Assert.Equal(2, f.Pending);
        Assert.Equal(6, f.Applications);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        LinearOperator general = new DenseOperator(new Tensor<double>(3, 3), TestCompute.Auto);
        Assert.Throws<ArgumentException>(() => new BlockLanczosFactorization(general, 3, 1, TestCompute.Auto, new RandomStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockLanczosFactorization(new IdentityOperator(3), 0, 1, TestCompute.Auto, new RandomStream(1)));
        BlockLanczosFactorization f = new(new DiagonalOperator([3, 2, 1]), 3, 2, TestCompute.Auto, new RandomStream(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => f.Inject(3));
        f.Inject(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => f.Expand(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => f.SwapPending(0, 1));
    }

    // A V = V T + E C, entry by entry, with plain loops and fresh products.
    private static void CheckEquation(PrescribedSpectrumOperator a, BlockLanczosFactorization f)
    {
        double norm = f.Norm * f.Scale;
        double[] product = new double[a.Rows];
        for (int j = 0; j < f.Expanded; j++)
        {
            a.Apply(f.Basis.Row(j), product);
            for (int k = 0; k < a.Rows; k++)
            {
                double sum = 0;
                for (int i = 0; i < f.Count; i++)
                    sum += f.Basis[i, k] * f.Projected[i, j];
                Assert.InRange((product[k] / norm) - (sum / f.Norm), -Tolerance, Tolerance);
            }
        }
        for (int i = 0; i < f.Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int k = 0; k < a.Rows; k++)
                    dot += f.Basis[i, k] * f.Basis[j, k];
                Assert.InRange(dot - (i == j ? 1 : 0), -Tolerance, Tolerance);
            }
        }
    }
}
