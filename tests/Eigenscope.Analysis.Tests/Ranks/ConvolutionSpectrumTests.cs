using Eigenscope.Analysis.Ranks;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Ranks;

/// <summary>The spectrum of a convolution on its grid against the dense matrix of the map, entry by entry from its definition.</summary>
public sealed class ConvolutionSpectrumTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int> Shapes() => new()
    {
        // input channels, height, width, output channels, kernel height and width, strides, dilation
        { 1, 5, 5, 1, 3, 3, 1, 1, 1 },
        { 2, 4, 5, 3, 3, 3, 1, 1, 1 },
        { 3, 6, 4, 2, 3, 2, 1, 1, 1 },
        { 2, 6, 6, 3, 3, 3, 2, 2, 1 },
        { 2, 6, 4, 9, 3, 3, 3, 2, 1 },
        { 1, 4, 6, 2, 1, 1, 2, 1, 1 },
        { 2, 1, 1, 3, 1, 1, 1, 1, 1 },
        { 2, 3, 3, 2, 5, 5, 1, 1, 1 },
        { 2, 4, 4, 2, 1, 1, 1, 1, 1 },
        { 2, 5, 6, 3, 3, 2, 1, 1, 2 },
        { 2, 6, 4, 3, 3, 3, 2, 2, 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_is_that_of_the_dense_matrix(int channels, int height, int width, int outputs, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int dilation)
    {
        ConvolutionShape shape = new() { Input = new ImageShape(channels, height, width), OutputChannels = outputs, KernelHeight = kernelHeight, KernelWidth = kernelWidth, StrideHeight = strideHeight, StrideWidth = strideWidth, DilationHeight = dilation, DilationWidth = 1 };
        double[] weight = new double[outputs * kernelHeight * kernelWidth * channels];
        new RandomStream(3).FillNormal(weight, 1.0);
        Tensor<double> map = Dense(weight, shape);
        double[] expected = SingularValues.Of(map.AsMatrix(), TestCompute.Instance);

        double[] found = ConvolutionSpectrum.Of(weight, shape, TestCompute.Instance);

        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Near.Equal(expected[i], found[i], 256, expected[0]);
        Near.Equal(map.Span.ToArray().Sum(static w => w * w), found.Sum(static s => s * s), 256);
    }

    // A 1 × 1 convolution does the same at every position.
    [Fact]
    public void A_pointwise_convolution_repeats_the_values_of_its_matrix()
    {
        ConvolutionShape shape = new() { Input = new ImageShape(2, 3, 4), OutputChannels = 2, KernelHeight = 1, KernelWidth = 1 };
        double[] found = ConvolutionSpectrum.Of([3.0, 0.0, 0.0, 4.0], shape, TestCompute.Instance);
        Assert.Equal([.. Enumerable.Repeat(4.0, 12), .. Enumerable.Repeat(3.0, 12)], found.Select(static value => Math.Round(value, 12)));
    }

    // A mean over 2 × 2: the gain of the frequency (u, v) is |cos(πu/4) cos(πv/4)|.
    [Fact]
    public void A_mean_has_the_gains_of_a_comb()
    {
        ConvolutionShape shape = new() { Input = new ImageShape(1, 4, 4), OutputChannels = 1, KernelHeight = 2, KernelWidth = 2 };
        double[] found = ConvolutionSpectrum.Of([0.25, 0.25, 0.25, 0.25], shape, TestCompute.Instance);
        double[] expected = [.. Enumerable.Range(0, 16).Select(static i => Math.Abs(Math.Cos(Math.PI * (i / 4) / 4.0) * Math.Cos(Math.PI * (i % 4) / 4.0))).OrderDescending()];
        for (int i = 0; i < 16; i++)
            Near.Equal(expected[i], found[i], 64, 1.0);
    }

    [Fact]
    public void What_is_not_circular_is_refused_with_its_reason()
    {
        ConvolutionShape odd = new() { Input = new ImageShape(1, 5, 4), OutputChannels = 1, KernelHeight = 1, KernelWidth = 1, StrideHeight = 2, StrideWidth = 2 };
        Assert.Contains("5 × 4", ConvolutionSpectrum.Obstacle(odd), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ConvolutionSpectrum.Of([1.0], odd, TestCompute.Instance));
        ConvolutionShape grouped = new() { Input = new ImageShape(2, 4, 4), OutputChannels = 2, KernelHeight = 1, KernelWidth = 1, Groups = 2 };
        Assert.Contains("2 groups", ConvolutionSpectrum.Obstacle(grouped), StringComparison.Ordinal);
        ConvolutionShape small = new() { Input = new ImageShape(1, 4, 4), OutputChannels = 1, KernelHeight = 1, KernelWidth = 1 };
        Assert.Null(ConvolutionSpectrum.Obstacle(small));
        Assert.Throws<ArgumentException>(() => ConvolutionSpectrum.Of([1.0, 2.0], small, TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => ConvolutionSpectrum.Of([double.NaN], small, TestCompute.Instance));
    }

    // y[o, i, j] = Σ W[o, a, b, c] x[c, (s i + d a) mod H, (t j + e b) mod W].
    private static Tensor<double> Dense(double[] weight, ConvolutionShape shape)
    {
        (int channels, int height, int width) = (shape.Input.Channels, shape.Input.Height, shape.Input.Width);
        int rows = height / shape.StrideHeight, columns = width / shape.StrideWidth, at = 0;
        Tensor<double> map = new(shape.OutputChannels * rows * columns, channels * height * width);
        for (int o = 0; o < shape.OutputChannels; o++)
        {
            for (int a = 0; a < shape.KernelHeight; a++)
            {
                for (int b = 0; b < shape.KernelWidth; b++)
                {
                    for (int c = 0; c < channels; c++, at++)
                    {
                        for (int position = 0; position < rows * columns; position++)
                        {
                            (int i, int j) = Math.DivRem(position, columns);
                            int y = ((i * shape.StrideHeight) + (a * shape.DilationHeight)) % height, x = ((j * shape.StrideWidth) + (b * shape.DilationWidth)) % width;
                            map[(o * rows * columns) + position, (((c * height) + y) * width) + x] += weight[at];
                        }
                    }
                }
            }
        }
        return map;
    }
}
