using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

public sealed class UfmCandidatesTests
{
    private const double Rounding = 1e-14;
    private const double NoNegativeEigenvalue = -1e-14;

    [Theory]
    [InlineData("mse, K=3 n=2 d=5 L=3")]
    [InlineData("mse, two matrices")]
    [InlineData("mse, two classes, six matrices")]
    [InlineData("mse, equal decays, four matrices")]
    [InlineData("mse bias, K=3 n=2 d=4 L=3")]
    [InlineData("mse bias, width K-1")]
    public void Partial_ranks_are_stationary_with_the_predicted_loss_and_no_descent_direction(string name)
    {
        UfmSetting setting = UfmCases.Named(name);
        DenseModel model = new(setting);
        UfmCandidate[] partial = UfmCandidates.List(setting).Where(candidate => candidate.Name.StartsWith("rank-", StringComparison.Ordinal)).ToArray();
        int full = setting.LastBias ? setting.Classes - 1 : setting.Classes;
        Assert.Equal(Enumerable.Range(1, full - 1), partial.Select(candidate => candidate.Rank).Order());

        foreach (UfmCandidate candidate in partial)
        {
            double[] point = CollapsedPoint.Of(setting, UfmOptimum.Solve(setting).SingularValue, Frame(setting, candidate.Rank));
            Assert.All(model.Gradient(point, regularised: true), entry => Assert.Equal(0, entry, Rounding));
            Assert.Equal(model.Loss(point), candidate.Loss, Rounding);
            double[] eigenvalues = Spectrum.Eigenvalues(model.Hessian(point, model.Everything(withFeatures: true), regularised: true));
            Assert.True(eigenvalues[^1] >= NoNegativeEigenvalue * Math.Max(1, eigenvalues[0]));
        }
    }

    [Fact]
    public void With_one_matrix_a_partial_rank_has_a_descent_direction_and_is_no_candidate()
    {
        UfmSetting setting = UfmCases.Named("mse, one matrix");
        DenseModel model = new(setting);
        double[] point = CollapsedPoint.Of(setting, UfmOptimum.Solve(setting).SingularValue, Frame(setting, 2));

        Assert.All(model.Gradient(point, regularised: true), entry => Assert.Equal(0, entry, Rounding));
        Assert.True(Spectrum.Eigenvalues(model.Hessian(point, model.Everything(withFeatures: true), regularised: true))[^1] < -1e-3);
        Assert.Equal(["dnc", "zero"], UfmCandidates.List(setting).Select(candidate => candidate.Name));
    }

    [Theory]
    [InlineData(4, 2, 5, 3, 1e-3, 2e-3, false)]
    [InlineData(6, 1, 6, 2, 1e-3, 1e-3, true)]
    public void Paired_classes_are_stationary_with_the_predicted_loss(int classes, int perClass, int width, int depth, double decay, double featureDecay, bool lastBias)
    {
        UfmSetting setting = UfmCases.Ce(classes, perClass, width, depth, decay, featureDecay) with { LastBias = lastBias };
        DenseModel model = new(setting);
        UfmCandidate paired = UfmCandidates.List(setting).Single(candidate => string.Equals(candidate.Name, "low-rank", StringComparison.Ordinal));
        Assert.Equal(classes / 2, paired.Rank);

        // The singular value follows from the loss by a search along the family of points, independent of the equation that was solved.
        double singularValue = Minimiser(s => model.Loss(CollapsedPoint.Of(setting, s, Frames.Pairs(classes))), 0.8, 3);
        double[] point = CollapsedPoint.Of(setting, singularValue, Frames.Pairs(classes));
        Assert.Equal(model.Loss(point), paired.Loss, Rounding);
        // A minimum is found to the square root of the rounding.
        Assert.All(model.Gradient(point, regularised: true), entry => Assert.Equal(0, entry, 1e-7));
    }

