using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Small layers of imported graphs on numbers worked out by hand, at the edges of what they take, and in what they refuse.</summary>
public sealed class JoinAndProductLayerTests
{
    private static readonly Compute OneThread = new(BlasBackends.Load(BlasChoice.Managed).Backend, 1);

    [Fact]
    public void A_softmax_stands_a_thousand_either_way()
    {
        SoftmaxLayer layer = new("softmax", 6, 3);
        double e = Math.Exp(-1.0);
        double[] y = LayerProbe.Value(layer, [1000.0, -1000.0, 999.0, -1000.0, -1000.0, -1000.0], [], keep: true);
        double[] expected = [1.0 / (1.0 + e), 0.0, e / (1.0 + e), 1.0 / 3, 1.0 / 3, 1.0 / 3];
        Assert.All(y.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-15));
        Assert.Equal([0, 0, 0], LayerProbe.Pullback(layer, [1000.0, -1000.0, 0.0, 1.0, 1.0, 1.0], [], [5, 7, 9, 1, 1, 1])[..3]);
    }

    [Fact]
    public void A_masked_entry_of_a_softmax_has_no_share_and_sends_nothing()
    {
        SoftmaxLayer layer = new("softmax", 3, 3);
        Assert.Equal([0.5f, 0f, 0.5f], LayerProbe.Value(layer, [2f, float.NegativeInfinity, 2f], [], keep: true));
        Assert.Equal([-0.25, 0, 0.25], LayerProbe.Pullback(layer, [2.0, double.NegativeInfinity, 2.0], [], [1, 100, 2]));
    }

    [Fact]
    public void The_logarithm_of_a_softmax_stands_a_thousand_either_way()
    {
        LogSoftmaxLayer layer = new("logsoftmax", 3, 3);
        Assert.Equal([0, -1000, -2000], LayerProbe.Value(layer, [1000.0, 0.0, -1000.0], [], keep: true));
        Assert.Equal([0f, -1000f, -2000f], LayerProbe.Value(layer, [1000f, 0f, -1000f], [], keep: false));
        Assert.Equal([-5, 2, 3], LayerProbe.Pullback(layer, [1000.0, 0.0, -1000.0], [], [1, 2, 3]));
    }

    [Fact]
    public void A_selection_copies_and_its_pullback_sums_in_double_what_single_precision_would_lose()
    {
        SelectLayer layer = new("select", 3, [2, SelectLayer.Nothing, 0, 0]);
        Assert.Equal([3, 0, 1, 1, 6, 0, 4, 4], LayerProbe.Value(layer, [1.0, 2, 3, 4, 5, 6], [], keep: true));
        Assert.Equal([7, 0, 1], LayerProbe.Pullback(layer, [1.0, 2, 3], [], [1, 2, 3, 4]));
        // 2²⁴ + 1 is no single-precision number.
        SelectLayer spread = new("spread", 1, new int[9]);
        Assert.Equal([16_777_224f], LayerProbe.Pullback(spread, [1f], [], [16_777_216, 1, 1, 1, 1, 1, 1, 1, 1]));
    }

    // Runs of a dozen entries, forwards and turned about, with zeros between; once with and once without repeats.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Long_runs_are_selected_as_single_entries_are(bool repeats)
    {
        int[] indices = [.. Enumerable.Range(12, 12), .. Enumerable.Repeat(SelectLayer.Nothing, 15), .. Enumerable.Range(0, 11), 30, 29, .. Enumerable.Range(repeats ? 20 : 31, 9)];
        SelectLayer layer = new("select", 40, indices);
        double[] x = [.. Enumerable.Range(0, 80).Select(static i => i + 0.5)], cotangent = [.. Enumerable.Range(0, 2 * indices.Length).Select(static i => i - 7.25)];
        double[] expected = [.. Enumerable.Range(0, cotangent.Length).Select(i => indices[i % indices.Length] < 0 ? 0.0 : x[(i / indices.Length * 40) + indices[i % indices.Length]])];
        double[] below = new double[80];
        for (int i = 0; i < cotangent.Length; i++)
        {
            if (indices[i % indices.Length] >= 0)
                below[(i / indices.Length * 40) + indices[i % indices.Length]] += cotangent[i];
        }
        Assert.Equal(expected, LayerProbe.Value(layer, x, [], keep: true));
        Assert.Equal(expected, LayerProbe.Tangent(layer, x, [], x));
        Assert.Equal(below, LayerProbe.Pullback(layer, x, [], cotangent));
    }

    [Fact]
    public void A_reduction_sums_in_double_what_single_precision_would_lose()
    {
        ReduceLayer layer = new("reduce", 10, 2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0.5);
        Assert.Equal([8_388_612f, 3.5f], LayerProbe.Value(layer, [16_777_216, 1, 1, 1, 1, 1, 1, 1, 1, 7f], [], keep: true));
        Assert.Equal([1f, 1, 1, 1, 1, 1, 1, 1, 1, 2], LayerProbe.Pullback(layer, new float[10], [], [2f, 4f]));
    }

    [Fact]
    public void A_constant_may_mask_with_infinity_and_not_with_NaN()
    {
        AffineLayer layer = new("mask", [1, 0], [double.NegativeInfinity, 3]);
        Assert.Equal([double.NegativeInfinity, 3], LayerProbe.Value(layer, [5.0, 7.0], [], keep: true));
        Assert.Equal([5, 0], LayerProbe.Pullback(layer, [5.0, 7.0], [], [5, 7]));
        Assert.Throws<ArgumentException>(() => new AffineLayer("mask", [1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => new AffineLayer("mask", [double.PositiveInfinity], [1]));
        Assert.Throws<ArgumentException>(() => new AffineLayer("mask", [1, 2], [1]));
    }

    [Fact]
    public void Products_by_hand()
    {
        Assert.Equal([5, 12], LayerProbe.Value(new ProductLayer("product", 2), [1.0, 2, 5, 6], [], keep: true));
        Assert.Equal([50, 120, 10, 40], LayerProbe.Pullback(new ProductLayer("product", 2), [1.0, 2, 5, 6], [], [10, 20]));
        // Two of (1 × 2)(2 × 1).
        BatchedProductLayer batched = new("products", 2, 1, 2, 1);
        Assert.Equal([17, 53], LayerProbe.Value(batched, [1.0, 2, 3, 4, 5, 6, 7, 8], [], keep: true));
        Assert.Equal([50, 60, 140, 160, 10, 20, 60, 80], LayerProbe.Pullback(batched, [1.0, 2, 3, 4, 5, 6, 7, 8], [], [10, 20]));
    }

    // Samples that do not follow each other in memory, and single ones.
    [Fact]
    public void A_dense_layer_at_several_positions_is_the_same_at_each()
    {
        const int Positions = 3, Inputs = 2, Outputs = 2, Samples = 2;
        double[] parameters = [1, 2, -3, 0.5, 10, 20];
        DenseLayer layer = new("dense", new ParameterBlock("weight", 0, [Outputs, Inputs], false), new ParameterBlock("bias", 4, [Outputs], true), 0, Positions);
        Assert.Equal((Positions, Positions * Inputs, Positions * Outputs), (layer.Positions, layer.InputSize, layer.OutputSize));
        double[] spaced = [1, 2, 3, 4, 5, 6, double.NaN, -1, 0, 1, 1, 2, -2];
        ReadOnlyMatrixSpan<double> x = new(spaced, Samples, Positions * Inputs, 7);
        double[] expected = [.. Enumerable.Range(0, Samples * Positions).SelectMany(i => Apply(parameters, spaced[(i / Positions * 7) + (i % Positions * 2)], spaced[(i / Positions * 7) + (i % Positions * 2) + 1]))];
        Assert.Equal(expected, layer.Outputs(x, parameters, OneThread).Span.ToArray());
        double[] packed = [.. spaced[..6], .. spaced[7..]];
        Assert.Equal(expected, LayerProbe.Value(layer, packed, parameters, keep: true));

        // Σ over positions of δ ⊗ x, for δ = 1 and 2 at each of a sample's positions.
        double[] cotangents = [.. Enumerable.Range(0, Samples * Positions).SelectMany(static _ => new[] { 1.0, 2.0 })];
        Tensor<double> gradients = layer.WeightGradients(x, new ReadOnlyMatrixSpan<double>(cotangents, Samples, Positions * Outputs), OneThread);
        Assert.Equal([9, 12, 18, 24, 2, -1, 4, -2], gradients.Span.ToArray());
        Assert.Equal([.. Enumerable.Range(0, 6).SelectMany(static _ => new[] { -5.0, 3.0 })], LayerProbe.Pullback(layer, packed, parameters, cotangents));

        static double[] Apply(double[] p, double a, double b) => [(p[0] * a) + (p[1] * b) + p[4], (p[2] * a) + (p[3] * b) + p[5]];
    }

    [Fact]
    public void Layers_refuse_what_is_no_layer()
    {
        Assert.Throws<ArgumentException>(() => new ConcatLayer("concat", [3]));
        Assert.Throws<ArgumentException>(() => new ConcatLayer("concat", [3, 0]));
        Assert.Throws<OverflowException>(() => new ConcatLayer("concat", [int.MaxValue, 2]));
        Assert.Throws<ArgumentException>(() => new SelectLayer("select", 3, []));
        Assert.Throws<ArgumentException>(() => new SelectLayer("select", 3, [3]));
        Assert.Throws<ArgumentException>(() => new SelectLayer("select", 3, [-2]));
        Assert.Throws<ArgumentException>(() => new ReduceLayer("reduce", 3, 2, [0, 1], 1.0));
        Assert.Throws<ArgumentException>(() => new ReduceLayer("reduce", 2, 2, [0, 2], 1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceLayer("reduce", 2, 2, [0, 1], double.NaN));
        Assert.Throws<ArgumentException>(() => new SoftmaxLayer("softmax", 6, 4));
        Assert.Throws<ArgumentException>(() => new LogSoftmaxLayer("logsoftmax", 6, 0));
        Assert.Throws<ArgumentException>(() => new BatchedProductLayer("products", 1, 0, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProductLayer("product", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseLayer("dense", new ParameterBlock("weight", 0, [2, 2], false), null, 0, positions: 0));
        ParameterBlock block = new("b", 0, [2], true);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNormLayer("norm", 2, block, block, 0, block, block, epsilon: -1.0));
    }

    [Fact]
    public void What_nobody_reads_is_left_out()
    {
        Network network = NetworkBuilder.Build(static builder =>
        {
            int a = builder.Dense(NetworkBuilder.Input, "a", 2, 2, biased: false);
            int unread = builder.Add(builder.Add(a, new SelectLayer("unread", 2, [0])), new FunctionLayer("unread too", 1, new AbsFunction()));
            int b = builder.Activation(a, "a", 2, Activation.Tanh);
            builder.Add(NetworkBuilder.Input, new SelectLayer("unread of the input", 2, [1]));
            builder.Concat("join", [b, NetworkBuilder.Input, a]);
            Assert.Equal(3, unread);
        });
        Assert.Equal(["a", "a.tanh", "join"], network.Layers.Select(static layer => layer.Name));
        Assert.Equal([2, 0, 1], network.Sources(2).ToArray());
    }

    [Fact]
    public void A_network_is_refused_that_joins_a_result_to_itself_or_has_a_weight_that_acts_on_nothing()
    {
        Assert.Contains("twice", Message(static builder => builder.Concat("join", [Dense(builder, "a"), 1])), StringComparison.Ordinal);
        Assert.Contains("the logits do not depend on what layer 'a' makes", Message(static builder =>
        {
            Dense(builder, "a");
            Dense(builder, "b");
        }), StringComparison.Ordinal);
        Assert.Contains("two parameters are named 'a.weight'", Message(static builder => builder.Concat("join", [Dense(builder, "a"), Dense(builder, "a")])), StringComparison.Ordinal);

        static int Dense(NetworkBuilder builder, string name) => builder.Dense(NetworkBuilder.Input, name, 2, 2, biased: false);

        static string Message(Action<NetworkBuilder> describe) => Assert.Throws<ArgumentException>(() => NetworkBuilder.Build(describe)).Message;
    }

    [Fact]
    public void Blocks_take_the_names_they_are_given()
    {
        Network network = NetworkBuilder.Build(static builder =>
        {
            int image = builder.Convolution(NetworkBuilder.Input, "c", ConvolutionShape.Centered(new ImageShape(1, 2, 2), 2, 1), biased: true, new BlockNames { Weight = "conv.w", Bias = "conv.b" });
            int norm = builder.BatchNorm(image, "n", new ImageShape(2, 2, 2), 0.5, new BlockNames { Scale = "gamma", Shift = "beta", Mean = "mu", Variance = "var" });
            int layerNorm = builder.LayerNorm(norm, "l", 8, 2, 0.25, new BlockNames { Scale = "g" });
            builder.Dense(layerNorm, "d", 2, 3, biased: true, positions: 4, new BlockNames { Bias = "onnx::Add_7" });
        });
        Assert.Equal(["conv.w", "conv.b", "gamma", "beta", "g", "l.shift", "d.weight", "onnx::Add_7"], network.Blocks.Select(static block => block.Name));
        Assert.Equal(["mu", "var"], network.Statistics.Select(static block => block.Name));
        Assert.Equal([0.5, 0.25], [((BatchNormLayer)network.Layers[1]).Epsilon, ((LayerNormLayer)network.Layers[2]).Epsilon]);
    }
}
