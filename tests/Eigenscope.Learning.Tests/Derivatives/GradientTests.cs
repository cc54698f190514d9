using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

public sealed class GradientTests
{
    private const double Tolerance = 1e-13;
    private static readonly int[] Widths = [5, 7, 6, 4];

    [Theory]
    [MemberData(nameof(CurvatureProductTests.Problems), MemberType = typeof(CurvatureProductTests))]
    public void Loss_and_gradient_equal_the_reference_for_every_slicing(Activation activation, string loss, bool biases)
    {
        DerivativeProblem problem = new(Widths, activation, loss, biases);
        (double expectedLoss, double[] expected) = problem.ReferenceGradient();
        foreach ((int threads, int slice) in new[] { (1, 100), (1, 255), (2, 512), (3, 20) })
        {
            Objective objective = problem.Objective(threads, new ObjectiveOptions { SliceRows = slice });
            double[] gradient = new double[expected.Length];
            LossValue value = objective.Gradient(problem.Parameters, gradient);
            Assert.Equal(expectedLoss, value.Loss, Tolerance * expectedLoss);
            Assert.Equal(expectedLoss, objective.Evaluate(problem.Parameters).Loss, Tolerance * expectedLoss);
            AssertClose(expected, gradient, Tolerance);
            AssertClose(expected, objective.Linearize(problem.Parameters).Gradient.ToArray(), Tolerance);
        }
    }

    [Fact]
    public void A_batch_is_the_mean_over_its_samples_whatever_its_size()
    {
        DerivativeProblem problem = new(Widths, Activation.Gelu, "cross-entropy");
        Objective objective = problem.Objective(2, new ObjectiveOptions { SliceRows = 40 });
        foreach (int size in new[] { 1, 2, 31, 32, 47, 200, 256 })
        {
            int[] batch = [.. Enumerable.Range(0, size).Select(static i => (i * 37) % DerivativeProblem.Samples)];
            double[][] x = [.. batch.Select(i => problem.Inputs.Row(i).ToArray())];
            int[] y = [.. batch.Select(i => problem.Labels[i])];
            double[] weights = [.. Enumerable.Repeat(1.0 / size, size)];
            (double expectedLoss, double[] expected) = problem.Reference.Evaluate(problem.Parameters, x, y, weights);
            double[] gradient = new double[expected.Length];
            LossValue value = objective.BatchGradient(problem.Parameters, batch, gradient);
            Assert.Equal(expectedLoss, value.Loss, Tolerance * expectedLoss);
            AssertClose(expected, gradient, Tolerance);
        }
    }

    [Fact]
    public void The_batches_of_an_epoch_average_to_the_weighted_whole()
    {
        double[] weights = [.. Enumerable.Range(0, DerivativeProblem.Samples).Select(static i => 0.001 * (1 + (i % 7)))];
        DerivativeProblem problem = new(Widths, Activation.Tanh, "mse", weights: weights);
        (_, double[] expected) = problem.ReferenceGradient();
        Objective objective = problem.Objective(2);
        double[] sum = new double[expected.Length];
        double[] gradient = new double[expected.Length];
        foreach ((int start, int count) in new[] { (0, 100), (100, 100), (200, 56) })
        {
            objective.BatchGradient(problem.Parameters, [.. Enumerable.Range(start, count)], gradient);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += gradient[i] * count / DerivativeProblem.Samples;
        }
        AssertClose(expected, sum, Tolerance);
    }

    [Fact]
    public void Single_precision_sums_many_slices_without_losing_digits()
    {
        // Copies of the same few samples: the mean gradient is theirs, whatever the number of copies. Up to 4096 samples are summed in single precision, the rest in double:
        // fifty times as many copies may not cost more digits (a sum in single precision alone would lose a factor between 7 and 50).
        DerivativeProblem few = new(Widths, Activation.Tanh, "mse", samples: 20);
        (_, double[] expected) = few.ReferenceGradient();
        double moderate = RelativeDistance(expected, SingleGradientOfCopies(few, 200));
        double many = RelativeDistance(expected, SingleGradientOfCopies(few, 10_000));
        Assert.InRange(moderate, 1e-9, 1e-5);
        Assert.True(many <= 2.0 * moderate, $"{many:E2} with many copies, {moderate:E2} with few");
    }

