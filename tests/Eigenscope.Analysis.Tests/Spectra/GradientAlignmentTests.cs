using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class GradientAlignmentTests
{
    [Theory]
    [InlineData(1, 1, 1.0 / 30)]
    [InlineData(2, 2, 5.0 / 30)]
    [InlineData(3, 3, 14.0 / 30)]
    [InlineData(4, 4, 1.0)]
    [InlineData(9, 4, 1.0)]
    public void Separated_eigenvalues_use_the_k_asked_for(int k, int used, double share)
    {
        GradientAlignment alignment = Measure([1, 2, 3, 4], [5, 3, 1, -2], k);
        Near.Equal(share, alignment.Value, 8);
        Assert.Equal((k, used), (alignment.Requested, alignment.Used));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    public void Inside_a_cluster_k_is_raised_to_its_end(int k, int used)
    {
        GradientAlignment alignment = Measure([1, 1, 1, 1, 1], [5, 3, 3 - 4e-6, 3 - 8e-6, 1], k);
        Assert.Equal(used, alignment.Used);
        Near.Equal(used / 5.0, alignment.Value, 8);
    }

    [Fact]
    public void The_cluster_tolerance_is_relative_to_the_largest_eigenvalue()
    {
        Assert.Equal(2, Measure([1, 1, 1], [5e-12, 5e-12 - 4e-18, 1e-12], 1).Used);
        Assert.Equal(1, Measure([1, 1, 1], [5e-12, 5e-12 - 6e-18, 1e-12], 1).Used);
    }

    [Fact]
    public void The_share_does_not_depend_on_the_basis_of_a_cluster() => Laws.Hold(seed =>
    {
        // Any rotation of the three eigenvectors of an equal eigenvalue is as good a basis.
        double[][] axes = Samples.Rotation(seed, 6);
        double[][] turn = Samples.Rotation(seed + 1, 3);
        double[][] turned = [axes[0], .. Textbook.Product(turn, axes[1..4]), axes[4], axes[5]];
        double[] gradient = Samples.Gaussian(seed, 2, 6, 1).Features.Row(0).ToArray();
        double[] values = [4, 2, 2, 2, 1, 0];
        double expected = Enumerable.Range(0, 4).Sum(i => Math.Pow(Textbook.Dot(axes[i], gradient), 2)) / Textbook.Dot(gradient, gradient);
        GradientAlignment alignment = GradientAlignment.Measure(gradient, Textbook.ToTensor(turned).AsMatrix(), values, 2);
        Assert.Equal(4, alignment.Used);
        Near.Equal(expected, alignment.Value, 256, 1.0);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_cluster_whose_end_is_out_of_sight_leaves_it_undefined(int k)
    {
        GradientAlignment alignment = GradientAlignment.Measure([1.0, 1, 1, 1, 1], Identity(5).AsMatrix().RowRange(0, 3), [5, 3, 3], k);
        Assert.Null(alignment.Used);
        Near.Undefined($"the end of the cluster of eigenvalue {k} is not among the 3 pairs available; solve for more", alignment.Value);
        Assert.Equal(1, GradientAlignment.Measure([1.0, 1, 1, 1, 1], Identity(5).AsMatrix().RowRange(0, 3), [5, 3, 3], 1).Used);
    }

    [Fact]
    public void A_vanishing_gradient_has_no_direction()
    {
        GradientAlignment alignment = Measure([0, 1e-12, 0], [3, 2, 1], 2);
        Near.Undefined("the gradient's norm is at most 1e-12", alignment.Value);
        Assert.True(Measure([0, 2e-12, 0], [3, 2, 1], 2).Value.IsDefined);
    }

    [Fact]
    public void A_zero_hessian_is_one_cluster()
    {
        GradientAlignment alignment = Measure([1, 2, 3], [0, 0, 0], 1);
        Assert.Equal(3, alignment.Used);
        Near.Equal(1.0, alignment.Value, 8);
    }

    [Fact]
    public void Eigenpairs_without_vectors_are_refused()
    {
        EigenPairs pairs = new()
        {
            Dimension = 3,
            Values = [3, 2, 1],
            Residuals = [0, 0, 0],
            Multiplicities = [],
            MultiplicityTolerance = 0,
            IsComplete = true,
            Method = "dense",
            Convergence = new Convergence(ConvergenceStatus.Converged, 3, 1e-8, 0.0, "dense"),
        };
        Assert.Throws<ArgumentException>(() => GradientAlignment.Measure([1, 2, 3], pairs, 1));
        GradientAlignment alignment = GradientAlignment.Measure([1, 2, 3], pairs with { Vectors = Identity(3) }, 2);
        Near.Equal(5.0 / 14.0, alignment.Value, 8);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Measure([1, 2], [2, 1], 0));
        Assert.Throws<ArgumentException>(() => Measure([1, 2], [1, 2], 1));
        Assert.Throws<ArgumentException>(() => Measure([1, double.NaN], [2, 1], 1));
        Assert.Throws<ArgumentException>(() => GradientAlignment.Measure([1, 2, 3], Identity(2).AsMatrix(), [2, 1], 1));
        Assert.Throws<ArgumentException>(() => GradientAlignment.Measure([1, 2], Identity(2).AsMatrix().RowRange(0, 1), [2, 1], 1));
    }

    private static GradientAlignment Measure(double[] gradient, double[] eigenvalues, int k) =>
        GradientAlignment.Measure(gradient, Identity(gradient.Length).AsMatrix(), eigenvalues, k);

    private static Tensor<double> Identity(int n)
    {
        Tensor<double> identity = new(n, n);
        for (int i = 0; i < n; i++)
            identity[i, i] = 1.0;
        return identity;
    }
}
