using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Losses;

public sealed class HessianFactorTests
{
    private const double Tolerance = 32.0 * 2.220446049250313e-16;

    [Theory]
    [InlineData(new double[] { 0.3, -1.2, 2.0 })]
    [InlineData(new double[] { 1000.0, 999.0, -1000.0, 1000.5 })]
    [InlineData(new double[] { 5.0, 5.0 })]
    public void Factors_of_cross_entropy_multiply_to_diag_p_minus_p_p(double[] logits)
    {
        double[] exponentials = [.. logits.Select(z => Math.Exp(z - logits.Max()))];
        double[] p = [.. exponentials.Select(value => value / exponentials.Sum())];
        Tensor<double> factor = Factor(new CrossEntropy(), logits);
        for (int i = 0; i < p.Length; i++)
        {
            for (int j = 0; j < p.Length; j++)
            {
                double product = Enumerable.Range(0, p.Length).Sum(k => factor[k, i] * factor[k, j]);
                Assert.Equal((i == j ? p[i] : 0.0) - (p[i] * p[j]), product, Tolerance);
                Assert.Equal(Math.Sqrt(p[i]) * ((i == j ? 1.0 : 0.0) - p[j]), factor[i, j], Tolerance);
            }
        }
    }

    [Fact]
    public void The_terms_of_a_Hessian_are_weighed_by_probabilities_or_not_at_all()
    {
        double[] logits = [0.3, -1.2, 2.0], weights = new double[3];
        double[] exponentials = [.. logits.Select(Math.Exp)];
        new CrossEntropy().HessianTermWeights(logits, weights);
        for (int k = 0; k < 3; k++)
            Assert.Equal(exponentials[k] / exponentials.Sum(), weights[k], Tolerance);
        Assert.True(new CrossEntropy().HessianTermsCancel);
        new MeanSquaredError().HessianTermWeights(logits, weights);
        Assert.Equal([1.0, 1.0, 1.0], weights);
        Assert.False(new MeanSquaredError().HessianTermsCancel);
        Assert.Throws<ArgumentException>(() => new CrossEntropy().HessianTermWeights(logits, new double[2]));
    }

    [Fact]
    public void No_digits_cancel_when_one_probability_is_1_to_rounding()
    {
        // 1 − p_0 = e⁻⁴⁰ + e⁻⁴⁵, invisible beside 1.
        double rest = Math.Exp(-40.0) + Math.Exp(-45.0);
        Tensor<double> factor = Factor(new CrossEntropy(), [40.0, 0.0, -5.0]);
        Assert.Equal(1.0, factor[0, 0] / rest, 1e-14);
        Assert.Equal(-1.0, factor[1, 0] / Math.Exp(-20.0), 1e-14);
    }

    [Fact]
    public void The_factor_of_the_squared_error_is_the_identity()
    {
        Tensor<double> factor = Factor(new MeanSquaredError(), [0.5, -3.0]);
        Assert.Equal([1.0, 0.0, 0.0, 1.0], factor.Span.ToArray());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_by_name()
    {
        Tensor<double> two = new(2, 3), three = new(3, 3);
        Assert.Equal("jacobian", Assert.Throws<ArgumentException>(() => new CrossEntropy().MultiplyHessianFactor([1.0, 2.0], three.AsMatrix(), three.Clone().AsMatrix())).ParamName);
        Assert.Equal("result", Assert.Throws<ArgumentException>(() => new CrossEntropy().MultiplyHessianFactor([1.0, 2.0], two.AsMatrix(), three.AsMatrix())).ParamName);
    }

    private static Tensor<double> Factor(Loss loss, double[] logits)
    {
        Tensor<double> identity = new(logits.Length, logits.Length), factor = new(logits.Length, logits.Length);
        for (int k = 0; k < logits.Length; k++)
            identity[k, k] = 1.0;
        loss.MultiplyHessianFactor(logits, identity.AsMatrix(), factor.AsMatrix());
        return factor;
    }
}
