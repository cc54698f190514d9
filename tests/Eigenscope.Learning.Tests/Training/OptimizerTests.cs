using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

public sealed class OptimizerTests
{
    private readonly RidgeProblem _problem = new();

    [Fact]
    public void Lbfgs_reaches_the_ridge_solution_to_its_gradient_tolerance()
    {
        TrainingOptions options = new() { Optimizer = new LbfgsOptions { GradientTolerance = 1e-12 }, Epochs = 200 };
        TrainingOutcome outcome = Train(options);
        Assert.Equal(TrainingStatus.Finished, outcome.Status);
        Assert.True(outcome.State.Epoch < 60, $"{outcome.State.Epoch} iterations");
        // The smallest curvature is at least the decay, so the distance is at most the gradient norm over it.
        Assert.True(RidgeProblem.Distance(outcome.State.Parameters, _problem.Solution()) <= 1e-12 / RidgeProblem.Decay);
    }

    [Fact]
    public void Full_batch_descent_and_Adam_reach_the_ridge_solution()
    {
        double[] solution = _problem.Solution();
        TrainingOutcome sgd = Train(new TrainingOptions { Optimizer = new SgdOptions { LearningRate = 0.3, Momentum = 0.5 }, Epochs = 2000 });
        Assert.True(RidgeProblem.Distance(sgd.State.Parameters, solution) < 1e-12);
        TrainingOutcome adam = Train(new TrainingOptions { Optimizer = new AdamOptions { LearningRate = 0.02 }, Epochs = 3000, Schedule = new LearningRateSchedule.Cosine() });
        Assert.True(RidgeProblem.Distance(adam.State.Parameters, solution) < 1e-8);
    }

