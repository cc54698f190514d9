using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class SubspaceOverlapTests
{
    [Fact]
    public void The_same_subspace_in_any_basis_overlaps_fully() => Laws.Hold(seed =>
    {
        double[][] basis = Samples.Rotation(seed, 8)[..3];
        double[][] turned = Textbook.Product(Samples.Rotation(seed + 1, 3), basis);
        Near.Equal(1.0, Measure(turned, basis), 64);
    });

    [Fact]
    public void Orthogonal_subspaces_do_not_overlap()
    {
        double[][] axes = Samples.Rotation(121, 6);
        Near.Equal(0.0, Measure(axes[..3], axes[3..]), 64, Textbook.Epsilon);
    }

    [Theory]
    [InlineData(0.3, 1.1)]
    [InlineData(0.0, 0.5)]
    public void The_overlap_is_the_mean_squared_cosine_of_the_principal_angles(double first, double second)
    {
        double[][] axes = Samples.Rotation(122, 5);
        double[][] tilted = [Tilt(axes[0], axes[2], first), Tilt(axes[1], axes[3], second)];
        double expected = ((Math.Cos(first) * Math.Cos(first)) + (Math.Cos(second) * Math.Cos(second))) / 2;
        Near.Equal(expected, Measure(tilted, axes[..2]), 64, 1.0);
    }

    [Fact]
    public void A_basis_that_is_not_orthonormal_is_refused()
    {
        double[][] axes = Samples.Rotation(123, 4);
        double[][] longer = [axes[0].Select(v => 1.001 * v).ToArray(), axes[1]];
        double[][] skewed = [axes[0], Tilt(axes[1], axes[0], 0.01)];
        Assert.Throws<ArgumentException>(() => Measure(longer, axes[..2]));
        Assert.Throws<ArgumentException>(() => Measure(axes[..2], skewed));
        Assert.Throws<ArgumentException>(() => Measure(axes[..2], axes[..3]));
    }

    private static double[] Tilt(double[] from, double[] towards, double angle) =>
        from.Zip(towards, (a, b) => (Math.Cos(angle) * a) + (Math.Sin(angle) * b)).ToArray();

    private static double Measure(double[][] basis, double[][] reference) =>
        SubspaceOverlap.Measure(Textbook.ToTensor(basis).AsMatrix(), Textbook.ToTensor(reference).AsMatrix(), TestCompute.Instance);
}
