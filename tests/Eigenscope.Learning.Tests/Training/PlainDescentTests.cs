using Eigenscope.Formats;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>Training of a network whose features are parameters: plain descent step by step, decay by parameter, checkpoints.</summary>
public sealed class PlainDescentTests
{
    private const double Rate = 0.2;
    private readonly UfmProblem _problem = new(Activation.Linear, "mse", rectified: false, lastBias: true);
    private readonly Dictionary<string, double> _decays = new(StringComparer.Ordinal) { ["H1"] = 0.02, ["1.weight"] = 0.1, ["3.weight"] = 0.3 };

    [Fact]
    public void Without_momentum_a_step_is_rate_times_gradient_plus_decay_and_nothing_else()
    {
        TrainingOptions options = new() { Optimizer = new SgdOptions { LearningRate = Rate, Momentum = 0.0 }, Epochs = 12 };
        Dictionary<int, double[]> snapshots = [];
        TrainingOutcome outcome = new Trainer(_problem.Objective(2), WeightDecay.OnParameters(_problem.Network, _decays), options, new RandomStream(1)).Run(
            TrainingState.Initial(_problem.Parameters),
            (progress, state) =>
            {
                if (progress.Step is 1 or 5 or 12)
                    snapshots[progress.Step] = [.. state.Parameters];
            });
        Assert.Equal(12, outcome.Steps);
        double[] theta = [.. _problem.Parameters];
        for (int step = 1; step <= 12; step++)
        {
            Descend(theta);
            if (snapshots.TryGetValue(step, out double[]? snapshot))
                Assert.True(RidgeProblem.Distance(theta, snapshot) <= 1e-14 * step, $"step {step}");
        }
        Assert.Equal([1, 5, 12], snapshots.Keys.Order());
        Assert.Equal(snapshots[12], outcome.State.Parameters);
    }

    [Fact]
    public void A_checkpoint_carries_the_features()
    {
        string folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;
        try
        {
            string path = Path.Combine(folder, "state.npz");
            Checkpoint.Save(path, _problem.Network, TrainingState.Initial(_problem.Parameters), "");
            Assert.Equal([UfmProblem.Rows, UfmProblem.Widths[0]], NpzFile.Read(path, "H1").Shape);
            Assert.Equal(_problem.Parameters, Checkpoint.Load(path, _problem.Network).State.Parameters);
            Network fewer = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = UfmProblem.Rows - 1, Widths = UfmProblem.Widths, LastBias = true });
            Assert.Throws<DataFormatException>(() => Checkpoint.Load(path, fewer));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void One_decay_on_all_weights_holds_for_the_features_and_not_for_the_bias()
    {
        WeightDecay decay = WeightDecay.OnWeights(_problem.Network, 0.5);
        Assert.Equal([0.5, 0.5, 0.5, 0.5, 0.0], _problem.Network.Blocks.Select(decay.Coefficient));
    }

    private void Descend(double[] theta)
    {
        double[] x = [.. Enumerable.Range(0, UfmProblem.Samples).Select(i => _problem.Inputs[i, 0])];
        (_, double[] gradient) = _problem.Reference.Evaluate(theta, [.. x.Select(static row => new[] { row })], _problem.Labels, _problem.Weights);
        foreach (ParameterBlock block in _problem.Network.Blocks)
        {
            double lambda = _decays.GetValueOrDefault(block.Name);
            for (int i = block.Offset; i < block.Offset + block.Length; i++)
                theta[i] -= Rate * (gradient[i] + (lambda * theta[i]));
        }
    }
}
