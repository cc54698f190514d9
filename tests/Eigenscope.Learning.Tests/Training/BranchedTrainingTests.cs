using System.Numerics;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using static Eigenscope.Learning.Tests.Training.RidgeProblem;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>Steps of training of networks that branch and join, with and without batch normalisation between.</summary>
public sealed class BranchedTrainingTests
{
    private const double DoubleTolerance = 2e-13;
    private const double SingleTolerance = 3e-5;
    private static readonly double[] Epsilons = [0.3, 0.02];

    public static TheoryData<string> Names() => [.. BranchedNetworks.All.Select(static entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_has_the_gradient_of_its_batch(string name)
    {
        (_, ImageShape input, string loss, Action<INetworkDescription> describe) = BranchedNetworks.All.Single(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
        NetworkProblem problem = new(name, input, describe, loss, samples: 12);
        int[] batch = [3, 7, 0, 11, 4, 8, 9];
        double[][] rows = [.. batch.Select(i => problem.Inputs.Row(i).ToArray())];
        // The batch stands for all samples.
        double[] weights = [.. batch.Select(i => problem.Weights[i] * 12 / batch.Length)];
        (double expectedLoss, double[] expected) = problem.Reference.Evaluate(problem.State, rows, [.. batch.Select(i => problem.Labels[i])], weights);
        double norm = Distance(expected, new double[expected.Length]);
        foreach ((int threads, Precision precision, double tolerance) in new[] { (1, Precision.Float64, DoubleTolerance), (3, Precision.Float64, DoubleTolerance), (2, Precision.Float32, SingleTolerance) })
        {
            double[] gradient = new double[expected.Length];
            Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, threads);
            double found = problem.Objective(compute, new ObjectiveOptions { Precision = precision, SliceRows = 2 }).TrainingGradient([.. problem.State], batch, gradient, NormalizedProblem.PlainStep).Loss;
            Assert.Equal(expectedLoss, found, tolerance * Math.Abs(expectedLoss));
            Assert.InRange(Distance(gradient, expected), 0.0, tolerance * norm);
        }
    }

    // z = D [x | n | tanh n] normalised as a whole, n = N(A x): a result that is read twice below a normalisation and above one, the input beside it; each normalisation has its ε.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_gradient_passes_through_normalisations_below_and_above_a_join(int threads)
    {
        Network network = NetworkBuilder.Build(static builder =>
        {
            int n = builder.BatchNorm(builder.Dense(NetworkBuilder.Input, "a", 3, 4, biased: true), "n", new ImageShape(4, 1, 1), Epsilons[0]);
            int joined = builder.Concat("join", [NetworkBuilder.Input, n, builder.Activation(n, "n", 4, Activation.Tanh)]);
            builder.Dense(builder.BatchNorm(joined, "m", new ImageShape(11, 1, 1), Epsilons[1]), "d", 11, 3, biased: true);
        });
        Tensor<double> samples = new(20, 3);
        double[] state = new double[network.StateLength];
        RandomStream random = new(7);
        random.Split("samples").FillNormal(samples.Span);
        random.Split("state").FillNormal(state);
        int[] labels = [.. Enumerable.Range(0, 20).Select(static i => i * 7 % 3)];
        double[] expected = [.. Enumerable.Range(0, network.ParameterCount).Select(j => NormalizedLoss(network, state, j, samples, labels).Imaginary / 1e-100)];

        double[] gradient = new double[network.ParameterCount];
        Objective objective = Objective.Create(network, samples, labels, new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), new ObjectiveOptions());
        double loss = objective.TrainingGradient([.. state], [.. Enumerable.Range(0, 20)], gradient, NormalizedProblem.PlainStep).Loss;

        Assert.Equal(NormalizedLoss(network, state, -1, samples, labels).Real, loss, DoubleTolerance * loss);
        Assert.InRange(Distance(gradient, expected), 0.0, DoubleTolerance * Distance(expected, new double[expected.Length]));
    }

    private static Complex NormalizedLoss(Network network, double[] state, int stepped, Tensor<double> samples, int[] labels)
    {
        Complex[] at = [.. state.Select((value, j) => new Complex(value, j == stepped ? 1e-100 : 0.0))];
        Complex[][] x = [.. Enumerable.Range(0, labels.Length).Select(i => samples.Row(i).ToArray().Select(static value => new Complex(value, 0.0)).ToArray())];
        Complex[][] n = Normalize(network, at, "n", Epsilons[0], Dense(network, at, "a", x));
        Complex[][] joined = [.. x.Select((row, i) => row.Concat(n[i]).Concat(n[i].Select(Complex.Tanh)).ToArray())];
        Complex[][] z = Dense(network, at, "d", Normalize(network, at, "m", Epsilons[1], joined));
        return z.Select((row, i) => Complex.Log(Sum(row.Select(Complex.Exp))) - row[labels[i]]).Aggregate(Complex.Zero, static (sum, term) => sum + term) / labels.Length;
    }

    private static Complex[][] Dense(Network network, Complex[] at, string name, Complex[][] x)
    {
        Complex[] weight = Block(network, at, $"{name}.weight"), bias = Block(network, at, $"{name}.bias");
        return [.. x.Select(row => bias.Select((shift, o) => shift + Sum(row.Select((value, i) => value * weight[(o * row.Length) + i]))).ToArray())];
    }

    private static Complex[][] Normalize(Network network, Complex[] at, string name, double epsilon, Complex[][] x)
    {
        Complex[] scale = Block(network, at, $"{name}.scale"), shift = Block(network, at, $"{name}.shift");
        Complex[] means = [.. scale.Select((_, c) => Sum(x.Select(row => row[c])) / x.Length)];
        Complex[] variances = [.. scale.Select((_, c) => Sum(x.Select(row => (row[c] - means[c]) * (row[c] - means[c]))) / x.Length)];
        return [.. x.Select(row => row.Select((value, c) => (scale[c] * (value - means[c]) / Complex.Sqrt(variances[c] + epsilon)) + shift[c]).ToArray())];
    }

    private static Complex Sum(IEnumerable<Complex> values) => values.Aggregate(Complex.Zero, static (sum, value) => sum + value);

    private static Complex[] Block(Network network, Complex[] at, string name)
    {
        ParameterBlock block = network.Blocks.Single(block => string.Equals(block.Name, name, StringComparison.Ordinal));
        return at[block.Offset..(block.Offset + block.Length)];
    }
}
