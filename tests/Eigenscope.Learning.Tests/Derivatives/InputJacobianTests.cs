using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// Derivatives of the logits in what enters a layer, and what they average to: against a reference that only goes forward, with the numbers that enter the layer moved for all who read them. Objectives weigh their
/// samples unequally, which these derivatives must not.
/// </summary>
public sealed class InputJacobianTests
{
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 5e-5;
    private const double DifferenceTolerance = 1e-6;
    private const int Samples = 9;
    private static readonly ImageShape Features = new(5, 1, 1);
    private static readonly ImageShape Image = new(2, 5, 5);

    private static readonly Dictionary<string, Lazy<NetworkProblem>> Problems = new (string Name, ImageShape Input, Action<INetworkDescription> Describe)[]
    {
        ("relu perceptron", Features, static n => n.Dense(n.Activation(n.Dense(n.Activation(n.Dense(n.Input, 7), Activation.Relu), 6), Activation.Relu), 3)),
        ("tanh perceptron", Features, static n => n.Dense(n.Activation(n.Dense(n.Activation(n.Dense(n.Input, 7), Activation.Tanh), 6), Activation.Tanh), 3)),
        ("convolutional", Image, static n => n.Dense(n.Flatten(n.Activation(n.Convolution(n.MaxPool(n.Activation(n.BatchNorm(n.Convolution(n.Input, 4, 2)), Activation.Relu), 2, 2), 3, 2), Activation.Gelu)), 3)),
        ("residual perceptron", Features, Residual),
        ("residual convolutional", Image, static n => n.Dense(n.GlobalAveragePool(Block(n, Block(n, n.Input, 2, Activation.Tanh), 2, Activation.Relu)), 3)),
        ("projection shortcut", Image, Projection),
    }.Concat(BranchedNetworks.All.Select(static entry => (entry.Name, entry.Input, entry.Describe))).ToDictionary(static entry => entry.Name, static entry => new Lazy<NetworkProblem>(() => new NetworkProblem(entry.Name, entry.Input, entry.Describe, "cross-entropy", Samples)), StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Problems.Keys];

