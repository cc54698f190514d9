using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Theory.Tests.ClassMeans;

public sealed class ClassMeanGradientTests
{
    private const double Units = 2000.0 * Reference.Epsilon;

    [Fact]
    public void Orthogonal_means_give_shares_that_can_be_read_off()
    {
        // Means along axes of different lengths: the gradient's entries are its coefficients.
        Tensor<double> next = new([2.0, 0, 0, 0, 0, 5.0, 0, 0], 2, 4);
        Tensor<double> features = new([0.1, 0, 0, 0, 7.0, 0], 2, 3);
        Tensor<double> gradient = new([3, 1, 2, 1, 4, 2, 5, 5, 5, 0, 0, 1], 4, 3);
        double norm = gradient.Span.ToArray().Sum(static entry => entry * entry);

        ClassMeanGradient predicted = ClassMeanGradient.Predict(next, features, Reference.Compute);

        Assert.Equal(4, predicted.Dimension);
        Assert.Equal((9.0 + 1 + 1 + 16) / norm, predicted.Share(gradient.AsMatrix())!.Value, Units);
        Assert.Equal((9.0 + 16) / norm, predicted.PairedShare(gradient.AsMatrix())!.Value, Units);
        Tensor<double> coefficients = predicted.SquaredCoefficients(gradient.AsMatrix())!;
        double[] expected = [9.0 / norm, 1.0 / norm, 1.0 / norm, 16.0 / norm];
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], coefficients.Span[i], Units);
    }

    [Fact]
    public void Shares_are_those_of_least_squares_on_explicit_products()
    {
        RandomStream random = new(9);
        Tensor<double> next = new(3, 5), features = new(3, 4), gradient = new(5, 4);
        random.FillNormal(next.Span);
        random.FillNormal(features.Span);
        random.FillNormal(gradient.Span);
        ClassMeanGradient predicted = ClassMeanGradient.Predict(next, features, Reference.Compute);
        (int, int)[] all = [.. from a in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3) select (a, b)];

        Assert.Equal(Projection(next, features, gradient, all), predicted.Share(gradient.AsMatrix())!.Value, Units);
        Assert.Equal(Projection(next, features, gradient, [(0, 0), (1, 1), (2, 2)]), predicted.PairedShare(gradient.AsMatrix())!.Value, Units);
        Assert.True(predicted.PairedShare(gradient.AsMatrix()) < predicted.Share(gradient.AsMatrix()));
    }

    [Fact]
    public void Dependent_means_span_what_they_span()
    {
        // Simplex means: three vectors that sum to zero span two dimensions.
        Tensor<double> simplex = new([2, -1, -1, -1, 2, -1, -1, -1, 2], 3, 3);
        ClassMeanGradient predicted = ClassMeanGradient.Predict(simplex, simplex, Reference.Compute);
        Tensor<double> ones = new([1, 1, 1, 1, 1, 1, 1, 1, 1], 3, 3);

        Assert.Equal(4, predicted.Dimension);
        Assert.Equal(0.0, predicted.Share(ones.AsMatrix())!.Value, Units);
        Assert.Equal(1.0, predicted.Share(simplex.AsMatrix())!.Value, Units);
        Assert.Equal(1.0, predicted.PairedShare(simplex.AsMatrix())!.Value, Units);
    }

    [Fact]
    public void A_zero_gradient_has_no_share_and_a_wrong_shape_is_refused()
    {
        ClassMeanGradient predicted = ClassMeanGradient.Predict(new Tensor<double>([1, 0], 1, 2), new Tensor<double>([1, 0, 0], 1, 3), Reference.Compute);

        Assert.Null(predicted.Share(new Tensor<double>(2, 3).AsMatrix()));
        Assert.Null(predicted.PairedShare(new Tensor<double>(2, 3).AsMatrix()));
        Assert.Null(predicted.SquaredCoefficients(new Tensor<double>(2, 3).AsMatrix()));
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => predicted.Share(new Tensor<double>(3, 2).AsMatrix())).ParamName);
    }

    // Gram–Schmidt, twice, on the explicit products.
    private static double Projection(Tensor<double> next, Tensor<double> features, Tensor<double> gradient, (int Next, int Feature)[] pairs)
    {
        double[] g = gradient.Span.ToArray();
        List<double[]> basis = [];
        foreach ((int a, int b) in pairs)
        {
            double[] product = [.. from x in next.Row(a).ToArray() from y in features.Row(b).ToArray() select x * y];
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] earlier in basis)
                {
                    double inner = Dot(product, earlier);
                    for (int i = 0; i < product.Length; i++)
                        product[i] -= inner * earlier[i];
                }
            }
            double norm = Math.Sqrt(Dot(product, product));
            basis.Add([.. product.Select(entry => entry / norm)]);
        }
        return basis.Sum(vector => Dot(vector, g) * Dot(vector, g)) / Dot(g, g);
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y).Sum(static pair => pair.First * pair.Second);
}
