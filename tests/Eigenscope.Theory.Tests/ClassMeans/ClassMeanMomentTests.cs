using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Theory.Tests.ClassMeans;

public sealed class ClassMeanMomentTests
{
    private const double Units = 200.0 * Reference.Epsilon;
    private static readonly double[] Shares = [0.5, 0.2, 0.3];

    [Theory]
    [InlineData(false, 6, 3)]
    [InlineData(true, 6, 2)]
    [InlineData(false, 2, 2)]
    [InlineData(true, 1, 1)]
    public void Eigenvalues_are_those_of_the_explicit_moment(bool centred, int dimension, int rank)
    {
        Tensor<double> means = new(3, dimension);
        new RandomStream(4).FillNormal(means.Span);
        Tensor<double> dense = Explicit(means, centred);
        double[] expected = Reference.Eigenvalues(dense);

        ClassMeanMoment predicted = centred ? ClassMeanMoment.Covariance(Shares, means, Reference.Compute) : ClassMeanMoment.SecondMoment(Shares, means, Reference.Compute);

        Assert.Equal(rank, predicted.Eigenvalues.Count);
        for (int j = 0; j < rank; j++)
            Assert.Equal(expected[j], predicted.Eigenvalues[j], Units * expected[0]);
        Assert.Equal(Reference.Trace(dense), predicted.Trace, Units * predicted.Trace);
    }

    [Fact]
    public void Equal_means_have_no_covariance()
    {
        Tensor<double> means = new(3, 4);
        means.Span.Fill(0.1);
        Assert.Empty(ClassMeanMoment.Covariance(Shares, means, Reference.Compute).Eigenvalues);
        Assert.Single(ClassMeanMoment.SecondMoment(Shares, means, Reference.Compute).Eigenvalues);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused_by_name()
    {
        Assert.Equal("means", Assert.Throws<ArgumentException>(() => ClassMeanMoment.SecondMoment(Shares, new Tensor<double>(2, 4), Reference.Compute)).ParamName);
        Assert.Equal("shares", Assert.Throws<ArgumentException>(() => ClassMeanMoment.Covariance([1.0, -1.0], new Tensor<double>(2, 4), Reference.Compute)).ParamName);
    }

    private static Tensor<double> Explicit(Tensor<double> means, bool centred)
    {
        double[] centre = new double[means.Columns];
        for (int c = 0; centred && c < means.Rows; c++)
            for (int i = 0; i < centre.Length; i++)
                centre[i] += Shares[c] * means[c, i];
        Tensor<double> moment = new(centre.Length, centre.Length);
        for (int c = 0; c < means.Rows; c++)
            for (int i = 0; i < centre.Length; i++)
                for (int j = 0; j < centre.Length; j++)
                    moment[i, j] += Shares[c] * (means[c, i] - centre[i]) * (means[c, j] - centre[j]);
        return moment;
    }
}
