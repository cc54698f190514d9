using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Analysis.Tests.Collapse;

/// <summary>
/// The derived TCV bound on networks trained to stationarity: a tanh network 10-30-30-30-3 without biases on three Gaussian classes of 40, MSE, weight decay 1e-3, Adam and then L-BFGS. Where the terms lie depends on the draw of the classes and
/// on which minimum is reached, by a factor of two; the inequality holds at each.
/// </summary>
public sealed class TcvBoundTrendTests
{
    private const double Decay = 1e-3;
    // The weight is so near to stationary that the slack is no part of why the inequality holds.
    private const double LargestSlack = 0.01;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_holds_where_training_has_come_to_rest(int seed)
    {
        RandomStream random = new((ulong)seed);
        Dataset data = GaussianClasses.Create(new GaussianOptions(), random.Split("data"));
        Network network = Network.Mlp(new MlpOptions { Widths = [10, 30, 30, 30, 3], Activation = Activation.Tanh, Biases = false });
        Objective objective = Objective.Create(network, data.AsSource(), new MeanSquaredError(TargetCoding.OneHot), TestCompute.Instance, new ObjectiveOptions());
        double[] parameters = Train(network, objective, random);

        using Linearization linearization = objective.Linearize(parameters);
        for (int l = 0; l < network.WeightLayers.Count; l++)
        {
            ParameterBlock weight = network.WeightLayers[l].Weight;
            Numerics.Tensors.ReadOnlyMatrixSpan<double> matrix = new(parameters.AsSpan(weight.Offset, weight.Length), weight.Shape[0], weight.Shape[1]);
            TcvBound bound = TcvBound.Measure(matrix, Decay, linearization.OutputCotangents(l).AsMatrix(), linearization.LayerInput(l).AsMatrix(), data.Labels, data.ClassCount, TestCompute.Instance);
            Assert.InRange(bound.Slack.Value!.Value, 0.0, LargestSlack * bound.Middle.Value!.Value);
            Assert.True(bound.Distance <= bound.Middle.Value, $"layer {l + 1}: {bound}");
            Assert.True(bound.Middle.Value <= bound.Right.Value, $"layer {l + 1}: {bound}");
        }
    }

    private static double[] Train(Network network, Objective objective, RandomStream random)
    {
        WeightDecay decay = WeightDecay.OnWeights(network, Decay);
        TrainingState state = TrainingState.Initial(network.Initialize(new InitializationOptions(), random.Split("start")));
        TrainingOptions adam = new() { Optimizer = new AdamOptions { LearningRate = 3e-3 }, Epochs = 2000 };
        state = new Trainer(objective, decay, adam, random.Split("adam")).Run(state).State;
        TrainingOptions lbfgs = new() { Optimizer = new LbfgsOptions { GradientTolerance = 1e-9 }, Epochs = 3000 };
        return new Trainer(objective, decay, lbfgs, random.Split("lbfgs")).Run(TrainingState.Initial(state.Parameters)).State.Parameters;
    }
}
