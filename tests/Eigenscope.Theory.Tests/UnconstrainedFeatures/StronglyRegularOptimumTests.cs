using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

public sealed class StronglyRegularOptimumTests
{
    private const double Rounding = 1e-13;
    private const double Step = 1e-6;
    private const int Directions = 200;

    public static TheoryData<int, int, int, double, double> Settings => new()
    {
        { 4, 5, 3, 1e-3, 1e-3 },
        { 4, 2, 4, 2e-3, 5e-4 },
        { 4, 1, 6, 1e-3, 1e-3 },
        { 5, 50, 4, 4e-3, 4e-3 },
        { 5, 5, 5, 1e-3, 3e-3 },
        { 6, 3, 4, 1e-4, 1e-4 },
        { 7, 2, 3, 1e-4, 1e-4 },
        // The layers above the second grow in equal ratios; with the two last no constraint binds.
        { 8, 5, 4, 1e-5, 1e-5 },
        { 8, 5, 3, 1e-5, 1e-5 },
        { 12, 5, 5, 1e-6, 1e-6 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_loss_is_that_of_the_point_written_out(int vertices, int perClass, int depth, double decay, double featureDecay)
    {
        StronglyRegularOptimum optimum = Solve(vertices, perClass, depth, decay, featureDecay);
        RectifiedPoint point = RectifiedPoint.Of(optimum);

        Assert.Equal(point.Loss(), optimum.Loss, Rounding);
        double[,] before = point.BeforeLast();
        for (int e = 0; e < optimum.Setting.Classes; e++)
        {
            for (int f = 0; f < optimum.Setting.Classes; f++)
                Assert.Equal(optimum.Size * new[] { (2 * optimum.Share) - 1, optimum.Share, 1 }[Shared(vertices, e, f)], before[e, f], 1e-12 * optimum.Size);
        }
    }

    // At the kinks only one-sided derivatives exist; what a step forward gains to first order must not be negative, to the second order of the step. Directions that leave the kinks alone have a derivative of zero.
    [Theory]
    [MemberData(nameof(Settings))]
    public void No_direction_descends_to_first_order(int vertices, int perClass, int depth, double decay, double featureDecay)
    {
        RectifiedPoint point = RectifiedPoint.Of(Solve(vertices, perClass, depth, decay, featureDecay));
        RandomStream random = new(7);
        double loss = point.Loss();
        double scale = decay * Math.Sqrt(point.Factors.Sum(static factor => factor.Cast<double>().Sum(static entry => entry * entry)));
        for (int i = 0; i < (vertices > 6 ? Directions / 10 : Directions); i++)
        {
            double[][,] direction = Unit([.. point.Factors.Select((factor, l) => i % 3 == 0 || i % point.Factors.Length == l ? Normal(factor, random) : Zeros(factor))]);
            Assert.True((point.Moved(direction, Step).Loss() - loss) / Step > -1e-4 * scale, $"direction {i}: {(point.Moved(direction, Step).Loss() - loss) / Step} beside {scale}");
        }
    }

    [Fact]
    public void The_published_pattern_is_above_it_and_no_stationary_point()
    {
        UfmSetting setting = Setting(5, 50, 4, 4e-3, 4e-3);
        double published = PatternLoss(setting, 0);
        StronglyRegularOptimum optimum = StronglyRegularOptimum.Solve(setting)!;

        Assert.Equal(0.1938, published, 1e-4);
        Assert.True(PatternLoss(setting, 1e-4) < published - 1e-6);
        Assert.Equal(optimum.Loss, PatternLoss(setting, optimum.Share), 1e-9);
        Assert.True(optimum.Loss < published);
        Assert.True(optimum.Loss < UfmOptimum.Solve(setting).Loss);
    }

    [Theory]
    [InlineData(4, 3, "dnc")]
    [InlineData(4, 4, "srg")]
    [InlineData(5, 3, "dnc")]
    [InlineData(5, 4, "srg")]
    [InlineData(7, 5, "srg")]
    public void Depth_decides_whether_it_is_below_collapse(int vertices, int depth, string lowest) =>
        Assert.Equal(lowest, UfmCandidates.ListRectified(Setting(vertices, 5, depth, 1e-4, 1e-4))[0].Name);

    [Fact]
    public void Where_it_does_not_exist_there_is_none()
    {
        Assert.Null(StronglyRegularOptimum.Solve(Setting(5, 5, 2, 1e-3, 1e-3)));
        Assert.Null(StronglyRegularOptimum.Solve(Setting(5, 5, 4, 1e-3, 1e-3) with { Classes = 9 }));
        Assert.Null(StronglyRegularOptimum.Solve(Setting(5, 5, 4, 1e-3, 1e-3) with { Classes = 3 }));
        Assert.Null(StronglyRegularOptimum.Solve(Setting(5, 5, 4, 1e-3, 1e-3) with { LastBias = true }));
        Assert.Null(StronglyRegularOptimum.Solve(Setting(5, 5, 4, 1, 1)));
        Assert.Throws<ArgumentException>(static () => UfmCandidates.ListRectified(Setting(5, 5, 4, 1e-3, 1e-3) with { LastBias = true }));
        Assert.DoesNotContain(UfmCandidates.List(Setting(5, 5, 4, 1e-3, 1e-3)), static candidate => candidate.Name is "srg");
    }

    [Fact]
    public void Classes_are_edges()
    {
        for (int edge = 0; edge < 66; edge++)
        {
            (int first, int second) = EdgeCode.Ends(edge);
            Assert.True(first < second && RectifiedPoint.IsOn(first, edge) && RectifiedPoint.IsOn(second, edge));
        }
        Assert.Equal([4, 5, 6, 46341], new[] { 6, 10, 15, 1073720970 }.Select(static classes => EdgeCode.Vertices(classes)));
        Assert.All([1, 2, 3, 4, 5, 7, 9, 11], static classes => Assert.Null(EdgeCode.Vertices(classes)));
    }

    // The loss at a given x by a direct search: all scalars of the factors on logarithmic scales, hidden layers kept within what a ReLU can carry, and nothing of the equations. Coordinates in turn.
    private static double PatternLoss(UfmSetting setting, double share)
    {
        int r = EdgeCode.Vertices(setting.Classes)!.Value;
        double kappa = Math.Sqrt(2.0 * (r - 1) / (r - 2));
        double ratio = (r - 1) * ((0.5 * (4 - r)) + (share * (r - 2))) / ((1 - share) * (r - 2));
        // log of: m; the spread of H₁ and H₂ … H_{L−1}; the excess of the constant's singular value over κ times that (for H₁: over nothing).
        double[] x = new double[1 + (2 * (setting.Depth - 1))];
        double Cost(double[] at)
        {
            double size = Math.Exp(at[0]);
            double decay = 0;
            double spread = 1;
            double constant = 1;
            for (int l = 0; l < setting.Depth - 1; l++)
            {
                double nextSpread = Math.Exp(at[1 + (2 * l)]);
                double nextConstant = l == 0 ? Math.Exp(at[2]) : kappa * nextSpread * Math.Exp(Math.Max(0, at[2 + (2 * l)]));
                decay += (l == 0 ? setting.FeatureDecay * setting.PerClass : setting.WeightDecay) * (((r - 1) * Math.Pow(nextSpread / spread, 2)) + Math.Pow(nextConstant / constant, 2));
                (spread, constant) = (nextSpread, nextConstant);
            }
            double product = size * (1 - share) * (r - 2);
            decay += setting.WeightDecay * (((r - 1) * Math.Pow(product / spread, 2)) + Math.Pow(product * ratio / constant, 2));
            double ridge = setting.Classes * setting.WeightDecay;
            double Mode(double level) => 1 / ((size * size * level * level) + ridge);
            return (0.5 * decay) + (0.5 * setting.WeightDecay * (Mode(1 + (2 * (r - 2) * share)) + ((r - 1) * Mode(1 + ((r - 4) * share))) + ((setting.Classes - r) * Mode(1 - (2 * share)))));
        }
        double best = Cost(x);
        for (double step = 0.3; step > 1e-8;)
        {
            bool improved = false;
            for (int i = 0; i < x.Length; i++)
            {
                foreach (double signed in new[] { step, -step })
                {
                    x[i] += signed;
                    double cost = Cost(x);
                    if (cost < best)
                        (best, improved) = (cost, true);
                    else
                        x[i] -= signed;
                }
            }
            step *= improved ? 1 : 0.5;
        }
        return best;
    }

    private static int Shared(int vertices, int e, int f) => Enumerable.Range(0, vertices).Count(v => RectifiedPoint.IsOn(v, e) && RectifiedPoint.IsOn(v, f));

    private static double[,] Normal(double[,] shape, RandomStream random) => RectifiedPoint.Table(shape.GetLength(0), shape.GetLength(1), (_, _) => random.NextNormal());

    private static double[,] Zeros(double[,] shape) => RectifiedPoint.Table(shape.GetLength(0), shape.GetLength(1), static (_, _) => 0);

    private static double[][,] Unit(double[][,] direction)
    {
        double norm = Math.Sqrt(direction.Sum(static factor => factor.Cast<double>().Sum(static entry => entry * entry)));
        return [.. direction.Select(factor => RectifiedPoint.Table(factor.GetLength(0), factor.GetLength(1), (i, j) => factor[i, j] / norm))];
    }

    private static StronglyRegularOptimum Solve(int vertices, int perClass, int depth, double decay, double featureDecay) => StronglyRegularOptimum.Solve(Setting(vertices, perClass, depth, decay, featureDecay))!;

    private static UfmSetting Setting(int vertices, int perClass, int depth, double decay, double featureDecay) =>
        UfmCases.Mse(vertices * (vertices - 1) / 2, perClass, vertices * (vertices - 1) / 2, depth, decay, featureDecay);
}
