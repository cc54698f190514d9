using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.ImplicitBias;
using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>The implicit bias of depth: from neural collapse to softmax codes (2605.23087).</summary>
internal static class SoftmaxCodeClaims
{
    private const int Classes = 8;
    private const double HadamardSize = 0.5;

    // How far an effective rank may be from what is expected, and how far depth and width have to move one.
    private const double RankTolerance = 0.5;

    private static readonly int[] Depths = [1, 2, 3, 5];
    private static readonly int[] FlowDepths = [1, 2, 3];
    private static readonly int[] Widths = [8, 16, 32, 64];

    // Rates and steps of one time; the error of a descent goes with its rate.
    private static readonly (string Rate, string Steps)[] Refinements = [("0.01", "5000"), ("0.005", "10000"), ("0.0025", "20000")];
    private static readonly double[] ToRateZero = [1.0 / 3.0, -2.0, 8.0 / 3.0];
    private static readonly ClaimPaper Paper = new("softmax-codes", "2605.23087", "Implicit bias of depth towards low ranks, without decay");

    public static IReadOnlyList<Claim> All { get; } = [ReducedFlow(), DescentFollows(), Deepening(), Widening()];

    private static Claim ReducedFlow() => new()
    {
        Id = "softmax-codes-reduced-flow",
        Paper = Paper,
        Statement = "Without any decay the effective rank of the logits at the end of gradient flow from the Hadamard start falls with depth: 6.99, 4.76, 3.57, 3.10 for one, two, three and five matrices at a spread of 0.3, and 7.00, 6.95, 5.64, 3.48 at 0.05.",
        Settings = Options(("draws", "10"), ("stop-loss", "1e-8")),
        Checks =
        [
            FlowCheck(0.3, [6.99, 4.76, 3.57, 3.10]),
            FlowCheck(0.05, [7.00, 6.95, 5.64, 3.48]),
            .. ((double[])[0.3, 0.05]).Select(static spread => new ClaimCheck(FormattableString.Invariant($"effective rank along depth, spread {spread}"), evidence => FlowRanks(evidence, spread), Expectation.Falling(), "the paper's trend") { Along = "matrices" }),
        ],
        RefutedBy = Options(("stop-loss", "1")),
        IsOracle = true,
    };

    private static ClaimCheck FlowCheck(double spread, IReadOnlyList<double> ranks) => new(
        FormattableString.Invariant($"effective rank, spread {spread}"), evidence => FlowRanks(evidence, spread), Expectation.Near(ranks, absolute: RankTolerance), "independent computation (NumPy), means of 10 draws")
    { Along = "matrices" };

    private static Measured FlowRanks(Evidence evidence, double spread) => Measured.Means(Depths.Select(depth => (
        FormattableString.Invariant($"{depth}"),
        (IReadOnlyList<double?>)[.. Enumerable.Range(0, (int)evidence.Setting("draws")).Select(draw =>
            (double?)HadamardFlow.Follow(Sizes(spread, (ulong)draw), new HadamardFlowOptions { Depth = depth, StopLoss = evidence.Setting("stop-loss") }).EffectiveRank)])));

    private static double[] Sizes(double spread, ulong draw)
    {
        RandomStream random = new(draw);
        return [.. Enumerable.Range(0, Classes).Select(_ => HadamardSize * Math.Abs(1.0 + (spread * random.NextNormal())))];
    }

    private static Dictionary<string, string> NoDecay(int depth, int width) => Options(
        ("classes", FormattableString.Invariant($"{Classes}")), ("per-class", "1"), ("width", FormattableString.Invariant($"{width}")), ("depth", FormattableString.Invariant($"{depth}")),
        ("loss", "cross-entropy"), ("weight-decay", "0"), ("optimizer", "gradient-descent"), ("restarts", "0"), ("measure-every", "0"), ("top", "1"));

