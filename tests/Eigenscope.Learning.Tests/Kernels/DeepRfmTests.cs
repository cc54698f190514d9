using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Kernels;

public sealed class DeepRfmTests
{
    private const int Samples = 40;
    private const int Dimension = 6;
    private const int Classes = 3;
    private static readonly int[] Labels = [.. Enumerable.Range(0, Samples).Select(static i => i % Classes)];

    [Theory]
    [InlineData(FeatureMapKind.Relu)]
    [InlineData(FeatureMapKind.Cosine)]
    public void The_network_it_builds_has_its_layers_inputs(FeatureMapKind kind)
    {
        List<Tensor<double>> inputs = [];
        Tensor<double> points = Points(1, Samples);
        DeepRfmModel model = Fit(points, kind, layer => inputs.Add(layer.Input));
        (Network network, double[] parameters) = model.ToNetwork(1e-3, TestCompute.Single);
        using Linearization point = Objective(network, points).Linearize(parameters);
        Assert.Equal(["1", "2", "3", "head"], network.WeightLayers.Select(static layer => layer.Name));
        for (int l = 0; l < inputs.Count; l++)
            AssertClose(inputs[l], point.LayerInput(l), 1e-12);
        Tensor<double> last = point.LayerInput(3);
        // The head's normal equations: Φ̂ᵀ (Φ̂ w − Y) + μ w = 0, written out.
        for (int c = 0; c < Classes; c++)
        {
            ReadOnlySpan<double> w = parameters.AsSpan(network.WeightLayers[3].Weight.Offset + (c * last.Columns), last.Columns);
            for (int j = 0; j < last.Columns; j++)
            {
                double sum = 1e-3 * w[j];
                for (int i = 0; i < Samples; i++)
                    sum += last[i, j] * (System.Numerics.Tensors.TensorPrimitives.Dot<double>(last.Row(i), w) - Targets()[i, c]);
                Assert.Equal(0.0, sum, 1e-9);
            }
        }
    }

    [Theory]
    [InlineData(FeatureMapKind.Relu)]
    [InlineData(FeatureMapKind.Cosine)]
    public void Hessian_products_through_unit_norms_and_cosines_agree_with_differences_of_gradients(FeatureMapKind kind)
    {
        Tensor<double> points = Points(2, 12);
        Network network = Network.UnitNormChain([Dimension, 5, 4, Classes], kind == FeatureMapKind.Cosine);
        double[] parameters = network.Initialize(new InitializationOptions(), new RandomStream(3)), direction = new double[parameters.Length], product = new double[parameters.Length];
        new RandomStream(4).FillNormal(parameters);
        new RandomStream(5).FillNormal(direction);
        Objective objective = Learning.Derivatives.Objective.Create(network, points, Labels[..12], new CrossEntropy(), TestCompute.Single, new ObjectiveOptions());
        using Linearization point = objective.Linearize(parameters);
        point.Hessian().Apply(direction, product);
        // Fourth-order differences with step h = 1e-5, so short that no ReLU switches on the way: rounding of eps/h = 2e-11.
        const double h = 1e-5;
        double[][] gradients = [.. new[] { -2.0, -1.0, 1.0, 2.0 }.Select(step => Gradient(objective, parameters, direction, step * h))];
        double scale = product.Max(Math.Abs);
        for (int i = 0; i < product.Length; i++)
        {
            double difference = (gradients[0][i] - (8 * gradients[1][i]) + (8 * gradients[2][i]) - gradients[3][i]) / (12 * h);
            Assert.InRange(Math.Abs(difference - product[i]) / scale, 0.0, 1e-7);
        }
    }

    [Fact]
    public void More_layers_change_none_before_and_test_points_take_the_same_way()
    {
        Tensor<double> points = Points(6, Samples);
        List<DeepRfmLayer> few = [], many = [];
        DeepRfm.Fit(points, Targets(), points, Options(FeatureMapKind.Relu) with { Layers = 2 }, TestCompute.Single, new RandomStream(7), few.Add);
        DeepRfm.Fit(points, Targets(), points, Options(FeatureMapKind.Relu) with { Layers = 3 }, TestCompute.Single, new RandomStream(7), many.Add);
        for (int l = 0; l < 2; l++)
        {
            Assert.Equal(few[l].Features.Span.ToArray(), many[l].Features.Span.ToArray());
            Assert.Equal(many[l].Input.Span.ToArray(), many[l].TestInput!.Span.ToArray());
            AssertClose(many[l].Machine.Predict(many[l].Input.AsMatrix()), many[l].TrainOutputs, 1e-12);
        }
    }

