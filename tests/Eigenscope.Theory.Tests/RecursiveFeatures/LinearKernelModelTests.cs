using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.RecursiveFeatures;

namespace Eigenscope.Theory.Tests.RecursiveFeatures;

public sealed class LinearKernelModelTests
{
    private const double Rounding = 1e-12;
    private static readonly Compute Compute = new(BlasBackends.Load(BlasBackends.Parse(Environment.GetEnvironmentVariable("EIGENSCOPE_BLAS"))).Backend, 2);
    private static readonly LinearKernelOptions Options = new() { KernelRidge = 0.3, FeatureRidge = 0.05 };

    /// <summary>
    /// Two classes of n samples with cosine ρ within and τ between classes stay so. By hand: the two sums and differences of class indicators are eigenvectors with μ± = 1 + (n−1)ρ ± nτ, so that the fitted value of a class is
    /// (f₊ ± f₋)/2 at its own and the other's samples, f = μ/(μ + λ_k).
    /// </summary>
    [Theory]
    [InlineData(1, 0.0, 0.4)]
    [InlineData(2, 0.5, -0.2)]
    [InlineData(5, 0.3, 0.25)]
    [InlineData(7, 0.9, 0.85)]
    public void Two_classes_of_equal_cosines_follow_the_recursion_by_hand(int perClass, double within, double between)
    {
        LinearKernelModel model = LinearKernelModel.Start(TwoClasses(perClass, 4.0, within, between), OneHot(perClass), Options, Compute);
        for (int step = 0; step < 6; step++)
        {
            Assert.Equal(step, model.Step);
            Assert.Equal(Distance(perClass, within, between), model.Distance, Rounding);
            Assert.Equal(between, model.Gram[0, perClass], Rounding);
            if (perClass > 1)
                Assert.Equal(within, model.Gram[0, 1], Rounding);
            (within, between) = ByHand(perClass, within, between);
            model = model.Next();
        }
    }

    [Fact]
    public void Orthogonal_classes_are_collapsed_but_for_the_features_diagonal_after_one_layer()
    {
        const int PerClass = 6;
        LinearKernelModel model = LinearKernelModel.Start(TwoClasses(PerClass, 1.0, 0.1, 0.0), OneHot(PerClass), Options, Compute).Next();

        Assert.Equal(Math.Sqrt((PerClass - 1.0) / PerClass) * 0.05 / 1.05, model.Distance, Rounding);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Tensor<double> gram = TwoClasses(2, 1.0, 0.5, 0.1), targets = OneHot(2), skew = gram.Clone(), zero = gram.Clone(), infinite = gram.Clone();
        skew[0, 1] += 1e-3;
        zero[1, 1] = 0.0;
        infinite[2, 2] = double.PositiveInfinity;
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(skew, targets, Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(zero, targets, Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(infinite, targets, Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(new Tensor<double>(4, 3), targets, Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(gram, OneHot(3), Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(gram, new Tensor<double>(4, 2), Options, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(gram, targets, Options with { KernelRidge = 0.0 }, Compute));
        Assert.Throws<ArgumentException>(() => LinearKernelModel.Start(gram, targets, Options with { FeatureRidge = double.NaN }, Compute));
    }

    private static (double Within, double Between) ByHand(int n, double within, double between)
    {
        double sum = 1 + ((n - 1) * within) + (n * between), difference = 1 + ((n - 1) * within) - (n * between);
        double plus = sum / (sum + 0.3), minus = difference / (difference + 0.3);
        double own = (plus + minus) / 2, other = (plus - minus) / 2;
        return (1 / 1.05, 2 * own * other / ((own * own) + (other * other)) / 1.05);
    }

    private static double Distance(int n, double within, double between) =>
        Math.Sqrt(((n - 1) * Math.Pow(1 - within, 2)) + (n * between * between)) / Math.Sqrt(n);

    /// <summary>Samples of norm √scale: cosines are what counts.</summary>
    private static Tensor<double> TwoClasses(int n, double scale, double within, double between)
    {
        Tensor<double> gram = new(2 * n, 2 * n);
        for (int i = 0; i < 2 * n; i++)
            for (int j = 0; j < 2 * n; j++)
                gram[i, j] = scale * (i == j ? 1.0 : i / n == j / n ? within : between);
        return gram;
    }

    private static Tensor<double> OneHot(int n)
    {
        Tensor<double> targets = new(2 * n, 2);
        for (int i = 0; i < 2 * n; i++)
            targets[i, i / n] = 1.0;
        return targets;
    }
}