    [Fact]
    public void The_first_steps_are_the_textbook_steps()
    {
        double[] gradient = new double[_problem.Initial.Length];
        _problem.Objective.Gradient(_problem.Initial, gradient);
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] += RidgeProblem.Decay * _problem.Initial[i];
        double[] sgd = Train(new TrainingOptions { Optimizer = new SgdOptions { LearningRate = 0.1, Momentum = 0.9 }, Epochs = 1 }).State.Parameters;
        double[] adam = Train(new TrainingOptions { Optimizer = new AdamOptions { LearningRate = 0.1, Epsilon = 1e-3 }, Epochs = 1 }).State.Parameters;
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.Equal(_problem.Initial[i] - (0.1 * gradient[i]), sgd[i], 1e-15);
            // After one step Adam's corrected mean is g and its corrected mean square g².
            Assert.Equal(_problem.Initial[i] - (0.1 * gradient[i] / (Math.Abs(gradient[i]) + 1e-3)), adam[i], 1e-14);
        }
    }

    [Fact]
    public void Momentum_accumulates_over_two_steps()
    {
        double[] first = new double[_problem.Initial.Length];
        double[] theta = [.. _problem.Initial];
        double[] velocity = new double[theta.Length];
        for (int step = 0; step < 2; step++)
        {
            _problem.Objective.Gradient(theta, first);
            for (int i = 0; i < theta.Length; i++)
            {
                velocity[i] = (0.8 * velocity[i]) + first[i] + (RidgeProblem.Decay * theta[i]);
                theta[i] -= 0.05 * velocity[i];
            }
        }
        TrainingOutcome outcome = Train(new TrainingOptions { Optimizer = new SgdOptions { LearningRate = 0.05, Momentum = 0.8 }, Epochs = 2 });
        Assert.True(RidgeProblem.Distance(theta, outcome.State.Parameters) < 1e-15);
        Assert.Equal(2, outcome.Steps);
    }

    [Fact]
    public void A_learning_rate_that_is_too_large_is_reported_as_divergence()
    {
        TrainingOutcome outcome = Train(new TrainingOptions { Optimizer = new SgdOptions { LearningRate = 1e6 }, Epochs = 500 });
        Assert.Equal(TrainingStatus.Diverged, outcome.Status);
    }

    [Fact]
    public void A_step_to_infinity_is_divergence_at_once_and_no_hook_sees_it()
    {
        int calls = 0;
        Trainer trainer = new(_problem.Objective, _problem.WeightDecay, new TrainingOptions { Optimizer = new SgdOptions { LearningRate = double.MaxValue }, Epochs = 1 }, new RandomStream(1));
        TrainingOutcome outcome = trainer.Run(TrainingState.Initial([.. _problem.Initial.Select(static value => 1e3 * value)]), (_, _) => calls++);
        Assert.Equal(TrainingStatus.Diverged, outcome.Status);
        Assert.Equal(0, calls);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Network other = Network.Mlp(new MlpOptions { Widths = [4, 3], Biases = false });
        Assert.Throws<ArgumentException>(() => new Trainer(_problem.Objective, WeightDecay.OnWeights(other, 0.1), new TrainingOptions(), new RandomStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Train(new TrainingOptions { Schedule = new LearningRateSchedule.Cosine { WarmUp = 1.0 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Train(new TrainingOptions { BatchSize = 1, Epochs = int.MaxValue }));
        Assert.Throws<ArgumentException>(() => new Trainer(_problem.Objective, _problem.WeightDecay, new TrainingOptions(), new RandomStream(1)).Run(TrainingState.Initial(_problem.Initial) with { Batch = 3 }));
    }

    [Theory]
    [InlineData(0.0, 0.9)]
    [InlineData(double.NaN, 0.9)]
    [InlineData(0.1, 1.0)]
    [InlineData(0.1, -0.1)]
    public void Settings_out_of_range_are_refused_before_training(double rate, double momentum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Train(new TrainingOptions { Optimizer = new SgdOptions { LearningRate = rate, Momentum = momentum } }));

    [Fact]
    public void Decay_acts_on_the_groups_that_are_named()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 2, 2] });
        double[] theta = [.. Enumerable.Range(1, network.ParameterCount).Select(static i => (double)i)];
        WeightDecay decay = WeightDecay.OnParameters(network, new Dictionary<string, double>(StringComparer.Ordinal) { ["1.weight"] = 0.5, ["2.bias"] = 2.0 });
        double[] gradient = new double[theta.Length];
        decay.AddGradient(theta, gradient);
        Assert.Equal([0.5, 1.0, 1.5, 2.0, 0, 0, 0, 0, 0, 0, 22.0, 24.0], gradient);
        Assert.Equal((0.25 * (1 + 4 + 9 + 16)) + (121 + 144), decay.Penalty(theta), 1e-12);
        Assert.Throws<ArgumentException>(() => WeightDecay.OnParameters(network, new Dictionary<string, double>(StringComparer.Ordinal) { ["3.weight"] = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightDecay.OnWeights(network, -1e-4));
    }

    [Fact]
    public void Schedules_have_their_values()
    {
        Assert.Equal(1.0, new LearningRateSchedule.Constant().Factor(0.7));
        LearningRateSchedule cosine = new LearningRateSchedule.Cosine { WarmUp = 0.2, Final = 0.1 };
        Assert.Equal(0.5, cosine.Factor(0.1), 1e-15);
        Assert.Equal(1.0, cosine.Factor(0.2), 1e-15);
        Assert.Equal(0.55, cosine.Factor(0.6), 1e-15);
        LearningRateSchedule steps = new LearningRateSchedule.Steps { Milestones = [0.5, 0.75], Ratio = 0.1 };
        Assert.Equal([1.0, 0.1, 0.01], new[] { 0.4, 0.5, 0.9 }.Select(steps.Factor).Select(static value => Math.Round(value, 12)));
    }

    private TrainingOutcome Train(TrainingOptions options) =>
        new Trainer(_problem.Objective, _problem.WeightDecay, options, new RandomStream(1)).Run(TrainingState.Initial(_problem.Initial));
}
