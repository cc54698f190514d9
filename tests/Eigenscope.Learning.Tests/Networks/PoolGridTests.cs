using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Poolings over a grid of their extents against loops over every entry of every window, written from the definitions in PyTorch's documentation: padded coordinates, one entry at a time.</summary>
public sealed class PoolGridTests
{
    private const double Tolerance = 1e-14;
    private const int Samples = 2;
    private static readonly ImageShape Image = new(3, 5, 7);

    public static TheoryData<int, int, bool> Kernels()
    {
        TheoryData<int, int, bool> data = [];
        foreach ((int height, int width) in new[] { (1, 1), (2, 2), (3, 2), (2, 4), (3, 3), (5, 7) })
        {
            data.Add(height, width, false);
            data.Add(height, width, true);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Values_tangents_and_pullbacks_are_those_of_the_loops(int height, int width, bool ceil)
    {
        int compared = 0;
        foreach (PoolShape shape in Shapes(height, width, ceil))
        {
            foreach (bool maximum in new[] { true, false })
            {
                foreach (bool counts in maximum ? new[] { true } : [true, false])
                    compared += Compare(shape with { CountsPadding = counts }, maximum) ? 1 : 0;
            }
        }
        Assert.True(compared >= 24, $"{compared} poolings of a grid of {height} × {width}");
    }

    // PyTorch: MaxPool1d(2, 2, ceil_mode=True) of five numbers has three windows, the last of one number. MaxPool1d(3, 6, padding=1, ceil_mode=True) has one: a second would begin behind the image.
    [Fact]
    public void A_window_that_begins_behind_the_image_is_dropped()
    {
        PoolShape row = new() { Input = new ImageShape(1, 1, 5), KernelHeight = 1, KernelWidth = 2, StrideWidth = 2, CeilMode = true };
        Assert.Equal([2, 4, 5], LayerProbe.Value(new MaxPoolLayer("pool", row), [1.0, 2, 3, 4, 5], [], keep: true));
        Assert.Equal(2, (row with { CeilMode = false }).Output.Width);
        PoolShape padded = row with { KernelWidth = 3, StrideWidth = 6, PaddingLeft = 1, PaddingRight = 1 };
        Assert.Equal(1, padded.Output.Width);
        Assert.Equal([2], LayerProbe.Value(new MaxPoolLayer("pool", padded), [1.0, 2, 3, 4, 5], [], keep: true));
    }

    // PyTorch: AvgPool1d(3, 2, padding=1, ceil_mode=True) of four ones: 2/3, 1, and a last window of one number and one zero of padding, cut there: 1/2.
    [Fact]
    public void What_reaches_over_the_padding_is_not_counted()
    {
        PoolShape row = new() { Input = new ImageShape(1, 1, 4), KernelHeight = 1, KernelWidth = 3, StrideWidth = 2, PaddingLeft = 1, PaddingRight = 1, CeilMode = true };
        Assert.Equal([2.0 / 3, 1, 0.5], LayerProbe.Value(new AveragePoolLayer("pool", row), [1.0, 1, 1, 1], [], keep: true));
        Assert.Equal([1.0, 1, 1], LayerProbe.Value(new AveragePoolLayer("pool", row with { CountsPadding = false }), [1.0, 1, 1, 1], [], keep: true));
    }

    [Fact]
    public void A_window_of_padding_alone_has_no_maximum_and_a_mean_only_if_zeros_count()
    {
        // Entries two places before and behind an image of one column, none inside.
        PoolShape shape = new() { Input = new ImageShape(1, 1, 1), KernelHeight = 1, KernelWidth = 2, DilationWidth = 4, PaddingLeft = 2, PaddingRight = 2 };
        Assert.Contains("outside the image", Assert.Throws<ArgumentException>(() => new MaxPoolLayer("pool", shape)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new AveragePoolLayer("pool", shape with { CountsPadding = false }));
        Assert.Equal([0.0], LayerProbe.Value(new AveragePoolLayer("pool", shape), [3.0], [], keep: true));
    }

    [Fact]
    public void Extents_that_do_not_fit_are_refused_with_the_reason()
    {
        PoolShape shape = new() { Input = Image, KernelHeight = 2, KernelWidth = 2 };
        Refuses(shape with { KernelHeight = 6 }, "the padded image's height, 5 + 0 + 0, is smaller than a window, which reaches over 6");
        Refuses(shape with { DilationWidth = 7 }, "which reaches over 8");
        Refuses(shape with { DilationWidth = int.MaxValue, KernelWidth = int.MaxValue }, "smaller than a window");
        Refuses(shape with { PaddingLeft = 2 }, "takes a padding of 0 … 1, got 2 and 0");
        Refuses(shape with { PaddingBottom = -1 }, "takes a padding");
        Refuses(shape with { StrideHeight = 0 }, "stride and dilation of at least 1");
        Refuses(shape with { Input = new ImageShape(0, 5, 7) }, "at least one channel");

        static void Refuses(PoolShape shape, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new MaxPoolLayer("pool", shape)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<PoolShape> Shapes(int height, int width, bool ceil)
    {
        foreach ((int strideHeight, int strideWidth) in new[] { (1, 1), (2, 3), (3, 2) })
        {
            foreach ((int dilationHeight, int dilationWidth) in new[] { (1, 1), (2, 1), (1, 3) })
            {
                foreach ((int top, int left, int bottom, int right) in new[] { (0, 0, 0, 0), (1, 1, 1, 1), (1, 0, 0, 2), (0, 2, 1, 0) })
                {
                    yield return new PoolShape
                    {
                        Input = Image,
                        KernelHeight = height,
                        KernelWidth = width,
                        StrideHeight = strideHeight,
                        StrideWidth = strideWidth,
                        DilationHeight = dilationHeight,
                        DilationWidth = dilationWidth,
                        PaddingTop = Math.Min(top, dilationHeight * (height - 1)),
                        PaddingLeft = Math.Min(left, dilationWidth * (width - 1)),
                        PaddingBottom = Math.Min(bottom, dilationHeight * (height - 1)),
                        PaddingRight = Math.Min(right, dilationWidth * (width - 1)),
                        CeilMode = ceil,
                    };
                }
            }
        }
    }

    // False where the window is larger than the image, or one sees padding alone.
    private static bool Compare(PoolShape shape, bool maximum)
    {
        if (Outputs(shape, shape.Input.Height, shape.KernelHeight, shape.StrideHeight, shape.DilationHeight, shape.PaddingTop, shape.PaddingBottom) is not { } rows
            || Outputs(shape, shape.Input.Width, shape.KernelWidth, shape.StrideWidth, shape.DilationWidth, shape.PaddingLeft, shape.PaddingRight) is not { } columns)
            return false;
        List<(int Sample, int Output, double Share, int[] Inputs)> windows = [.. Windows(shape, rows, columns)];
        if (windows.Exists(static window => window.Inputs.Length == 0))
            return false;
        Layer layer = maximum ? new MaxPoolLayer("pool", shape) : new AveragePoolLayer("pool", shape);
        Assert.Equal(new ImageShape(Image.Channels, rows, columns), shape.Output);
        double[] x = Numbers(Samples * layer.InputSize, 3), dx = Numbers(x.Length, 5), cotangent = Numbers(Samples * layer.OutputSize, 7);
        double[] y = new double[cotangent.Length], dy = new double[cotangent.Length], below = new double[x.Length];
        foreach ((int sample, int output, double share, int[] inputs) in windows)
        {
            (int to, int from) = ((sample * layer.OutputSize) + output, sample * layer.InputSize);
            int[] seen = maximum ? [inputs.MaxBy(i => x[from + i])] : inputs;
            foreach (int i in seen)
            {
                double factor = maximum ? 1.0 : share;
                y[to] += factor * x[from + i];
                dy[to] += factor * dx[from + i];
                below[from + i] += factor * cotangent[to];
            }
        }
        AssertClose(y, LayerProbe.Value(layer, x, [], keep: true));
        AssertClose(y, LayerProbe.Value(layer, x, [], keep: false));
        AssertClose(dy, LayerProbe.Tangent(layer, x, [], dx));
        AssertClose(below, LayerProbe.Pullback(layer, x, [], cotangent));
        return true;
    }

    // PyTorch: the formula rounded down or up, less the window that would begin in the padding on the right.
    private static int? Outputs(PoolShape shape, int extent, int kernel, int stride, int dilation, int before, int after)
    {
        double free = extent + before + after - (dilation * (kernel - 1)) - 1;
        if (free < 0)
            return null;
        int outputs = (int)(shape.CeilMode ? Math.Ceiling(free / stride) : Math.Floor(free / stride)) + 1;
        return (outputs - 1) * stride >= extent + before ? outputs - 1 : outputs;
    }

    private static IEnumerable<(int Sample, int Output, double Share, int[] Inputs)> Windows(PoolShape shape, int rows, int columns)
    {
        for (int i = 0; i < Samples * rows * columns * Image.Channels; i++)
        {
            (int sample, int output) = Math.DivRem(i, rows * columns * Image.Channels);
            int channel = output % Image.Channels, row = output / Image.Channels / columns, column = output / Image.Channels % columns, counted = 0;
            List<int> inputs = [];
            for (int k = 0; k < shape.KernelHeight * shape.KernelWidth; k++)
            {
                int y = (row * shape.StrideHeight) + (k / shape.KernelWidth * shape.DilationHeight) - shape.PaddingTop, x = (column * shape.StrideWidth) + (k % shape.KernelWidth * shape.DilationWidth) - shape.PaddingLeft;
                counted += y < Image.Height + shape.PaddingBottom && x < Image.Width + shape.PaddingRight ? 1 : 0;
                if (y >= 0 && y < Image.Height && x >= 0 && x < Image.Width)
                    inputs.Add((((y * Image.Width) + x) * Image.Channels) + channel);
            }
            yield return (sample, output, 1.0 / (shape.CountsPadding ? counted : inputs.Count), [.. inputs]);
        }
    }

    // No two of a window are equal.
    private static double[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(seed * (i + 1.0) * (i + 1.0)))];

    private static void AssertClose(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], Tolerance);
    }
}
