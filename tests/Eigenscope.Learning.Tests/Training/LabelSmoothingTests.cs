using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>Smoothed losses against their formulas, written out for one dense layer.</summary>
public sealed class LabelSmoothingTests
{
    private const double Smoothing = 0.15;
    private const int Inputs = 5;
    private const int Classes = 4;

    // A few hundred terms a sum.
    private const double Tolerance = 1e-13;
    private static readonly int[] Batch = [.. Enumerable.Range(0, 40)];

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("mse")]
    [InlineData("mse-pm1")]
    public void Loss_and_gradient_have_the_smoothed_target(string loss)
    {
        DerivativeProblem problem = new([Inputs, Classes], Activation.Relu, loss, biases: false);
        double expectedLoss = 0.0;
        double[] expected = new double[Inputs * Classes];
        foreach (int n in Batch)
        {
            double[] x = problem.Inputs.Row(n).ToArray();
            double[] z = [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Inputs).Sum(i => problem.Parameters[(k * Inputs) + i] * x[i]))];
            (double value, double[] slope) = loss == "cross-entropy" ? SmoothedCrossEntropy(z, problem.Labels[n]) : SmoothedSquares(z, problem.Labels[n], loss == "mse" ? 0.0 : -1.0);
            expectedLoss += value / Batch.Length;
            for (int e = 0; e < expected.Length; e++)
                expected[e] += slope[e / Inputs] * x[e % Inputs] / Batch.Length;
        }
        double[] gradient = new double[expected.Length];
        LossValue measured = problem.Objective(2).TrainingGradient([.. problem.Parameters], Batch, gradient, NormalizedProblem.PlainStep with { LabelSmoothing = Smoothing });
        Assert.Equal(expectedLoss, measured.Loss, Tolerance * expectedLoss);
        Assert.True(RidgeProblem.Distance(expected, gradient) < Tolerance * RidgeProblem.Distance(expected, new double[expected.Length]));
        Assert.True(Math.Abs(measured.Loss - problem.Objective(2).BatchGradient(problem.Parameters, Batch, gradient).Loss) > 1e-3);
    }

    [Fact]
    public void A_batch_larger_than_a_slice_goes_through_in_pieces()
    {
        DerivativeProblem problem = new([Inputs, 9, Classes], Activation.Tanh, "cross-entropy");
        int[] all = [.. Enumerable.Range(0, DerivativeProblem.Samples)];
        TrainingStep step = NormalizedProblem.PlainStep with { LabelSmoothing = Smoothing };
        double[] whole = new double[problem.Parameters.Length];
        double[] pieces = new double[problem.Parameters.Length];
        double loss = problem.Objective(2).TrainingGradient([.. problem.Parameters], all, whole, step).Loss;
        Assert.Equal(loss, problem.Objective(3, new ObjectiveOptions { SliceRows = 37 }).TrainingGradient([.. problem.Parameters], all, pieces, step).Loss, Tolerance * loss);
        Assert.True(RidgeProblem.Distance(whole, pieces) < Tolerance * RidgeProblem.Distance(whole, new double[whole.Length]));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_smoothing_that_is_no_share_is_refused(double smoothing)
    {
        RidgeProblem problem = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(problem.Objective, problem.WeightDecay, new TrainingOptions { LabelSmoothing = smoothing }, new RandomStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Objective.TrainingGradient(problem.Initial, [1], new double[problem.Initial.Length], NormalizedProblem.PlainStep with { LabelSmoothing = smoothing }));
    }

    [Fact]
    public void A_line_search_needs_one_function()
    {
        RidgeProblem problem = new();
        TrainingOptions options = new() { Optimizer = new LbfgsOptions(), LabelSmoothing = Smoothing };
        Assert.Contains("SGD or Adam", Assert.Throws<ArgumentException>(() => new Trainer(problem.Objective, problem.WeightDecay, options, new RandomStream(1))).Message, StringComparison.Ordinal);
    }

    // (1 − α) ℓ(z, y) + α/K Σ_k ℓ(z, k), each ℓ with its gradient p − e_k.
    private static (double Value, double[] Slope) SmoothedCrossEntropy(double[] z, int label)
    {
        double total = z.Sum(Math.Exp);
        double[] share = [.. Enumerable.Range(0, Classes).Select(k => ((1.0 - Smoothing) * (k == label ? 1.0 : 0.0)) + (Smoothing / Classes))];
        return (share.Select((q, k) => q * (Math.Log(total) - z[k])).Sum(), [.. z.Select((value, k) => (Math.Exp(value) / total) - share[k])]);
    }

    private static (double Value, double[] Slope) SmoothedSquares(double[] z, int label, double off)
    {
        double mean = (1.0 + ((Classes - 1) * off)) / Classes;
        double[] errors = [.. z.Select((value, k) => value - (((1.0 - Smoothing) * (k == label ? 1.0 : off)) + (Smoothing * mean)))];
        return (0.5 * errors.Sum(static e => e * e), errors);
    }
}
