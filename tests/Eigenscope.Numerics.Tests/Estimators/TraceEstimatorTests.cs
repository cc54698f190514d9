using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Estimators;

public sealed class TraceEstimatorTests
{
    [Fact]
    public void Diagonal_operators_take_one_product()
    {
        Estimate trace = TraceEstimator.Estimate(new DiagonalOperator([1, -2, 4.5]), 2, new RandomStream(1));
        Assert.Equal(new Estimate(3.5, 0, 0), trace);
    }

    [Fact]
    public void Small_operators_are_summed_exactly()
    {
        PrescribedSpectrumOperator a = new([3, 2, -1, 0.5, 0]);
        Estimate trace = TraceEstimator.Estimate(a, 5, new RandomStream(1));
        Assert.Equal(4.5, trace.Mean, 1e-14);
        Assert.Equal(0, trace.Samples);
        Assert.Equal(5, a.Applications);
    }

    [Fact]
    public void Estimates_lie_within_their_errors_as_often_as_they_should()
    {
        double[] spectrum = [.. Enumerable.Range(1, 200).Select(i => 1.0 / i)];
        double exact = spectrum.Sum();
        int inside = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            Estimate trace = TraceEstimator.Estimate(new PrescribedSpectrumOperator(spectrum), 30, new RandomStream(seed));
            Assert.Equal(30, trace.Samples);
            inside += Math.Abs(trace.Mean - exact) <= 2 * trace.StandardError ? 1 : 0;
        }
        // Student's t with 29 degrees of freedom: 94.5 % expected; 85 of 100 or fewer has probability below 1e-3, all 100 below 4e-3.
        Assert.InRange(inside, 86, 99);
    }

    [Fact]
    public void Standard_error_is_that_of_the_closed_form()
    {
        // Var(xᵀAx) = 2 Σ_{i≠j} a_ij²: here 2 · 2 · 1 for [[0, 1], [1, 0]] in every one of 50 planes.
        const int Planes = 50;
        const int Samples = 40;
        LinearOperator exchange = new DenseOperator(new Tensor<double>([0, 1, 1, 0], 2, 2), TestCompute.Auto, OperatorStructure.Symmetric);
        Estimate trace = TraceEstimator.Estimate(new IdentityOperator(Planes).Kronecker(exchange), Samples, new RandomStream(2));
        double expected = Math.Sqrt(4.0 * Planes / Samples);
        Assert.InRange(trace.StandardError, 0.6 * expected, 1.4 * expected);
        Assert.InRange(Math.Abs(trace.Mean), 0, 4 * expected);
    }

    [Fact]
    public void Wrong_arguments_and_non_finite_products_are_refused()
    {
        LinearOperator tall = new DenseOperator(new Tensor<double>(3, 2), TestCompute.Auto);
        Assert.Equal("operand", Assert.Throws<ArgumentException>(() => TraceEstimator.Estimate(tall, 4, new RandomStream(1))).ParamName);
        Assert.Equal("samples", Assert.Throws<ArgumentOutOfRangeException>(() => TraceEstimator.Estimate(new IdentityOperator(3), 1, new RandomStream(1))).ParamName);
        Assert.Throws<LinearAlgebraException>(() => TraceEstimator.Estimate(new DiagonalOperator([1, double.NaN]), 4, new RandomStream(1)));
    }
}
