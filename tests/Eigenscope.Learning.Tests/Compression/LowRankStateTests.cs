using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Compression;

/// <summary>Networks of factors against forward passes written here, and truncated weights against matrices whose singular values are prescribed.</summary>
public sealed class LowRankStateTests
{
    private const double Tolerance = 1e-12;
    private static readonly double[] Sigma = [4.0, 2.0, 1.0, 0.5, 0.25];

    [Fact]
    public void A_truncated_weight_is_as_far_as_Eckart_and_Young_say()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [7, 5], Biases = false });
        double[] weight = Prescribed(5, 7);
        WeightDecomposition decomposition = WeightDecomposition.Of(network.WeightLayers[0], weight, TestCompute.Single);
        for (int j = 0; j < Sigma.Length; j++)
            Assert.Equal(Sigma[j], decomposition.SingularValues[j], Tolerance);
        for (int rank = 1; rank <= Sigma.Length; rank++)
        {
            double[] truncated = [.. weight];
            decomposition.Truncate(rank, truncated, TestCompute.Single);
            double distance = Math.Sqrt(weight.Zip(truncated, static (a, b) => (a - b) * (a - b)).Sum());
            Assert.Equal(Math.Sqrt(Sigma.Skip(rank).Sum(static s => s * s)), distance, Tolerance);
            Assert.Equal(Math.Sqrt(Sigma.Take(rank).Sum(static s => s * s)), Math.Sqrt(truncated.Sum(static w => w * w)), Tolerance);
        }
    }

    // 5 · 7 = 35 numbers: factors of rank 2 have 24, of rank 3 have 36.
    [Fact]
    public void Factors_are_taken_only_where_they_hold_fewer_numbers()
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [7, 5], Biases = false });
        WeightDecomposition decomposition = WeightDecomposition.Of(network.WeightLayers[0], Prescribed(5, 7), TestCompute.Single);
        Assert.Equal([12, 24, 35, 35, 35], Enumerable.Range(1, 5).Select(decomposition.Size));
        Assert.Equal([true, true, false, false, false], Enumerable.Range(1, 5).Select(decomposition.Saves));
        Assert.Equal(2, decomposition.LargestSavingRank);
        Assert.Throws<ArgumentOutOfRangeException>(() => decomposition.Factors(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => decomposition.Factors(6));
    }

    [Fact]
    public void A_perceptron_of_factors_computes_with_their_product()
    {
        MlpOptions options = new() { Widths = [6, 8, 3], Activation = Activation.Tanh };
        Network network = Network.Mlp(options);
        double[] state = Drawn(network);
        Network factored = Network.Mlp(options with { Ranks = new Dictionary<string, int> { ["1"] = 2 } });
        double[] factors = LowRankState.Of(network, state, [WeightDecomposition.Of(network.WeightLayers[0], state, TestCompute.Single)], factored);
        Assert.Equal((2 * (6 + 8)) + 8 + (8 * 3) + 3, factored.ParameterCount);
        Assert.Equal(["1.right", "1.left", "2"], factored.WeightLayers.Select(static layer => layer.Name));
        Assert.True(factored.FeedsDirectly(factored.WeightLayers[0], factored.WeightLayers[1]));

        Tensor<double> inputs = Inputs(5, 6);
        double[,] product = Product(factored, factors, "1");
        double[] expected = [.. Enumerable.Range(0, 5).SelectMany(i => Perceptron(network, state, product, inputs.Row(i).ToArray()))];
        AssertNear(expected, Logits(factored, factors, inputs));
        AssertNear(Gram(product), Gram(Truncated(network, state, rank: 2)));
    }

    // Full ranks change nothing but rounding, in a network with two convolutions and in one with a residual join.
    [Theory]
    [InlineData(ImageModel.LeNet5, 16, new[] { "conv1", "conv2", "head.1", "head.2" })]
    [InlineData(ImageModel.ResNet8, 6, new[] { "conv1", "stage2.0.conv1", "stage2.0.shortcut", "head" })]
    public void Factors_of_full_rank_give_the_same_logits(ImageModel model, int size, string[] names)
    {
        ImageModelOptions options = new() { Model = model, SampleShape = [2, size, size], Classes = 3, Channels = 2, Head = new HeadOptions { Width = 7 } };
        Network network = Network.ForImages(options);
        double[] state = Drawn(network);
        WeightDecomposition[] parts = [.. network.WeightLayers.Where(layer => names.Contains(layer.Name)).Select(layer => WeightDecomposition.Of(layer, state, TestCompute.Single))];
        Network factored = Network.ForImages(options with { Ranks = parts.ToDictionary(static part => part.Layer.Name, static part => Math.Min(part.Rows, part.Columns)) });
        double[] factors = LowRankState.Of(network, state, parts, factored);
        Tensor<double> inputs = Inputs(4, 2 * size * size);
        AssertNear(Logits(network, state, inputs), Logits(factored, factors, inputs));
    }

    [Fact]
    public void A_convolution_of_factors_computes_with_their_product()
    {
        ImageModelOptions options = new() { Model = ImageModel.LeNet5, SampleShape = [1, 16, 16], Classes = 3, Channels = 4, Head = new HeadOptions { Depth = 1 } };
        Network network = Network.ForImages(options);
        double[] state = Drawn(network);
        WeightDecomposition part = WeightDecomposition.Of(network.WeightLayers[1], state, TestCompute.Single);
        Network factored = Network.ForImages(options with { Ranks = new Dictionary<string, int> { ["conv2"] = 3 } });
        double[] factors = LowRankState.Of(network, state, [part], factored);
        Assert.Equal(network.ParameterCount - (10 * 100) + (3 * 110), factored.ParameterCount);

        double[] replaced = [.. state];
        double[,] product = Product(factored, factors, "conv2");
        Buffer.BlockCopy(product, 0, replaced, part.Layer.Weight.Offset * sizeof(double), product.Length * sizeof(double));
        Tensor<double> inputs = Inputs(3, 256);
        AssertNear(Logits(network, replaced, inputs), Logits(factored, factors, inputs));
    }

    [Fact]
    public void Ranks_that_no_layer_can_have_are_refused_by_name()
    {
        MlpOptions options = new() { Widths = [6, 8, 3] };
        foreach ((string name, int rank, string word) in new[] { ("3", 1, "'3'"), ("1", 7, "from 1 to 6"), ("2", 0, "from 1 to 3") })
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => Network.Mlp(options with { Ranks = new Dictionary<string, int> { [name] = rank } }));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_state_of_another_network_or_a_missing_decomposition_is_refused()
    {
        MlpOptions options = new() { Widths = [6, 8, 3] };
        Network network = Network.Mlp(options), factored = Network.Mlp(options with { Ranks = new Dictionary<string, int> { ["1"] = 2 } });
        Assert.Throws<ArgumentException>(() => LowRankState.Of(network, new double[3], [], factored));
        Assert.Throws<ArgumentException>(() => LowRankState.Of(network, Drawn(network), [], factored));
    }

    private static double[] Perceptron(Network network, double[] state, double[,] first, double[] x)
    {
        ParameterBlock bias1 = network.WeightLayers[0].Bias!, second = network.WeightLayers[1].Weight, bias2 = network.WeightLayers[1].Bias!;
        double[] hidden = new double[8], logits = new double[3];
        for (int i = 0; i < 8; i++)
            hidden[i] = Math.Tanh(state[bias1.Offset + i] + Enumerable.Range(0, 6).Sum(j => first[i, j] * x[j]));
        for (int i = 0; i < 3; i++)
            logits[i] = state[bias2.Offset + i] + Enumerable.Range(0, 8).Sum(j => state[second.Offset + (8 * i) + j] * hidden[j]);
        return logits;
    }

    private static double[,] Product(Network network, double[] state, string name)
    {
        ParameterBlock left = network.Blocks.Single(block => block.Name == $"{name}.left.weight"), right = network.Blocks.Single(block => block.Name == $"{name}.right.weight");
        int rank = right.Shape[0], columns = right.Length / rank;
        double[,] product = new double[left.Shape[0], columns];
        for (int i = 0; i < left.Shape[0]; i++)
        {
            for (int j = 0; j < columns; j++)
                product[i, j] = Enumerable.Range(0, rank).Sum(r => state[left.Offset + (rank * i) + r] * state[right.Offset + (columns * r) + j]);
        }
        return product;
    }

    // The nearest matrix of a rank by deflation: power iteration on WᵀW, which knows nothing of the library's decomposition.
    private static double[,] Truncated(Network network, double[] state, int rank)
    {
        ParameterBlock block = network.WeightLayers[0].Weight;
        double[,] rest = new double[8, 6], kept = new double[8, 6];
        Buffer.BlockCopy(state, block.Offset * sizeof(double), rest, 0, 48 * sizeof(double));
        for (int r = 0; r < rank; r++)
        {
            double[] v = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];
            double[] u = new double[8];
            for (int step = 0; step < 5000; step++)
            {
                u = [.. Enumerable.Range(0, 8).Select(i => Enumerable.Range(0, 6).Sum(j => rest[i, j] * v[j]))];
                double[] next = [.. Enumerable.Range(0, 6).Select(j => Enumerable.Range(0, 8).Sum(i => rest[i, j] * u[i]))];
                double norm = Math.Sqrt(next.Sum(static x => x * x));
                v = [.. next.Select(x => x / norm)];
            }
            u = [.. Enumerable.Range(0, 8).Select(i => Enumerable.Range(0, 6).Sum(j => rest[i, j] * v[j]))];
            for (int i = 0; i < 8; i++)
            {
                for (int j = 0; j < 6; j++)
                {
                    kept[i, j] += u[i] * v[j];
                    rest[i, j] -= u[i] * v[j];
                }
            }
        }
        return kept;
    }

    private static double[] Gram(double[,] matrix) =>
        [.. Enumerable.Range(0, 6).SelectMany(a => Enumerable.Range(0, 6).Select(b => Enumerable.Range(0, 8).Sum(i => matrix[i, a] * matrix[i, b])))];

    // U S Vᵀ with Householder reflections as U and V.
    private static double[] Prescribed(int rows, int columns)
    {
        double[,] u = Reflection(rows), v = Reflection(columns);
        return [.. Enumerable.Range(0, rows).SelectMany(i => Enumerable.Range(0, columns).Select(j => Enumerable.Range(0, Sigma.Length).Sum(k => u[i, k] * Sigma[k] * v[j, k])))];
    }

    private static double[,] Reflection(int size)
    {
        double[] w = [.. Enumerable.Range(1, size).Select(static i => 1.0 / i)];
        double square = w.Sum(static x => x * x);
        double[,] reflection = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                reflection[i, j] = (i == j ? 1.0 : 0.0) - (2.0 * w[i] * w[j] / square);
        }
        return reflection;
    }

    private static double[] Drawn(Network network)
    {
        RandomStream random = new(5);
        double[] state = network.Initialize(new InitializationOptions(), random.Split("state"));
        foreach (ParameterBlock bias in network.Blocks.Where(static block => block.Name.EndsWith(".bias", StringComparison.Ordinal)))
            random.Split(bias.Name).FillNormal(state.AsSpan(bias.Offset, bias.Length), 0.3);
        return state;
    }

    private static Tensor<double> Inputs(int samples, int size)
    {
        Tensor<double> inputs = new(samples, size);
        new RandomStream(9).FillNormal(inputs.Span, 1.0);
        return inputs;
    }

    private static double[] Logits(Network network, double[] state, Tensor<double> inputs) =>
        Objective.Create(network, inputs, new int[inputs.Rows], new CrossEntropy(), TestCompute.Single, new ObjectiveOptions()).Logits(state).Span.ToArray();

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0.0, 1e-11 * scale));
    }
}
