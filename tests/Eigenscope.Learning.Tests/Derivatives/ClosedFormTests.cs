using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
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

    [Theory]
    [InlineData(10.0)]
    [InlineData(20.0)]
    [InlineData(30.0)]
    public void Cross_entropy_curvature_keeps_its_digits_as_the_margin_grows(double margin)
    {
        // One sample, no inputs but a constant 1: the logits are the weights. Their Hessian is Σ_{j<k} p_j p_k (e_j − e_k)(e_j − e_k)ᵀ, a sum of positive terms that cannot cancel.
        double[] logits = [margin, 0.3, -0.5];
        double[] p = [.. logits.Select(z => Math.Exp(z) / logits.Sum(Math.Exp))];
        double[,] expected = new double[3, 3];
        foreach ((int j, int k) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            expected[j, j] += p[j] * p[k];
            expected[k, k] += p[j] * p[k];
            expected[j, k] -= p[j] * p[k];
            expected[k, j] -= p[j] * p[k];
        }
        Network network = Network.Mlp(new MlpOptions { Widths = [1, 3], Biases = false });
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 1);
        foreach ((Precision precision, double tolerance) in new[] { (Precision.Float64, 1e-13), (Precision.Float32, 1e-5) })
        {
            Objective objective = Objective.Create(network, new Tensor<double>([1.0], 1, 1), [0], new CrossEntropy(), compute, new ObjectiveOptions { Precision = precision });
            Linearization linearization = objective.Linearize(logits);
            Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 1), expected) < tolerance);
            double beside = p[1] + p[2];
            Assert.Equal(-beside, linearization.Gradient.Span[0], tolerance * beside);
        }
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