    [Fact]
    public void Ten_classes_two_matrices_give_the_published_losses()
    {
        double decay = Math.Pow(2, -10);
        UfmSetting setting = UfmCases.Ce(10, 5, 10, 2, decay, decay);

        Dictionary<string, double> losses = UfmCandidates.List(setting).ToDictionary(candidate => candidate.Name, candidate => candidate.Loss, StringComparer.Ordinal);

        Assert.Equal(0.090662, losses["dnc"], 5e-7);
        Assert.Equal(0.080013, losses["low-rank"], 5e-7);
        Assert.Equal(7.038, UfmOptimum.Solve(setting).Gain, 5e-4);
        Assert.Equal(Math.Log(10), losses["zero"], Rounding);

        double Paired(double beta) => Math.Log(1 + (8 * Math.Exp(-beta)) + Math.Exp(-2 * beta)) + (1.5 * decay * 5 * Math.Pow(2 * beta * Math.Sqrt(5), 2.0 / 3));
        double best = Minimiser(Paired, 2, 20);
        Assert.Equal(7.047, best, 5e-4);
        Assert.Equal(Paired(best), losses["low-rank"], Rounding);
    }

    [Theory]
    [InlineData(4, 3, true)]
    [InlineData(4, 5, true)]
    [InlineData(6, 2, true)]
    [InlineData(10, 2, true)]
    [InlineData(4, 2, false)]
    [InlineData(4, 1, false)]
    [InlineData(6, 1, false)]
    public void Pairing_beats_collapse_at_small_decay_exactly_where_it_is_claimed_to(int classes, int depth, bool beats)
    {
        UfmSetting setting = UfmCases.Ce(classes, 5, classes, depth, 1e-8, 1e-8);

        string best = UfmCandidates.List(setting)[0].Name;

        Assert.Equal(beats ? "low-rank" : "dnc", best);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    [InlineData(100, 3)]
    [InlineData(1000, 12)]
    public void Pairing_exists_up_to_the_single_maximum_of_its_equation(int classes, int depth)
    {
        // Stationarity of the published loss in β, all decays λ and n = 1: λ^{L+1} = (force/K)^{L+1} (2β)^{L−1}.
        double Level(double beta)
        {
            double decayed = Math.Exp(-beta);
            double force = (((classes - 2) * decayed) + (2 * decayed * decayed)) / (1 + ((classes - 2) * decayed) + (decayed * decayed));
            return ((depth + 1) * Math.Log(force / classes)) + ((depth - 1) * Math.Log(2 * beta));
        }

        double[] levels = Enumerable.Range(1, 2000).Select(i => Level(0.01 * i)).ToArray();
        int peak = Array.IndexOf(levels, levels.Max());
        Assert.All(Enumerable.Range(1, levels.Length - 1), i => Assert.Equal(i <= peak, levels[i] > levels[i - 1]));
        double end = Math.Exp(Level(Minimiser(beta => -Level(beta), 1e-3, 20)) / (depth + 1));
        Assert.True(HasPairing(end * (1 - 1e-9)));
        Assert.False(HasPairing(end * (1 + 1e-9)));

        bool HasPairing(double decay) => UfmCandidates.List(UfmCases.Ce(classes, 1, classes, depth, decay, decay)).Any(candidate => candidate.Rank == classes / 2);
    }

    [Fact]
    public void Zero_is_the_only_candidate_past_the_spinodal() =>
        Assert.Equal([new UfmCandidate("zero", 0, 0.5)], UfmCandidates.List(UfmCases.Mse(5, 3, 5, 4, 1, 1)));

    [Fact]
    public void Candidates_come_by_loss()
    {
        double[] losses = UfmCandidates.List(UfmCases.Mse(10, 5, 16, 6, 1e-3, 1e-3)).Select(candidate => candidate.Loss).ToArray();

        Assert.Equal(11, losses.Length);
        Assert.Equal(losses.Order(), losses);
    }

    private static double[,] Frame(UfmSetting setting, int rank) => setting.LastBias
        ? Frames.RandomCentred(setting.Classes, rank, new RandomStream(5))
        : Frames.Random(setting.Classes, rank, new RandomStream(5));

    /// <summary>Golden-section search.</summary>
    private static double Minimiser(Func<double, double> loss, double low, double high)
    {
        double ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-9)
        {
            double left = high - (ratio * (high - low));
            double right = low + (ratio * (high - low));
            if (loss(left) < loss(right))
                high = right;
            else
                low = left;
        }
        return 0.5 * (low + high);
    }
}
