using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class CollapseStepsTests
{
    private const double ReferenceUnits = 2e4;

    [Theory]
    [InlineData(3, 6)]
    [InlineData(6, 6)]
    [InlineData(15, 6)]
    [InlineData(1, 6)]
    public void Right_is_the_ratio_of_the_mapped_samples_and_left_that_of_the_activations(int outputs, int inputs)
    {
        Samples samples = Samples.Gaussian((ulong)outputs, 4, inputs, 400);
        RandomStream random = new(50);
        Tensor<double> weight = new(outputs, inputs);
        random.FillNormal(weight.Span);
        double[] bias = new double[outputs];
        random.FillNormal(bias);
        CollapseSteps steps = Measure(samples, weight, bias, Relu);
        double[][] rows = Textbook.Rows(samples.Features);
        double[][] mapped = Textbook.Product(rows, Textbook.Transpose(Textbook.Rows(weight)));
        double[][] activated = mapped.Select(r => r.Zip(bias, (v, b) => Math.Max(0, v + b)).ToArray()).ToArray();
        Near.Equal(Textbook.TraceRatio(rows, samples.Labels, 4), steps.Base, ReferenceUnits);
        Near.Equal(Textbook.TraceRatio(mapped, samples.Labels, 4), steps.Right, ReferenceUnits);
        Near.Equal(Textbook.TraceRatio(activated, samples.Labels, 4), steps.Left, ReferenceUnits);
    }

    [Fact]
    public void A_projection_that_removes_half_the_noise_halves_the_ratio()
    {
        // Means ±(1, 0, 0), noise along the second and third axis; the weight keeps the first two and mixes them.
        Samples samples = Samples.Around([[1.0, 0, 0], [-1, 0, 0]], [0, 1, 0], [0, 0, 1]);
        Tensor<double> weight = new([0.6, -0.8, 0, 0.8, 0.6, 0], 2, 3);
        CollapseSteps steps = Measure(samples, weight, [], Relu);
        Near.Equal(1.0, steps.Base, 8);
        Near.Equal(0.5, steps.Right, 8);
    }

    [Fact]
    public void The_share_is_taken_in_logarithms()
    {
        CollapseSteps steps = CollapseSteps.Nonlinear(Number.Of(1.0), Number.Of(Math.Exp(-1.5)), Number.Of(Math.Exp(-2.0)));
        Near.Equal(0.75, steps.RightShare, 4);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.91)]
    [InlineData(2.0)]
    public void A_layer_that_hardly_collapses_has_no_share(double left) =>
        Near.Undefined("ln NC1 drops by less than 0.1 over the layer", CollapseSteps.Nonlinear(Number.Of(1.0), Number.Of(0.5), Number.Of(left)).RightShare);

    [Fact]
    public void A_drop_just_above_the_threshold_has_a_share() =>
        Assert.True(CollapseSteps.Nonlinear(Number.Of(1.0), Number.Of(0.5), Number.Of(Math.Exp(-0.1001))).RightShare.IsDefined);

    [Fact]
    public void A_linear_layer_collapses_through_its_weight_alone()
    {
        Samples samples = Samples.Gaussian(51, 3, 5, 10);
        Tensor<double> weight = new(4, 5);
        new RandomStream(52).FillNormal(weight.Span);
        CollapseSteps steps = Measure(samples, weight, [1, 2, 3, 4], null);
        Assert.Equal(1.0, steps.RightShare.Value);
        Assert.Equal(steps.Right, steps.Left);
        double[][] mapped = Textbook.Product(Textbook.Rows(samples.Features), Textbook.Transpose(Textbook.Rows(weight)));
        Near.Equal(Textbook.TraceRatio(mapped, samples.Labels, 3), steps.Left, ReferenceUnits);
    }

    [Fact]
    public void A_zero_weight_leaves_nothing_to_divide_by()
    {
        CollapseSteps steps = Measure(Samples.Gaussian(53, 3, 5, 10), new Tensor<double>(4, 5), [], Relu);
        Near.Undefined("the class means coincide after the weight", steps.Right);
        Near.Undefined("the class means coincide", steps.Left);
        Assert.False(steps.RightShare.IsDefined);
    }

    [Fact]
    public void A_weight_blind_to_the_means_leaves_nothing_to_divide_by()
    {
        Samples samples = Samples.Around([[0.1, 7, 0.3], [0.7, 7, 0.9]], [0.0, 1, 0]);
        // (1, ·, −1) is the same for both means, up to rounding.
        CollapseSteps steps = Measure(samples, new Tensor<double>([1, 0.1, -1], 1, 3), [], null);
        Near.Undefined("the class means coincide after the weight", steps.RightShare);
    }

    [Fact]
    public void Complete_collapse_has_no_logarithm()
    {
        CollapseSteps steps = Measure(Samples.Around([[1.0, 0], [0, 1]]), new Tensor<double>([1, 0, 0, 1], 2, 2), [], Relu);
        Near.Undefined("an NC1 of exactly zero has no logarithm", steps.RightShare);
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Samples samples = Samples.Gaussian(54, 3, 5, 10);
        Assert.Throws<ArgumentException>(() => Measure(samples, new Tensor<double>(4, 6), [], Relu));
        Assert.Throws<ArgumentException>(() => Measure(samples, Ones(4, 5), [1, 2], Relu));
    }

    private static CollapseSteps Measure(Samples samples, Tensor<double> weight, double[] bias, ElementwiseActivation? activation) =>
        CollapseSteps.Measure(samples.Features.AsMatrix(), samples.Labels, samples.Classes, weight.AsMatrix(), bias, activation, TestCompute.Instance);

    private static Tensor<double> Ones(int rows, int columns) => new(Enumerable.Repeat(1.0, rows * columns).ToArray(), rows, columns);

    private static void Relu(Span<double> values)
    {
        foreach (ref double value in values)
            value = Math.Max(0.0, value);
    }
}
