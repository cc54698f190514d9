using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class OutlierOriginTests
{
    private const double Units = 2000.0;

    [Theory]
    [InlineData(false, "all")]
    [InlineData(true, "all")]
    [InlineData(true, "1.weight")]
    public void Shares_split_the_Rayleigh_quotient_of_any_vector(bool crossEntropy, string scope)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double[][][] vectors = [.. Enumerable.Range(0, problem.Count).Select(i => problem.Vectors(scope, i))];
        double[][] directions = Samples.Rotation(3, vectors[0][0].Length)[..4];
        IReadOnlyList<OutlierOrigin> origins = OutlierOrigin.Measure(problem.Linearization, scope, problem.Data.Labels, 3, Pairs(directions, [4, 3, 2, 1]), 4);
        for (int j = 0; j < directions.Length; j++)
        {
            (double within, double cross, double own) = Squares(problem, vectors, directions[j]);
            double whole = within + cross + own;
            Near.Equal(whole, origins[j].GaussNewton, Units);
            Near.Equal(own / whole, origins[j].ClassShare, Units, 1.0);
            Near.Equal(cross / whole, origins[j].CrossClassShare, Units, 1.0);
            Near.Equal(within / whole, origins[j].WithinClassShare, Units, 1.0);
            Assert.Equal(1, origins[j].ClusterSize);
        }
    }

    [Fact]
    public void The_verdict_follows_the_majority()
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        EigenPairs pairs = SymmetricEigensolver.Solve(problem.Linearization.GaussNewton(), new EigenOptions { Top = 43 }, TestCompute.Instance, new Numerics.Randomness.RandomStream(1));
        IReadOnlyList<OutlierOrigin> origins = OutlierOrigin.Measure(problem.Linearization, "all", problem.Data.Labels, 3, pairs, 12);
        foreach (OutlierOrigin origin in origins)
        {
            double[] shares = [origin.ClassShare.Value!.Value, origin.CrossClassShare.Value!.Value, origin.WithinClassShare.Value!.Value];
            Near.Equal(1.0, shares.Sum(), Units);
            Near.Equal(origin.Eigenvalue, origin.GaussNewton, Units, pairs.Values[0]);
            SpectralOrigin expected = Array.FindIndex(shares, static share => share > 0.5) switch { 0 => SpectralOrigin.Class, 1 => SpectralOrigin.CrossClass, 2 => SpectralOrigin.WithinClass, _ => SpectralOrigin.Mixed };
            Assert.Equal(expected, origin.Origin);
        }
        OriginCounts counts = OriginCounts.Of(origins);
        Assert.Equal(12, counts.Total);
        Assert.Equal(origins.Count(static origin => origin.Origin == SpectralOrigin.WithinClass), counts.WithinClass);
        Assert.True(counts.WithinClass > 0 && counts.WithinClass < 12, "the problem has outliers of more than one kind");
    }

    [Fact]
    public void Members_of_a_cluster_carry_its_sum_whatever_their_basis()
    {
        TwoLayerProblem problem = new(crossEntropy: false);
        double[][] axes = Samples.Rotation(5, 43)[..4];
        double[][] turned = [axes[0], .. Textbook.Product(Samples.Rotation(6, 3), axes[1..4])];
        IReadOnlyList<OutlierOrigin> one = Measure(axes), other = Measure(turned);
        for (int j = 0; j < 4; j++)
        {
            Near.Equal(one[j].ClassShare.Value!.Value, other[j].ClassShare, Units, 1.0);
            Near.Equal(one[j].GaussNewton, other[j].GaussNewton, Units);
            Assert.Equal(j == 0 ? 1 : 3, other[j].ClusterSize);
        }

        IReadOnlyList<OutlierOrigin> Measure(double[][] rows) => OutlierOrigin.Measure(problem.Linearization, "all", problem.Data.Labels, 3, Pairs(rows, [4, 2, 2, 2]), 9);
    }

    [Fact]
    public void What_the_Gauss_Newton_matrix_does_not_see_is_the_networks_own_curvature()
    {
        // Cross-entropy does not see what all logits share, so that 5 of the 15 directions of the last weight have no gradient.
        TwoLayerProblem problem = new(crossEntropy: true);
        double[][] rows = [.. Enumerable.Range(0, problem.Count).SelectMany(i => problem.Vectors("2.weight", i))];
        double[] blind = Textbook.Eigen(Textbook.Product(Textbook.Transpose(rows), rows)).Vectors[^1];
        OutlierOrigin none = Measure(blind, 1.0), partly = Measure(Samples.Rotation(9, 15)[0], 1e6);
        Assert.Equal(SpectralOrigin.NetworkCurvature, none.Origin);
        Near.Undefined("the eigenvector is in the null space of the Gauss–Newton matrix", none.ClassShare);
        Assert.Equal(SpectralOrigin.NetworkCurvature, partly.Origin);
        Assert.True(partly.ClassShare.IsDefined && partly.GaussNewton < 0.5 * partly.Eigenvalue);

        OutlierOrigin Measure(double[] vector, double value) => OutlierOrigin.Measure(problem.Linearization, "2.weight", problem.Data.Labels, 3, Pairs([vector], [value]), 1)[0];
    }

    [Fact]
    public void Pairs_without_vectors_are_refused()
    {
        TwoLayerProblem problem = new(crossEntropy: false);
        EigenPairs pairs = Pairs(Samples.Rotation(5, 43)[..2], [2, 1]) with { Vectors = null };
        Assert.Throws<ArgumentException>(() => OutlierOrigin.Measure(problem.Linearization, "all", problem.Data.Labels, 3, pairs, 2));
    }

    // The weighted sums of squares of directional derivatives about their means, written out; the vectors hold the roots of the terms' weights.
    private static (double Within, double Cross, double Class) Squares(TwoLayerProblem problem, double[][][] vectors, double[] v)
    {
        (double within, double cross, double own) = (0.0, 0.0, 0.0);
        for (int c = 0; c < 3; c++)
        {
            int[] members = [.. Enumerable.Range(0, problem.Count).Where(i => problem.Data.Labels[i] == c)];
            (double Weight, double Mean)[] groups = new (double, double)[3];
            for (int k = 0; k < 3; k++)
            {
                (double Weight, double Slope)[] terms = [.. members.Select(i => (problem.TermWeights(i)[k] / problem.Count, Textbook.Dot(vectors[i][k], v) / Math.Sqrt(problem.TermWeights(i)[k])))];
                groups[k] = (terms.Sum(static term => term.Weight), terms.Sum(static term => term.Weight * term.Slope) / terms.Sum(static term => term.Weight));
                within += terms.Sum(term => term.Weight * Math.Pow(term.Slope - groups[k].Mean, 2));
                own += problem.IsApart(c, k) ? groups[k].Weight * Math.Pow(groups[k].Mean, 2) : 0.0;
            }
            (double Weight, double Mean)[] others = [.. groups.Where((_, k) => !problem.IsApart(c, k))];
            double total = others.Sum(static group => group.Weight), mean = others.Sum(static group => group.Weight * group.Mean) / total;
            cross += others.Sum(group => group.Weight * Math.Pow(group.Mean - mean, 2));
            own += total * mean * mean;
        }
        return (within, cross, own);
    }

    private static EigenPairs Pairs(double[][] vectors, double[] values) => new()
    {
        Dimension = vectors[0].Length,
        Values = values,
        Residuals = new double[values.Length],
        Vectors = Textbook.ToTensor(vectors),
        Multiplicities = [],
        MultiplicityTolerance = 0,
        IsComplete = false,
        Method = "given",
        Convergence = new Convergence(ConvergenceStatus.Converged, 0, 1e-8, 0.0, "given"),
    };
}