    private static Claim DescentFollows() => new()
    {
        Id = "softmax-codes-descent-follows",
        Paper = Paper,
        Statement = "Gradient flow of the whole model from the Hadamard start follows the reduced equations.",
        Runs = [.. from depth in FlowDepths from refinement in Refinements select FollowRun(depth, refinement)],
        Checks = [.. FlowDepths.Select(static depth => new ClaimCheck(FormattableString.Invariant($"singular values of the logits less those of the reduced equations, L = {depth}"), evidence => AtRateZero(evidence, depth), Expectation.Near(0.0, absolute: 1e-6), "derived; integrated to 1e-11") { Along = "mode" })],
        RefutedBy = Options(("learning-rate", "0.5")),
        Caveats = ["Gradient flow is descents of three rates, 0.01 and its half and quarter, extrapolated to rate 0 at time 50."],
        IsOracle = true,
    };

    private static ClaimRun FollowRun(int depth, (string Rate, string Steps) refinement) =>
        new(FollowName(depth, refinement.Rate), "ufm", NoDecay(depth, Classes).With(("start", "hadamard"), ("hadamard-spread", "0.3"), ("learning-rate", refinement.Rate), ("iterations", refinement.Steps))) { Seconds = 2 };

    private static string FollowName(int depth, string rate) => FormattableString.Invariant($"{depth}, {rate}");

    private static Measured AtRateZero(Evidence evidence, int depth) => Measured.Of(Enumerable.Range(0, Classes - 1).Select(mode =>
    {
        double? difference = 0.0;
        for (int i = 0; i < Refinements.Length; i++)
        {
            RunReport report = evidence[FollowName(depth, Refinements[i].Rate)];
            difference += ToRateZero[i] * (report.Number(FormattableString.Invariant($"flow.measuredSingularValues[{mode}]")) - report.Number(FormattableString.Invariant($"flow.singularValues[{mode}]")));
        }
        return (FormattableString.Invariant($"{mode + 1}"), difference);
    }));

    private static ClaimRun RandomRun(string name, int depth, int width) =>
        new(name, "ufm", NoDecay(depth, width).With(("learning-rate", "0.5"), ("iterations", "5000"), ("starts", "10"))) { Seconds = 4 };

    private static Claim Deepening() => new()
    {
        Id = "softmax-codes-depth",
        Paper = Paper,
        Statement = "Without any decay the deeper the model, the lower the effective rank of the logits that random starts come to.",
        Runs = [.. Depths.Select(static depth => RandomRun(FormattableString.Invariant($"{depth}"), depth, 16))],
        Checks =
        [
            new ClaimCheck("effective rank of the class-mean logits", static evidence => Ranks(evidence, Depths), Expectation.Falling(), "the paper's trend") { Along = "matrices" },
            new ClaimCheck("fall of the effective rank from one matrix to five", static evidence => Measured.Of(Ranks(evidence, Depths).Values[0] - Ranks(evidence, Depths).Values[^1]), Expectation.AtLeast(RankTolerance), "the tolerance of the other claims"),
        ],
        RefutedBy = Options(("start", "dnc"), ("iterations", "100")),
        Caveats = ["After 5,000 steps at rate 0.5 and width 16, not at one loss."],
    };

    private static Claim Widening() => new()
    {
        Id = "softmax-codes-width",
        Paper = Paper,
        Statement = "Without any decay the wider the model, the higher the effective rank of the logits that random starts come to.",
        Runs = [.. Widths.Select(static width => RandomRun(FormattableString.Invariant($"{width}"), 3, width))],
        Checks =
        [
            new ClaimCheck("effective rank of the class-mean logits", static evidence => Ranks(evidence, Widths), Expectation.Rising(), "the paper's trend") { Along = "width" },
            new ClaimCheck("rise of the effective rank from width 8 to 64", static evidence => Measured.Of(Ranks(evidence, Widths).Values[^1] - Ranks(evidence, Widths).Values[0]), Expectation.AtLeast(RankTolerance), "the tolerance of the other claims"),
        ],
        RefutedBy = Options(("width", "8"), ("iterations", "100")),
        Caveats = ["After 5,000 steps at rate 0.5 with three matrices, not at one loss."],
    };

    private static Measured Ranks(Evidence evidence, int[] runs) => Measured.Means(runs.Select(run => FormattableString.Invariant($"{run}")).Select(run => (run, evidence[run].Attempts("effectiveRank"))));
}