    /// <summary>A network in which two layers read the input, and the second layer's input goes around it too.</summary>
    internal static void Residual(INetworkDescription n)
    {
        int h = n.Activation(n.Dense(n.Input, 5), Activation.Tanh);
        int g = n.Activation(n.Sum(h, n.Dense(h, 5)), Activation.Relu);
        n.Dense(n.Activation(n.Sum(n.Dense(n.Input, 5), n.Dense(g, 5)), Activation.Tanh), 3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Jacobians_are_those_of_the_logits_moved_with_the_input(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        foreach ((Linearization point, double tolerance) in Points(problem))
        {
            using (point)
            {
                for (int l = 0; l < problem.Network.WeightLayers.Count; l++)
                    Assert.InRange(RelativeDistance(Visited(point, l), problem.ReferenceInputJacobian(l)), 0.0, tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Jacobians_are_central_differences_of_the_logits(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        using Linearization point = problem.Linearize(1, new ObjectiveOptions());
        for (int l = 0; l < problem.Network.WeightLayers.Count; l++)
            Assert.InRange(RelativeDistance(Visited(point, l), problem.ReferenceInputDifferences(l, 1e-5)), 0.0, DifferenceTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Operators_and_traces_are_averages_of_outer_products(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        int[] layers = [.. Enumerable.Range(0, problem.Network.WeightLayers.Count)];
        foreach ((Linearization point, double tolerance) in Points(problem))
        {
            using (point)
            {
                foreach (Centring centring in Enum.GetValues<Centring>())
                {
                    IReadOnlyList<double> traces = point.AgopTraces(layers, centring);
                    foreach (int l in layers)
                    {
                        double[,] reference = problem.ReferenceAgop(l, centring == Centring.SampleMean);
                        double scale = Norm(problem.ReferenceAgop(l, centred: false));
                        Assert.InRange(Distance(Materialize(point.Agop(l, centring), 11), reference), 0.0, tolerance * scale);
                        Assert.Equal(Enumerable.Range(0, reference.GetLength(0)).Sum(i => reference[i, i]), traces[l], 10 * tolerance * scale);
                    }
                }
            }
        }
    }

    [Fact]
    public void Three_points_worked_by_hand()
    {
        // z = V relu(W x), W = [1 1; 1 −1], V = [1 2; 0 1]. Both units are on at (2, 1), the first at (1, 2), the second at (−1, −2), so that J is [3 −1; 1 −1], [1 1; 0 0] and [2 −2; 1 −1].
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 2, 2], Biases = false });
        Tensor<double> points = new([2, 1, 1, 2, -1, -2], 3, 2);
        Objective objective = Objective.Create(network, points, [0, 1, 0], new MeanSquaredError(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, 1), new ObjectiveOptions());
        using Linearization point = objective.Linearize([1, 1, 1, -1, 1, 2, 0, 1]);
        Close(new double[,] { { 16.0 / 3, -8.0 / 3 }, { -8.0 / 3, 8.0 / 3 } }, point.Agop(0));
        Close(new double[,] { { 8.0 / 9, -8.0 / 9 }, { -8.0 / 9, 16.0 / 9 } }, point.Agop(0, Centring.SampleMean));
        Close(new double[,] { { 1, 2 }, { 2, 5 } }, point.Agop(1));
        Assert.Equal(0.0, Norm(Materialize(point.Agop(1, Centring.SampleMean), 2)), 1e-15);
        Assert.Equal([8.0, 6.0], point.AgopTraces([0, 1]).Select(static trace => Math.Round(trace, 12)));
        Assert.Equal(24.0 / 9, point.AgopTraces([0], Centring.SampleMean)[0], 1e-14);

        static void Close(double[,] expected, Numerics.Operators.LinearOperator actual) => Assert.InRange(Distance(Materialize(actual, 2), expected), 0.0, 1e-14);
    }

    [Fact]
    public void Only_layers_whose_input_goes_elsewhere_share_it()
    {
        Network network = Problems["residual perceptron"].Value.Network;
        Assert.Equal([true, true, true, false, false], network.WeightLayers.OrderBy(static layer => layer.Weight.Offset).Select(network.SharesInput));
    }

    [Fact]
    public void Layers_and_centrings_that_do_not_exist_are_refused()
    {
        using Linearization point = Problems["tanh perceptron"].Value.Linearize(1, new ObjectiveOptions());
        Assert.Throws<ArgumentOutOfRangeException>(() => point.Agop(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => point.Agop(0, (Centring)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => point.VisitInputJacobians(-1, static (_, _) => { }));
        Assert.Throws<ArgumentException>(() => point.AgopTraces([]));
    }

    private static int Block(INetworkDescription n, int source, int channels, Activation activation) =>
        n.Activation(n.Sum(source, n.Convolution(n.Activation(n.Convolution(source, channels, 3, padding: 1), activation), channels, 3, padding: 1)), activation);

    private static void Projection(INetworkDescription n)
    {
        int h = n.Activation(n.Convolution(n.Input, 3, 3, padding: 1), Activation.Relu);
        int branch = n.Convolution(n.Activation(n.BatchNorm(n.Convolution(h, 4, 3, stride: 2, padding: 1)), Activation.Relu), 4, 3, padding: 1);
        n.Dense(n.GlobalAveragePool(n.Activation(n.Sum(n.Convolution(h, 4, 1, stride: 2), branch), Activation.Tanh)), 3);
    }

    // Kept and recomputed activations, several threads and ragged slices, both precisions.
    private static IEnumerable<(Linearization Point, double Tolerance)> Points(NetworkProblem problem)
    {
        yield return (problem.Linearize(1, new ObjectiveOptions()), DoubleTolerance);
        yield return (problem.Linearize(2, new ObjectiveOptions { SliceRows = 2 }), DoubleTolerance);
        yield return (problem.Linearize(3, new ObjectiveOptions { SliceRows = 4, ActivationBudget = 0 }), DoubleTolerance);
        yield return (problem.Linearize(2, new ObjectiveOptions { SliceRows = 4, Precision = Precision.Float32 }), SingleTolerance);
    }

    private static double[,] Visited(Linearization point, int weightLayer)
    {
        int outputs = point.Objective.Network.OutputSize;
        double[,] all = new double[point.Objective.SampleCount * outputs, point.Objective.Network.WeightLayers[weightLayer].InputSize];
        point.VisitInputJacobians(weightLayer, (first, rows) =>
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int j = 0; j < rows.Columns; j++)
                    all[(first * outputs) + i, j] = rows[i, j];
            }
        });
        return all;
    }
}