    [Fact]
    public void Features_errors_and_logits_are_those_of_the_samples()
    {
        DerivativeProblem problem = new([5, 7, 4], Activation.Tanh, "mse");
        Linearization linearization = problem.Objective(2, new ObjectiveOptions { SliceRows = 50 }).Linearize(problem.Parameters);
        ParameterBlock weight = problem.Network.Blocks[0];
        ParameterBlock bias = problem.Network.Blocks[1];
        for (int n = 0; n < DerivativeProblem.Samples; n += 17)
        {
            double sum = problem.Parameters[bias.Offset + 2];
            for (int i = 0; i < 5; i++)
                sum += problem.Parameters[weight.Offset + (2 * 5) + i] * problem.Inputs[n, i];
            Assert.Equal(Math.Tanh(sum), linearization.LayerInput(1)[n, 2], 1e-14);
            Assert.Equal(problem.Inputs[n, 3], linearization.LayerInput(0)[n, 3]);
        }
        double[,] jacobian = problem.ReferenceJacobian();
        Tensor<double> logits = linearization.Logits();
        Tensor<double> errors = linearization.OutputCotangents(0);
        // Σ_n δ_n is the bias gradient, and ∂z/∂b is ∂z/∂(pre-activation) summed over nothing but the sample itself.
        for (int unit = 0; unit < 7; unit++)
        {
            for (int n = 0; n < DerivativeProblem.Samples; n += 31)
            {
                double expected = Enumerable.Range(0, 4).Sum(k => jacobian[(n * 4) + k, bias.Offset + unit] * (logits[n, k] - (k == problem.Labels[n] ? 1 : 0))) / DerivativeProblem.Samples;
                Assert.Equal(expected, errors[n, unit], 1e-15);
            }
        }
        linearization.VisitOutputJacobians(0, (first, slice) =>
        {
            for (int row = 0; row < slice.Rows; row++)
            {
                for (int unit = 0; unit < 7; unit++)
                    Assert.Equal(jacobian[(first * 4) + row, bias.Offset + unit], slice[row, unit], 1e-13);
            }
        });
    }

    [Fact]
    public void Same_threads_give_the_same_bits()
    {
        DerivativeProblem problem = new(Widths, Activation.Gelu, "cross-entropy");
        double[] first = new double[problem.Parameters.Length];
        double[] second = new double[problem.Parameters.Length];
        problem.Objective(2, new ObjectiveOptions { SliceRows = 30 }).Gradient(problem.Parameters, first);
        problem.Objective(2, new ObjectiveOptions { SliceRows = 30 }).Gradient(problem.Parameters, second);
        Assert.Equal(first, second);
    }

    private static double[] SingleGradientOfCopies(DerivativeProblem few, int copies)
    {
        Tensor<double> inputs = new(few.Inputs.Rows * copies, few.Inputs.Columns);
        for (int i = 0; i < inputs.Rows; i++)
            few.Inputs.Row(i % few.Inputs.Rows).CopyTo(inputs.Row(i));
        int[] labels = [.. Enumerable.Range(0, inputs.Rows).Select(i => few.Labels[i % few.Inputs.Rows])];
        ObjectiveOptions options = new() { Precision = Precision.Float32, SliceRows = 128 };
        double[] gradient = new double[few.Parameters.Length];
        Objective.Create(few.Network, inputs, labels, few.Loss, few.Objective().Compute, options).Gradient(few.Parameters, gradient);
        return gradient;
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        double distance = RelativeDistance(expected, actual);
        Assert.True(distance <= tolerance, $"relative distance {distance:E2}");
    }

    private static double RelativeDistance(double[] expected, double[] actual) =>
        Math.Sqrt(expected.Zip(actual, static (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(static value => value * value));
}
