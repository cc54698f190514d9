using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Models whose derivatives can be written down.</summary>
public sealed class ClosedFormTests
{
    private const double Tolerance = 1e-13;

    [Fact]
    public void Linear_regression_has_the_second_moment_of_its_inputs_in_every_output()
    {
        DerivativeProblem problem = new([6, 3], Activation.Linear, "mse", biases: false);
        double[,] expected = new double[18, 18];
        for (int n = 0; n < DerivativeProblem.Samples; n++)
        {
            for (int k = 0; k < 3; k++)
            {
                for (int i = 0; i < 6; i++)
                {
                    for (int j = 0; j < 6; j++)
                        expected[(6 * k) + i, (6 * k) + j] += problem.Inputs[n, i] * problem.Inputs[n, j] / DerivativeProblem.Samples;
                }
            }
        }
        Linearization linearization = problem.Objective().Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 4), expected) < Tolerance);
        Assert.True(RelativeDistance(Materialize(linearization.GaussNewton("1.weight"), 4), expected) < Tolerance);
    }

    [Fact]
    public void Softmax_regression_has_its_textbook_gradient_and_Hessian()
    {
        DerivativeProblem problem = new([4, 3], Activation.Linear, "cross-entropy", biases: false);
        double[] gradient = new double[12];
        double[,] hessian = new double[12, 12];
        for (int n = 0; n < DerivativeProblem.Samples; n++)
        {
            double[] p = [.. Enumerable.Range(0, 3).Select(k => Math.Exp(Enumerable.Range(0, 4).Sum(i => problem.Parameters[(4 * k) + i] * problem.Inputs[n, i])))];
            double total = p.Sum();
            for (int a = 0; a < 12; a++)
            {
                double pa = p[a / 4] / total;
                gradient[a] += (pa - (a / 4 == problem.Labels[n] ? 1 : 0)) * problem.Inputs[n, a % 4] / DerivativeProblem.Samples;
                for (int b = 0; b < 12; b++)
                {
                    double curvature = (a / 4 == b / 4 ? pa : 0.0) - (pa * p[b / 4] / total);
                    hessian[a, b] += curvature * problem.Inputs[n, a % 4] * problem.Inputs[n, b % 4] / DerivativeProblem.Samples;
                }
            }
        }
        Linearization linearization = problem.Objective().Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 5), hessian) < Tolerance);
        for (int i = 0; i < 12; i++)
            Assert.Equal(gradient[i], linearization.Gradient.Span[i], Tolerance);
    }

    [Fact]
    public void Cross_entropy_survives_logits_of_a_thousand()
    {
        DerivativeProblem problem = new([4, 3], Activation.Linear, "cross-entropy", biases: false);
        double[] huge = [.. problem.Parameters.Select(static value => 2000.0 * value)];
        double[] gradient = new double[huge.Length];
        LossValue value = problem.Objective().Gradient(huge, gradient);
        Assert.True(double.IsFinite(value.Loss) && value.Loss > 100.0);
        Assert.All(gradient, static entry => Assert.True(double.IsFinite(entry)));
    }
}
