using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Networks;

public sealed class ChannelsLastLayerTests
{
    private static readonly BlasBackend Blas = BlasBackends.Load(BlasChoice.Auto).Backend;
    private static readonly ChannelsLastLayer Layer = new("input", new ImageShape(2, 2, 3));

    // Two samples of 2 channels × 2 rows × 3 columns; entries are sample·100 + channel·10 + position.
    private static readonly double[] First = [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 100, 101, 102, 103, 104, 105, 110, 111, 112, 113, 114, 115];
    private static readonly double[] Last = [0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 100, 110, 101, 111, 102, 112, 103, 113, 104, 114, 105, 115];

    [Fact]
    public void Value_and_tangent_put_channels_last()
    {
        double[] y = new double[24], dy = new double[24];
        Layer.Value<double>(Blas, [], Matrix(First), Matrix(y), [], keep: true);
        Layer.Tangent(Blas, [], default, default, Matrix(First), Matrix(dy));
        Assert.Equal(Last, y);
        Assert.Equal(Last, dy);
    }

    [Fact]
    public void A_tangent_of_nothing_is_zero()
    {
        double[] dy = [.. Last];
        Layer.Tangent(Blas, [], default, default, default, Matrix(dy));
        Assert.All(dy, static value => Assert.Equal(0.0, value));
    }

    [Fact]
    public void The_pullback_puts_channels_first_again()
    {
        double[] dx = new double[24];
        Layer.Pullback(Blas, [], default, Matrix(Last), Matrix(dx), default);
        Assert.Equal(First, dx);
        Layer.AddCurvature(Blas, default, default, Matrix(First), Matrix(dx), default);
        Assert.Equal(First, dx);
        Layer.Pullback<double>(Blas, [], default, Matrix(Last), default, default);
    }

    [Fact]
    public void Single_precision_and_samples_apart_are_permuted_alike()
    {
        float[] x = [.. First.Select(static value => (float)value)], y = new float[26];
        Layer.Value<float>(Blas, [], new ReadOnlyMatrixSpan<float>(x, 2, 12), new MatrixSpan<float>(y, 2, 12, 14), [], keep: false);
        Assert.Equal(Last, y[..12].Concat(y[14..]).Select(static value => (double)value));
        Assert.Equal([0f, 0f], y[12..14]);
    }

    private static MatrixSpan<double> Matrix(double[] values) => new(values, 2, 12);
}
