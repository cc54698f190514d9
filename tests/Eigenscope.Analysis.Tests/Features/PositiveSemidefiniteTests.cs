using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

public sealed class PositiveSemidefiniteTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void A_power_acts_on_the_eigenvalues(double exponent)
    {
        double[] values = [9.0, 4.0, 4.0, 0.25, 0.0];
        double[][] vectors = Samples.Rotation(101, 5);
        Tensor<double> power = PositiveSemidefinite.Power(Spectral(vectors, values).AsMatrix(), exponent, TestCompute.Instance);
        Tensor<double> expected = Spectral(vectors, values.Select(v => Math.Pow(v, exponent)).ToArray());
        double scale = Math.Pow(9.0, exponent);
        for (int i = 0; i < 25; i++)
            Near.Equal(expected.Span[i], power.Span[i], 256, scale);
    }

    [Fact]
    public void Negative_eigenvalues_count_as_zero()
    {
        Tensor<double> root = PositiveSemidefinite.Power(new Tensor<double>([4, 0, 0, -1e-15], 2, 2).AsMatrix(), 0.5, TestCompute.Instance);
        Near.Equal(2.0, root[0, 0], 8);
        Assert.Equal(0.0, root[1, 1]);
        Assert.Equal([4.0, 0.0], PositiveSemidefinite.Eigenvalues(new Tensor<double>([4, 0, 0, -1e-15], 2, 2).AsMatrix(), TestCompute.Instance));
    }

    [Fact]
    public void The_zero_matrix_stays_zero()
    {
        Tensor<double> root = PositiveSemidefinite.Power(new Tensor<double>(3, 3).AsMatrix(), 0.5, TestCompute.Instance);
        Assert.All(root.Span.ToArray(), value => Assert.Equal(0.0, value));
    }

    [Fact]
    public void Eigenvalues_descend()
    {
        double[] values = [9.0, 4.0, 4.0, 0.25, 0.0];
        double[] actual = PositiveSemidefinite.Eigenvalues(Spectral(Samples.Rotation(102, 5), values).AsMatrix(), TestCompute.Instance);
        for (int i = 0; i < 5; i++)
            Near.Equal(values[i], actual[i], 64, 9.0);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PositiveSemidefinite.Power(new Tensor<double>(2, 3).AsMatrix(), 0.5, TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => PositiveSemidefinite.Power(default, 0.5, TestCompute.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => PositiveSemidefinite.Power(new Tensor<double>(2, 2).AsMatrix(), 0.0, TestCompute.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => PositiveSemidefinite.Power(new Tensor<double>(2, 2).AsMatrix(), double.NaN, TestCompute.Instance));
    }

    private static Tensor<double> Spectral(double[][] vectors, double[] values)
    {
        double[][] scaled = vectors.Select((v, i) => v.Select(x => x * values[i]).ToArray()).ToArray();
        return Textbook.ToTensor(Textbook.Product(Textbook.Transpose(vectors), scaled));
    }
}
