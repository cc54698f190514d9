using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Compression;

/// <summary>The search for ranks against all plans there are; the paired doubt against the variance of single samples; times by a clock of the test's own.</summary>
public sealed class RankSearchTests : IDisposable
{
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 64-14-10: 11 ranks of the first weight save numbers, 5 of the second, and each may stay whole.
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void What_is_found_is_allowed_cannot_be_lowered_and_is_near_the_least(double allowed)
    {
        (CompressPlan plan, LowRankWeights weights, Classifier validation) = Problem();
        double[] state = plan.Model.State;
        RankTrial found = new RankSearch(weights, validation, state, static _ => { }, CancellationToken.None).Run(allowed);

        int[] before = validation.Predict(state);
        Dictionary<(int, int), (int Size, bool IsAllowed)> all = [];
        for (int first = 0; first <= 11; first++)
        {
            for (int second = 0; second <= 5; second++)
                all[(first, second)] = Judge(weights, validation, before, [first, second], allowed);
        }
        (int a, int b) = (found.Ranks[0], found.Ranks[1]);
        Assert.True(all[(a, b)].IsAllowed);
        Assert.Equal(all[(a, b)].Size, found.Parameters);
        Assert.False(a != 1 && all[(a == 0 ? 11 : a - 1, b)].IsAllowed, $"{a}, {b}");
        Assert.False(b != 1 && all[(a, b == 0 ? 5 : b - 1)].IsAllowed, $"{a}, {b}");
        int least = all.Values.Where(static entry => entry.IsAllowed).Min(static entry => entry.Size);
        Assert.InRange(found.Parameters, least, (int)(1.2 * least));
    }

    [Fact]
    public void The_doubt_of_paired_accuracies_is_that_of_the_samples_differences()
    {
        RandomStream random = new(4);
        int[] labels = Draw(random), before = Draw(random), after = Draw(random);
        PairedAccuracy paired = PairedAccuracy.Of(labels, before, after);
        double[] falls = [.. Enumerable.Range(0, labels.Length).Select(i => (before[i] == labels[i] ? 1.0 : 0.0) - (after[i] == labels[i] ? 1.0 : 0.0))];
        double mean = falls.Average(), variance = falls.Sum(fall => (fall - mean) * (fall - mean)) / falls.Length;
        Assert.Equal(mean, paired.Drop, 1e-14);
        Assert.Equal(paired.Before - paired.After, paired.Drop, 1e-14);
        Assert.Equal(Math.Sqrt(variance / falls.Length), paired.StandardError, 1e-14);
        Assert.Equal((0.0, 0.0), (PairedAccuracy.Of(labels, before, before).Drop, PairedAccuracy.Of(labels, before, before).StandardError));
    }

    [Fact]
    public void Times_are_medians_over_rounds_in_turn()
    {
        ManualClock clock = new();
        int calls = 0;
        TimingReport report = InferenceTiming.Measure(() => clock.Advance(2.0), () => clock.Advance(1.0 + calls++), samples: 1_000_000, new RunClock(clock), CancellationToken.None);
        // The first pass does not count: 2, 3, … 8 seconds.
        Assert.Equal((7, 1_000_000), (report.Rounds, report.Samples));
        Assert.Equal(new TimeReport(2.0, 2.0, 2.0), report.Before);
        Assert.Equal(new TimeReport(5.0, 2.0, 8.0), report.After);
    }

    [Fact]
    public void Short_passes_are_repeated()
    {
        ManualClock clock = new();
        int passes = 0;
        TimingReport report = InferenceTiming.Measure(
            () =>
            {
                clock.Advance(0.01);
                passes++;
            },
            () => clock.Advance(0.02),
            samples: 100,
            new RunClock(clock),
            CancellationToken.None);
        // One to warm up, one to see how long it takes, and seven rounds of five.
        Assert.Equal(37, passes);
        Assert.Equal(100.0, report.Before.Median, 1e-9);
        Assert.Equal(200.0, report.After.Median, 1e-9);
    }

    // The interval of Bonett and Price; a network that is whole needs none.
    private static (int Size, bool IsAllowed) Judge(LowRankWeights weights, Classifier validation, int[] before, int[] ranks, double allowed)
    {
        int[] after = validation.Predict(weights.Truncated(ranks));
        int n = before.Length;
        int lost = Enumerable.Range(0, n).Count(i => before[i] == validation.Labels[i] && after[i] != validation.Labels[i]), gained = Enumerable.Range(0, n).Count(i => before[i] != validation.Labels[i] && after[i] == validation.Labels[i]);
        double drop = (lost - gained) / (n + 2.0), error = Math.Sqrt((((lost + gained + 2) / (n + 2.0)) - (drop * drop)) / (n + 2.0));
        int size = (ranks[0] == 0 ? 64 * 14 : ranks[0] * 78) + 14 + (ranks[1] == 0 ? 140 : ranks[1] * 24) + 10;
        return (size, ranks is [0, 0] || drop + (2.0 * error) <= allowed);
    }

    private (CompressPlan Plan, LowRankWeights Weights, Classifier Validation) Problem()
    {
        StudyOptions options = new() { Width = 14, Depth = 2, Epochs = 15, Restarts = 0, Operators = "none", MeasureEvery = 0, Samples = 500, TestFraction = 0.2 };
        Study.Run(options, Settings, TimeProvider.System, null, CancellationToken.None).SaveModel!(_folder["model.npz"]);
        CompressPlan plan = CompressRecipe.Resolve(new CompressOptions { Model = _folder["model.npz"] }, Settings, new RandomStream(0));
        Numerics.Execution.Compute compute = RunHost.Start(Settings).Compute;
        return (plan, new LowRankWeights(plan.Model, compute), new Classifier(plan, plan.Model.Network, plan.Validation!, compute));
    }

    private static int[] Draw(RandomStream random) => [.. Enumerable.Range(0, 500).Select(_ => random.NextInt32(3))];
}
