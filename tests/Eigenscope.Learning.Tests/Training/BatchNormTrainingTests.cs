using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using static Eigenscope.Learning.Tests.Training.RidgeProblem;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>Steps of training through batch normalisation against a textbook reference that normalises the whole batch at once and differentiates by the complex step.</summary>
public sealed class BatchNormTrainingTests
{
    // Sums of a few thousand terms, through two divisions by standard deviations of order 0.3: a modest multiple of eps in each precision, relative to the whole gradient.
    private const double DoubleTolerance = 2e-13;
    private const double SingleTolerance = 3e-5;
    private readonly NormalizedProblem _problem = new();

    [Theory]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    [InlineData(50, 1)]
    [InlineData(50, 2)]
    [InlineData(50, 3)]
    public void The_gradient_passes_exactly_through_the_statistics_of_the_batch(int count, int threads)
    {
        int[] batch = NormalizedProblem.Batch(count);
        (double loss, double[] expected) = _problem.Reference(batch);
        double norm = Distance(expected, new double[expected.Length]);
        foreach ((Precision precision, double tolerance) in new[] { (Precision.Float64, DoubleTolerance), (Precision.Float32, SingleTolerance) })
        {
            double[] gradient = new double[expected.Length];
            Objective objective = _problem.Objective(threads, precision);
            LossValue value = objective.TrainingGradient([.. _problem.State], batch, gradient, NormalizedProblem.PlainStep);
            Assert.Equal(loss, value.Loss, tolerance * loss);
            Assert.True(Distance(gradient, expected) < tolerance * norm, $"{precision}: {Distance(gradient, expected) / norm}");
            // A smaller batch after a larger one uses the same memory.
            objective.TrainingGradient([.. _problem.State], NormalizedProblem.Batch(4), gradient, NormalizedProblem.PlainStep);
            objective.TrainingGradient([.. _problem.State], batch, gradient, NormalizedProblem.PlainStep);
            Assert.True(Distance(gradient, expected) < tolerance * norm);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Running_statistics_move_by_a_tenth_towards_the_mean_and_the_unbiased_variance_of_the_batch(int threads)
    {
        int[] batch = NormalizedProblem.Batch(50);
        double[] state = [.. _problem.State];
        _problem.Objective(threads).TrainingGradient(state, batch, new double[_problem.Network.ParameterCount], NormalizedProblem.PlainStep);
        (double[][] first, double[][] second) = _problem.NormalizedInputs(batch);
        AssertMoved(state, "n1", first);
        AssertMoved(state, "n2", second);
        Assert.Equal(_problem.State.Take(_problem.Network.ParameterCount), state.Take(_problem.Network.ParameterCount));
    }

    [Fact]
    public void The_loss_in_training_mode_is_that_of_the_batch_and_leaves_the_state_alone()
    {
        int[] all = [.. Enumerable.Range(0, 60)];
        double[] state = [.. _problem.State];
        double measured = _problem.Objective(2).Evaluate(state).Loss;
        double training = _problem.Objective(2, mode: NetworkMode.Training).Evaluate(state).Loss;
        Assert.Equal(_problem.Reference(all).Loss, training, DoubleTolerance * training);
        Assert.True(Math.Abs(training - measured) > 1e-3 * measured);
        Assert.Equal(_problem.State, state);
    }

    [Fact]
    public void What_would_differentiate_in_training_mode_is_refused_with_the_reason()
    {
        NormalizedProblem dropping = new(dropout: 0.3);
        Objective objective = dropping.Objective(mode: NetworkMode.Training);
        double[] gradient = new double[dropping.Network.ParameterCount];
        Action[] requests =
        [
            () => objective.Linearize(dropping.State),
            () => objective.Gradient(dropping.State, gradient),
            () => objective.BatchGradient(dropping.State, [1, 2, 3], gradient),
            () => objective.Logits(dropping.State),
            () => objective.Evaluate(dropping.State),
        ];
        foreach (Action request in requests)
        {
            string message = Assert.Throws<InvalidOperationException>(request).Message;
            Assert.Contains("batch normalisation ('n1', 'n2') and dropout ('sum.dropout')", message, StringComparison.Ordinal);
            Assert.Contains("NetworkMode.Measuring", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_network_that_trains_as_it_is_measured_has_one_mode()
    {
        Derivatives.DerivativeProblem plain = new([5, 7, 4], Activation.Tanh, "cross-entropy");
        Objective training = plain.Objective(2, new ObjectiveOptions { Mode = NetworkMode.Training });
        double[] expected = new double[plain.Parameters.Length];
        double[] gradient = new double[plain.Parameters.Length];
        int[] batch = [3, 9, 200, 17];
        LossValue value = plain.Objective(2).BatchGradient(plain.Parameters, batch, expected);
        Assert.Equal(value, training.TrainingGradient([.. plain.Parameters], batch, gradient, NormalizedProblem.PlainStep));
        Assert.Equal(expected, gradient);
        using Linearization linearization = training.Linearize(plain.Parameters);
        Assert.Equal(plain.Objective(2).Evaluate(plain.Parameters), linearization.Value);
    }

    [Fact]
    public void A_batch_of_one_has_no_variance()
    {
        double[] gradient = new double[_problem.Network.ParameterCount];
        ArgumentException refused = Assert.Throws<ArgumentException>(() => _problem.Objective().TrainingGradient([.. _problem.State], [4], gradient, NormalizedProblem.PlainStep));
        Assert.Contains("at least 2 samples", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _problem.Objective().TrainingGradient(new double[_problem.Network.ParameterCount], [4, 5], gradient, NormalizedProblem.PlainStep));
    }

    private void AssertMoved(double[] state, string name, double[][] channels)
    {
        for (int c = 0; c < channels.Length; c++)
        {
            double mean = channels[c].Average();
            double variance = channels[c].Sum(value => (value - mean) * (value - mean)) / (channels[c].Length - 1);
            AssertStatistic($"{name}.mean", c, mean);
            AssertStatistic($"{name}.variance", c, variance);
        }

        void AssertStatistic(string block, int c, double batch)
        {
            int index = _problem.Network.Statistics.Single(statistic => string.Equals(statistic.Name, block, StringComparison.Ordinal)).Offset + c;
            Assert.Equal((0.9 * _problem.State[index]) + (0.1 * batch), state[index], DoubleTolerance);
        }
    }
}
