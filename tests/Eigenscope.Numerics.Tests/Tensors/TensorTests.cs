using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void First_axis_is_the_rows_and_the_rest_the_columns()
    {
        Tensor<float> tensor = new([.. Enumerable.Range(0, 24).Select(i => (float)i)], 2, 3, 4);
        Assert.Equal((2, 12, 24), (tensor.Rows, tensor.Columns, tensor.Length));
        Assert.Equal(17f, tensor[1, 5]);
        Assert.Equal(23f, tensor.Row(1)[11]);
        Assert.Equal([2, 3, 4], tensor.Shape.ToArray());
        Assert.Equal((5, 1), (new Tensor<double>(5).Rows, new Tensor<double>(5).Columns));
        Assert.Equal((0, 3), (new Tensor<double>(0, 3).Rows, new Tensor<double>(0, 3).Columns));
    }

    [Fact]
    public void Wrapping_keeps_the_array_and_cloning_does_not()
    {
        double[] data = [1.0, 2.0];
        Tensor<double> wrapped = new(data, 1, 2), clone = wrapped.Clone();
        data[0] = 7.0;
        Assert.Equal(7.0, wrapped[0, 0]);
        Assert.Equal(1.0, clone[0, 0]);
    }

    [Fact]
    public void Conversion_rounds_to_nearest()
    {
        Tensor<float> narrow = new Tensor<double>([0.1, 1.0 + (1.0 / (1L << 25)), 1e300, -0.0], 2, 2).Convert<float>();
        Assert.Equal([0.1f, 1f, float.PositiveInfinity, -0f], narrow.Span.ToArray());
        Assert.Equal([2, 2], narrow.Shape.ToArray());
    }

    [Fact]
    public void Wrong_shapes_and_indices_are_refused()
    {
        Assert.Equal("shape", Assert.Throws<ArgumentException>(() => new Tensor<double>()).ParamName);
        Assert.Equal("shape", Assert.Throws<ArgumentException>(() => new Tensor<double>(new double[5], 2, 3)).ParamName);
        Assert.Equal("shape", Assert.Throws<ArgumentOutOfRangeException>(() => new Tensor<double>(2, -3)).ParamName);
        Assert.Equal("shape", Assert.Throws<ArgumentException>(() => new Tensor<double>(1 << 16, 1 << 16)).ParamName);
        Tensor<double> tensor = new(2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(-1).Length);
    }
}
