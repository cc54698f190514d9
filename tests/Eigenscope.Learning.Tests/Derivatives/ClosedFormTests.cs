using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
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
    public void The_gradient_of_one_sample_has_no_covariance()
    {
        DerivativeProblem problem = new([6, 3], Activation.Linear, "mse", biases: false);

        Linearization one = problem.Objective().Subset([0]).Linearize(problem.Parameters);

        Assert.All(Materialize(one.GradientCovariance(), 4).Cast<double>(), static entry => Assert.Equal(0.0, entry));
        Assert.Contains(Materialize(one.EmpiricalFisher(), 4).Cast<double>(), static entry => entry != 0.0);
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

    [Theory]
    [InlineData("mse")]
    [InlineData("cross-entropy")]
    public void Gradients_of_a_linear_model_have_the_moments_of_errors_times_inputs(string loss)
    {
        // The gradient of sample n is e_n x_nᵀ, e_n the error of its prediction.
        DerivativeProblem problem = new([4, 3], Activation.Linear, loss, biases: false, weights: [.. Enumerable.Range(0, DerivativeProblem.Samples).Select(static i => 0.002 * (1 + (i % 4)))]);
        double[][] gradients = [.. Enumerable.Range(0, DerivativeProblem.Samples).Select(n => LinearGradient(problem, n, loss == "cross-entropy"))];
        double[] mean = [.. Enumerable.Range(0, 12).Select(a => gradients.Zip(problem.Weights, (g, w) => w * g[a]).Sum() / problem.Weights.Sum())];
        double[,] second = new double[12, 12];
        double[,] covariance = new double[12, 12];
        for (int n = 0; n < gradients.Length; n++)
        {
            for (int a = 0; a < 12; a++)
            {
                for (int b = 0; b < 12; b++)
                {
                    second[a, b] += problem.Weights[n] * gradients[n][a] * gradients[n][b];
                    covariance[a, b] += problem.Weights[n] * (gradients[n][a] - mean[a]) * (gradients[n][b] - mean[b]);
                }
            }
        }
        using Linearization linearization = problem.Objective(2).Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.EmpiricalFisher(), 5), second) < Tolerance);
        Assert.True(RelativeDistance(Materialize(linearization.GradientCovariance(), 5), covariance) < Tolerance);
        Assert.True(Distance(second, covariance) > 0.01 * Norm(second));
    }

    [Fact]
    public void The_tangent_kernel_of_a_linear_model_is_the_Gram_matrix_of_its_inputs_in_every_output()
    {
        DerivativeProblem problem = new([4, 3], Activation.Linear, "mse", samples: 40);
        double[,] expected = new double[120, 120];
        for (int m = 0; m < 40; m++)
        {
            for (int n = 0; n < 40; n++)
            {
                // The bias has input 1.
                double inner = 1.0 + Enumerable.Range(0, 4).Sum(i => problem.Inputs[m, i] * problem.Inputs[n, i]);
                for (int k = 0; k < 3; k++)
                    expected[(3 * m) + k, (3 * n) + k] = inner;
            }
        }
        using Linearization linearization = problem.Objective(2).Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.NeuralTangentKernel(), 6), expected) < Tolerance);
    }

    [Fact]
    public void Samples_with_the_same_gradient_have_no_covariance()
    {
        // 50 times one sample: the second moment is g gᵀ, the covariance zero to the rounding of one term.
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 3], Biases = false });
        Tensor<double> inputs = new([.. Enumerable.Repeat(new[] { 0.7, -1.3 }, 50).SelectMany(static row => row)], 50, 2);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Objective objective = Objective.Create(network, inputs, new int[50], new CrossEntropy(), compute, new ObjectiveOptions());
        using Linearization linearization = objective.Linearize([0.1, 0.2, -0.3, 0.4, 0.5, -0.6]);
        double[,] zero = new double[6, 6];
        double scale = Norm(Materialize(linearization.EmpiricalFisher(), 6));
        Assert.True(scale > 0.1);
        Assert.True(Distance(Materialize(linearization.GradientCovariance(), 6), zero) < 1e-15 * 50 * scale);
    }

    [Fact]
    public void Weight_decay_adds_its_coefficients_to_the_diagonal_of_the_scope()
    {
        DerivativeProblem problem = new([4, 3, 3], Activation.Tanh, "mse", samples: 20);
        using Linearization linearization = problem.Objective().Linearize(problem.Parameters);
        WeightDecay decay = WeightDecay.OnParameters(problem.Network, new Dictionary<string, double> { ["1.weight"] = 0.5, ["2.bias"] = 0.25 });
        foreach ((string scope, double[] added) in new (string, double[])[] { ("1", [.. Enumerable.Repeat(0.5, 12), 0, 0, 0]), ("?.bias", [0, 0, 0, 0.25, 0.25, 0.25]) })
        {
            double[,] plain = Materialize(linearization.Hessian(scope), 4);
            double[,] decayed = Materialize(linearization.Hessian(scope).WithWeightDecay(decay, scope), 4);
            for (int i = 0; i < added.Length; i++)
            {
                for (int j = 0; j < added.Length; j++)
                    Assert.Equal(plain[i, j] + (i == j ? added[i] : 0.0), decayed[i, j], 1e-15);
            }
        }
        LinearOperator untouched = linearization.Hessian("2.weight");
        Assert.Same(untouched, untouched.WithWeightDecay(decay, "2.weight"));
        Assert.Throws<ArgumentException>(() => untouched.WithWeightDecay(decay));
    }

    private static double[] LinearGradient(DerivativeProblem problem, int sample, bool softmax)
    {
        double[] z = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 4).Sum(i => problem.Parameters[(4 * k) + i] * problem.Inputs[sample, i]))];
        double total = z.Sum(Math.Exp);
        return [.. Enumerable.Range(0, 12).Select(a => ((softmax ? Math.Exp(z[a / 4]) / total : z[a / 4]) - (a / 4 == problem.Labels[sample] ? 1 : 0)) * problem.Inputs[sample, a % 4])];
    }
}