    [Fact]
    public void A_layer_is_the_recipe_written_out()
    {
        DeepRfmLayer? layer = null;
        Tensor<double> points = Points(8, Samples);
        DeepRfm.Fit(points, Targets(), null, Options(FeatureMapKind.Relu) with { Layers = 1 }, TestCompute.Single, new RandomStream(9), visited => layer = visited);
        for (int i = 0; i < Samples; i++)
            Assert.Equal(1.0, System.Numerics.Tensors.TensorPrimitives.Norm<double>(layer!.Input.Row(i)), 1e-14);
        // M = G / max G, so its root's square times the largest entry of G is G.
        Tensor<double> agop = layer!.Agop.Mean();
        double largest = agop.Span.ToArray().Max();
        for (int a = 0; a < Dimension; a++)
        {
            for (int b = 0; b < Dimension; b++)
                Assert.Equal(agop[a, b] / largest, Enumerable.Range(0, Dimension).Sum(k => layer.Root[a, k] * layer.Root[k, b]), 1e-12);
        }
        for (int i = 0; i < Samples; i++)
        {
            for (int a = 0; a < Dimension; a++)
                Assert.Equal(Enumerable.Range(0, Dimension).Sum(k => layer.Input[i, k] * layer.Root[k, a]), layer.Mapped[i, a], 1e-12);
        }
        Assert.All(layer.Features.Span.ToArray(), value => Assert.True(value >= 0.0));
    }

    [Fact]
    public void More_fits_than_one_are_all_answered_for()
    {
        List<DeepRfmLayer> layers = [];
        DeepRfm.Fit(Points(11, Samples), Targets(), null, Options(FeatureMapKind.Relu) with { Layers = 1, Fits = 3 }, TestCompute.Single, new RandomStream(0), layers.Add);
        Assert.Equal(3, layers[0].Verdicts.Count);
        Assert.False(layers[0].Machine.Metric.IsIdentity);
        // A linear kernel under a metric of rank K is singular for more points than K: the second fit fails, and no metric of the first is passed off as its own.
        DeepRfmOptions singular = Options(FeatureMapKind.Relu) with { Fits = 2, Rfm = new RfmOptions { Kernel = new PolynomialKernel(1.0, 0.0, 1), Ridge = new RidgeOptions { Ridge = 0.0 } } };
        Tensor<double> few = new(Points(12, 5).Span[..(5 * Dimension)].ToArray(), 5, Dimension), targets = new(Targets().Span[..(5 * Classes)].ToArray(), 5, Classes);
        Assert.Contains("not positive definite", Assert.Throws<LinearAlgebraException>(() => DeepRfm.Fit(few, targets, null, singular, TestCompute.Single, new RandomStream(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_told()
    {
        Tensor<double> points = Points(10, Samples), zero = new(Samples, Classes);
        Assert.Contains("gradient is zero", Assert.Throws<ArgumentException>(() => DeepRfm.Fit(points, zero, null, Options(FeatureMapKind.Relu), TestCompute.Single, new RandomStream(0))).Message, StringComparison.Ordinal);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => DeepRfm.Fit(points, Targets(), null, new DeepRfmOptions { Layers = 0 }, TestCompute.Single, new RandomStream(0))).ParamName);
        Assert.Equal("testInputs", Assert.Throws<ArgumentException>(() => DeepRfm.Fit(points, Targets(), new Tensor<double>(2, 1), Options(FeatureMapKind.Relu), TestCompute.Single, new RandomStream(0))).ParamName);
        Assert.Equal("ridge", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(points, FeatureMapKind.Relu, null).ToNetwork(0.0, TestCompute.Single)).ParamName);
    }

    private static double[] Gradient(Objective objective, double[] parameters, double[] direction, double step)
    {
        using Linearization point = objective.Linearize([.. parameters.Zip(direction, (p, v) => p + (step * v))]);
        return point.Gradient.ToArray();
    }

    private static DeepRfmModel Fit(Tensor<double> points, FeatureMapKind kind, Action<DeepRfmLayer>? visit) =>
        DeepRfm.Fit(points, Targets(), null, Options(kind), TestCompute.Single, new RandomStream(0), visit);

    private static DeepRfmOptions Options(FeatureMapKind kind) => new() { Layers = 3, Width = 8, Features = kind, CauchyScale = 0.5 };

    private static Objective Objective(Network network, Tensor<double> points) =>
        Learning.Derivatives.Objective.Create(network, points, Labels, new MeanSquaredError(TargetCoding.PlusMinusOne), TestCompute.Single, new ObjectiveOptions());

    private static Tensor<double> Targets()
    {
        Tensor<double> targets = new(Samples, Classes);
        targets.Span.Fill(-1.0);
        for (int i = 0; i < Samples; i++)
            targets[i, Labels[i]] = 1.0;
        return targets;
    }

    private static Tensor<double> Points(ulong seed, int samples)
    {
        Tensor<double> points = new(samples, Dimension);
        new RandomStream(seed).FillNormal(points.Span);
        for (int i = 0; i < samples; i++)
            points[i, Labels[i]] += 3.0;
        return points;
    }

    private static void AssertClose(Tensor<double> expected, Tensor<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected.Span[i], actual.Span[i], tolerance);
    }
}
