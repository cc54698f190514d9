using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Estimators;

public sealed class NormAndDiagonalTests
{
    private const int Seeds = 200;
    private const double Rounding = 1e-12;

    [Fact]
    public void The_frobenius_norm_errs_as_it_claims()
    {
        double[] law = [.. HardSpectra.PowerLaw(320, 0.5).Eigenvalues];
        double exact = law.Sum(static value => value * value);
        double error = 0, claimed = 0, normError = 0, normClaimed = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            FrobeniusEstimate estimate = FrobeniusEstimator.Estimate(new MixedSpectrumOperator(law), 30, new RandomStream(seed));
            error += Math.Pow(estimate.Squared.Mean - exact, 2);
            claimed += Math.Pow(estimate.Squared.StandardError, 2);
            normError += Math.Pow(estimate.Norm.Mean - Math.Sqrt(exact), 2);
            normClaimed += Math.Pow(estimate.Norm.StandardError, 2);
        }
        Assert.InRange(Math.Sqrt(error / claimed), 0.85, 1.15);
        Assert.InRange(Math.Sqrt(normError / normClaimed), 0.85, 1.15);
    }

    [Fact]
    public void Every_entry_of_the_diagonal_errs_as_it_claims()
    {
        const int Size = 40;
        RandomStream random = new(2);
        Tensor<double> matrix = new(Size, Size);
        random.FillNormal(matrix.Span);
        double[] error = new double[Size];
        double[] claimed = new double[Size];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            DiagonalEstimate estimate = DiagonalEstimator.Estimate(new DenseOperator(matrix, TestCompute.Auto), 20, new RandomStream(seed));
            Assert.Equal(20, estimate.Samples);
            for (int i = 0; i < Size; i++)
            {
                error[i] += Math.Pow(estimate.Mean[i] - matrix[i, i], 2);
                claimed[i] += Math.Pow(estimate.StandardError[i], 2);
            }
        }
        for (int i = 0; i < Size; i++)
        {
            // The variance of one sample in closed form: the squares of the row off the diagonal.
            double variance = Enumerable.Range(0, Size).Where(j => j != i).Sum(j => matrix[i, j] * matrix[i, j]) / 20;
            Assert.InRange(claimed[i] / Seeds / variance, 0.8, 1.2);
            Assert.InRange(error[i] / Seeds / variance, 0.6, 1.5);
        }
    }

    [Fact]
    public void Few_columns_are_summed_exactly()
    {
        Tensor<double> wide = new([1, 2, 3, 4, 5, 6], 2, 3);
        FrobeniusEstimate norm = FrobeniusEstimator.Estimate(new DenseOperator(wide, TestCompute.Auto), 3, new RandomStream(1));
        Assert.Equal(91, norm.Squared.Mean, Rounding);
        Assert.Equal(Math.Sqrt(91), norm.Norm.Mean, Rounding);
        Assert.Equal(0, norm.Norm.StandardError);
        DiagonalEstimate diagonal = DiagonalEstimator.Estimate(new DenseOperator(new Tensor<double>([1, 2, 3, 4], 2, 2), TestCompute.Auto), 2, new RandomStream(1));
        Assert.Equal([1, 4], diagonal.Mean);
        Assert.Equal([0, 0], diagonal.StandardError);
        Assert.Equal([1, -2, 4.5], DiagonalEstimator.Estimate(new DiagonalOperator([1, -2, 4.5]), 2, new RandomStream(1)).Mean);
        Assert.Equal(0, FrobeniusEstimator.Estimate(new MixedSpectrumOperator(new double[32]), 4, new RandomStream(1)).Norm.StandardError);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Equal("operand", Assert.Throws<ArgumentException>(() => DiagonalEstimator.Estimate(new DenseOperator(new Tensor<double>(3, 2), TestCompute.Auto), 4, new RandomStream(1))).ParamName);
        Assert.Equal("samples", Assert.Throws<ArgumentOutOfRangeException>(() => DiagonalEstimator.Estimate(new IdentityOperator(3), 1, new RandomStream(1))).ParamName);
        Assert.Equal("samples", Assert.Throws<ArgumentOutOfRangeException>(() => FrobeniusEstimator.Estimate(new IdentityOperator(3), 1, new RandomStream(1))).ParamName);
    }
}
