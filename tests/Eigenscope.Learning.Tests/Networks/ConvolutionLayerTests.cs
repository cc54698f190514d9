using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Convolutions and their derivatives against the sums that define them, written out entry by entry.</summary>
public sealed class ConvolutionLayerTests
{
    private const int Samples = 3;

    // Units of rounding that a sum may differ by, relative to the sum of its terms' magnitudes: the square root of the longest sum here, of some 3,600 terms.
    private const double RoundingFactor = 60.0;

    public static TheoryData<string> Shapes => [.. Cases.Keys];

    private static Dictionary<string, ConvolutionShape> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["3×3 centred, 16 to 16"] = ConvolutionShape.Centered(new ImageShape(16, 9, 10), 16, 3),
        ["3×3 centred, 3 to 16"] = ConvolutionShape.Centered(new ImageShape(3, 8, 7), 16, 3),
        ["3×3 centred, 32 to 32"] = ConvolutionShape.Centered(new ImageShape(32, 5, 18), 32, 3),
        ["3×3 centred, 64 to 64"] = ConvolutionShape.Centered(new ImageShape(64, 4, 4), 64, 3),
        ["3×3 centred, 48 to 24"] = ConvolutionShape.Centered(new ImageShape(48, 4, 9), 24, 3),
        ["3×3 stride 2, 16 to 48"] = ConvolutionShape.Centered(new ImageShape(16, 5, 20), 48, 3, 2),
        ["3×3 stride 2, 16 to 32, even"] = ConvolutionShape.Centered(new ImageShape(16, 8, 12), 32, 3, 2),
        ["3×3 stride 2, 32 to 64, odd"] = ConvolutionShape.Centered(new ImageShape(32, 7, 9), 64, 3, 2),
        ["3×3 stride 3, odd channels"] = ConvolutionShape.Centered(new ImageShape(5, 11, 8), 7, 3, 3),
        ["5×5 on an image smaller than it"] = ConvolutionShape.Centered(new ImageShape(4, 3, 3), 6, 5),
        ["7×7 stride 2"] = ConvolutionShape.Centered(new ImageShape(3, 15, 14), 8, 7, 2),
        ["1×1"] = ConvolutionShape.Centered(new ImageShape(6, 5, 4), 9, 1),
        ["1×1 stride 2"] = ConvolutionShape.Centered(new ImageShape(16, 6, 7), 32, 1, 2),
        ["1×1 in groups"] = ConvolutionShape.Centered(new ImageShape(6, 5, 4), 9, 1) with { Groups = 3 },
        ["one position"] = ConvolutionShape.Centered(new ImageShape(1, 1, 1), 1, 1),
        ["kernel = image"] = new() { Input = new ImageShape(3, 4, 5), OutputChannels = 7, KernelHeight = 4, KernelWidth = 5 },
        ["rows the stride never reaches"] = new() { Input = new ImageShape(16, 9, 8), OutputChannels = 16, KernelHeight = 2, KernelWidth = 1, StrideHeight = 3, StrideWidth = 3 },
        ["2×3, all paddings and strides differ"] = new()
        {
            Input = new ImageShape(4, 7, 9),
            OutputChannels = 5,
            KernelHeight = 2,
            KernelWidth = 3,
            StrideHeight = 3,
            StrideWidth = 2,
            PaddingTop = 1,
            PaddingLeft = 2,
            PaddingRight = 1,
        },
        ["1×4, padded on the right alone"] = new() { Input = new ImageShape(2, 3, 6), OutputChannels = 16, KernelHeight = 1, KernelWidth = 4, PaddingRight = 3 },
        ["groups"] = ConvolutionShape.Centered(new ImageShape(6, 5, 4), 4, 3) with { Groups = 2 },
        ["wide groups"] = ConvolutionShape.Centered(new ImageShape(32, 5, 4), 32, 3) with { Groups = 2 },
        ["depthwise, stride 2"] = ConvolutionShape.Centered(new ImageShape(5, 6, 7), 5, 3, 2) with { Groups = 5 },
        ["dilation 2"] = ConvolutionShape.Centered(new ImageShape(3, 9, 8), 5, 3) with { DilationHeight = 2, DilationWidth = 2 },
        ["dilation 2, whole vectors of channels"] = ConvolutionShape.Centered(new ImageShape(16, 9, 8), 16, 3) with { DilationHeight = 2, DilationWidth = 2 },
        ["dilations 1 and 3 with stride and groups"] = new() { Input = new ImageShape(4, 7, 11), OutputChannels = 6, KernelHeight = 2, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, DilationWidth = 3, PaddingLeft = 4, PaddingRight = 1, Groups = 2 },
        ["dilation 4 that reaches over the image"] = new() { Input = new ImageShape(2, 3, 4), OutputChannels = 3, KernelHeight = 3, KernelWidth = 2, DilationHeight = 4, DilationWidth = 5, PaddingTop = 4, PaddingBottom = 5, PaddingLeft = 3, PaddingRight = 2 },
        ["padding of more than the kernel"] = new() { Input = new ImageShape(2, 3, 2), OutputChannels = 3, KernelHeight = 2, KernelWidth = 1, StrideWidth = 2, PaddingTop = 3, PaddingBottom = 2, PaddingLeft = 4, PaddingRight = 1 },
        ["padding of more than the kernel, whole vectors of channels"] = new() { Input = new ImageShape(16, 3, 2), OutputChannels = 16, KernelHeight = 2, KernelWidth = 2, PaddingTop = 3, PaddingBottom = 2, PaddingLeft = 2, PaddingRight = 5 },
        ["one row of positions"] = new() { Input = new ImageShape(3, 1, 12), OutputChannels = 4, KernelHeight = 1, KernelWidth = 3, StrideWidth = 2, DilationWidth = 2, PaddingLeft = 2 },
        ["depthwise, two outputs a channel"] = ConvolutionShape.Centered(new ImageShape(4, 6, 5), 8, 3) with { Groups = 4 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Value_tangent_and_pullbacks_equal_their_sums_in_double(string name) => CompareWithSums<double>(Cases[name], Samples, 0);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Value_tangent_and_pullbacks_equal_their_sums_in_single(string name) => CompareWithSums<float>(Cases[name], Samples, 0);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unfolded_patches_give_the_same_sums(string name)
    {
        CompareWithSums<double>(Cases[name], Samples, 0, alwaysUnfolds: true);
        CompareWithSums<float>(Cases[name], Samples, 3, alwaysUnfolds: true);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Samples_may_lie_apart(string name) => CompareWithSums<double>(Cases[name], Samples, 3);

    [Fact]
    public void A_slice_of_more_positions_than_are_unfolded_at_a_time_is_whole()
    {
        CompareWithSums<float>(ConvolutionShape.Centered(new ImageShape(3, 23, 22), 5, 3), 7, 0);
        CompareWithSums<double>(ConvolutionShape.Centered(new ImageShape(48, 5, 5), 16, 3), 9, 0, alwaysUnfolds: true);
        CompareWithSums<double>(ConvolutionShape.Centered(new ImageShape(3, 23, 22), 5, 3), 3, 2);
    }

    [Fact]
    public void A_slice_of_more_images_than_are_padded_at_a_time_is_whole()
    {
        CompareWithSums<float>(ConvolutionShape.Centered(new ImageShape(16, 16, 17), 16, 3), 13, 0);
        CompareWithSums<double>(ConvolutionShape.Centered(new ImageShape(16, 17, 16), 16, 3, 2), 7, 1);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_three_products_are_adjoint_to_rounding(string name)
    {
        ConvolutionProblem<double> problem = new(Cases[name], Samples, 0, withBias: false);
        (double[] input, double[] gradient) = problem.Pullback();
        double[] value = problem.Value();
        double product = Dot(value, problem.Cotangent);
        double tolerance = RoundingFactor * double.Exp2(-53) * Math.Sqrt(Dot(value, value) * Dot(problem.Cotangent, problem.Cotangent));
        Assert.Equal(product, Dot(input, problem.X), tolerance);
        Assert.Equal(product, Dot(gradient, problem.Parameters), tolerance);
    }

    [Fact]
    public void Only_what_is_wanted_is_written()
    {
        ConvolutionProblem<double> problem = new(ConvolutionShape.Centered(new ImageShape(3, 4, 5), 2, 3), Samples, 0, withBias: true);
        double[] biasOnly = problem.GradientOf([false, true]), weightOnly = problem.GradientOf([true, false]);
        Assert.Equal(54 + 2, biasOnly.Length);
        Assert.All(biasOnly[..54], static value => Assert.Equal(0.0, value));
        Assert.All(biasOnly[54..], static value => Assert.NotEqual(0.0, value));
        Assert.All(weightOnly[..54], static value => Assert.NotEqual(0.0, value));
        Assert.All(weightOnly[54..], static value => Assert.Equal(0.0, value));
    }

    [Fact]
    public void Extents_that_do_not_fit_are_refused_with_the_reason()
    {
        ConvolutionShape shape = ConvolutionShape.Centered(new ImageShape(6, 5, 4), 4, 3);
        Refuses(shape with { KernelHeight = 8 }, "the kernel's height, 8, is larger than the padded image's, 5 + 1 + 1");
        Refuses(shape with { KernelWidth = 7 }, "the kernel's width, 7");
        Refuses(shape with { Groups = 3 }, "3 groups must divide both the 6 input and the 4 output channels");
        Refuses(shape with { Groups = 0 }, "groups of at least 1, got 0");
        Refuses(shape with { StrideWidth = 0 }, "stride along the width");
        Refuses(shape with { DilationHeight = 0 }, "dilation along the height");
        Refuses(shape with { DilationHeight = 4 }, "the kernel's height, 3 at dilation 4, is larger than the padded image's, 5 + 1 + 1");
        Refuses(shape with { DilationWidth = int.MaxValue }, "the kernel's width, 3 at dilation 2147483647");
        Refuses(shape with { PaddingTop = -1 }, "padding along the height");
        Refuses(shape with { OutputChannels = 0 }, "output channels");
        Refuses(shape with { Input = new ImageShape(0, 5, 4) }, "input channels");
        Assert.Throws<ArgumentException>(() => ConvolutionShape.Centered(new ImageShape(6, 5, 4), 4, 2));
    }

    [Fact]
    public void Blocks_of_another_shape_are_refused()
    {
        ConvolutionShape shape = ConvolutionShape.Centered(new ImageShape(6, 5, 4), 4, 3);
        ParameterBlock weight = new("c.weight", 0, shape.WeightShape, false);
        Assert.Throws<ArgumentException>(() => new ConvolutionLayer("c", shape, new ParameterBlock("c.weight", 0, [4, 6, 3, 3], false), null, 0));
        Assert.Throws<ArgumentException>(() => new ConvolutionLayer("c", shape, weight, new ParameterBlock("c.bias", 216, [6], true), 0));
        ConvolutionLayer layer = new("c", shape, weight, new ParameterBlock("c.bias", 216, [4], true), 0);
        Assert.Equal((120, 80, new ImageShape(4, 5, 4)), (layer.InputSize, layer.OutputSize, layer.Output));
    }

    private static void Refuses(ConvolutionShape shape, string reason)
    {
        ParameterBlock weight = new("c.weight", 0, [1], false);
        string message = Assert.Throws<ArgumentException>(() => new ConvolutionLayer("c", shape, weight, null, 0)).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    private static void CompareWithSums<T>(ConvolutionShape shape, int samples, int gap, bool alwaysUnfolds = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionProblem<T> problem = new(shape, samples, gap, withBias: true, alwaysUnfolds);
        AssertClose(problem.ExpectedValue(), problem.Value());
        AssertClose(problem.ExpectedTangent(), problem.Tangent());
        (T[] input, T[] gradient) = problem.Pullback();
        AssertClose(problem.ExpectedInputCotangent(), input);
        AssertClose(problem.ExpectedGradient(), gradient);
        (input, gradient) = problem.Curvature();
        AssertClose(problem.ExpectedInputCurvature(), input);
        AssertClose(problem.ExpectedWeightCurvature(), gradient);
    }

    private static void AssertClose<T>(TermSums expected, T[] actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double unit = typeof(T) == typeof(float) ? double.Exp2(-24) : double.Exp2(-53);
        Assert.Equal(expected.Values.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected.Values[i], double.CreateChecked(actual[i]), RoundingFactor * unit * expected.Magnitudes[i]);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, static (p, q) => p * q).Sum();
}
