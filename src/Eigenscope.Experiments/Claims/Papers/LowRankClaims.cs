using Eigenscope.Theory.UnconstrainedFeatures;
using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Neural collapse versus low-rank bias: is deep neural collapse really optimal? (2405.14468)</summary>
internal static class LowRankClaims
{
    // Starts of the random descents, in one run.
    private const int Starts = 5;

    private static readonly int[] Vertices = [4, 5, 6, 7, 8];
    private static readonly int[] Deeper = [0, 1, 2, 4];
    private static readonly (string Name, int Vertices)[] Edges = [("K = 6", 4), ("K = 10", 5)];
    private static readonly ClaimPaper Paper = new("low-rank", "2405.14468", "Low-rank bias against neural collapse in deep ReLU models");

    public static IReadOnlyList<Claim> All { get; } = [BelowCollapse(), Pattern(), DescentsFromEdges(), RandomDescents()];

    private static int Classes(int vertices) => vertices * (vertices - 1) / 2;

    private static Claim BelowCollapse() => new()
    {
        Id = "low-rank-edges-below-collapse",
        Paper = Paper,
        Statement = "With a ReLU and four or more matrices the strongly regular solution, whose classes are the edges of a complete graph, has a lower loss than collapse.",
        Settings = Options(("matrices", "4"), ("per-class", "1"), ("weight-decay", "1e-4")),
        Checks = [.. Vertices.Select(static vertices => new ClaimCheck(FormattableString.Invariant($"loss over that of collapse, K = {Classes(vertices)}"), evidence => LossRatios(evidence, vertices), Expectation.AtMost(1.0), "paper") { Along = "matrices" })],
        RefutedBy = Options(("matrices", "3")),
        Caveats = ["The symmetric point of the closed form is a saddle: what is below it is below collapse as well."],
        IsOracle = true,
    };

    private static Measured LossRatios(Evidence evidence, int vertices) => Measured.Of(Deeper.Select(more =>
    {
        int depth = (int)evidence.Setting("matrices") + more;
        double decay = evidence.Setting("weight-decay");
        UfmSetting setting = new() { Classes = Classes(vertices), PerClass = (int)evidence.Setting("per-class"), Width = Classes(vertices), Depth = depth, WeightDecay = decay, FeatureDecay = decay };
        UfmOptimum collapse = UfmOptimum.Solve(setting);
        return (FormattableString.Invariant($"{depth}"), collapse.Exists ? StronglyRegularOptimum.Solve(setting)?.Loss / collapse.Loss : null);
    }));

    private static ClaimRun FromEdges(string name, int vertices, string iterations, double seconds) => new(name, "ufm", Options(
        ("classes", FormattableString.Invariant($"{Classes(vertices)}")), ("per-class", "2"), ("width", "12"), ("depth", "4"), ("activation", "relu"), ("weight-decay", "1e-3"),
        ("start", "srg"), ("optimizer", "gradient-descent"), ("iterations", iterations), ("measure-every", "0"), ("top", "1")))
    { Seconds = seconds };

    private static Claim Pattern() => new()
    {
        Id = "low-rank-edge-pattern",
        Paper = Paper,
        Statement = "The published pattern of edges has rank r before the last ReLU, r − 1 for r = 4, and rank K = r(r−1)/2 behind it.",
        Runs = [.. Edges.Select(static edges => FromEdges(edges.Name, edges.Vertices, "0", 1))],
        Checks =
        [
            new ClaimCheck("rank before the last ReLU", static evidence => OfEdges(evidence, static report => report.Number("theory.hiddenRank")), Expectation.Near([3.0, 5.0]), "paper") { Along = "classes" },
            new ClaimCheck("rank behind it", static evidence => OfEdges(evidence, static report => report.Number("theory.rank")), Expectation.Near([6.0, 10.0]), "paper") { Along = "classes" },
        ],
        RefutedBy = Options(("start", "dnc")),
        Caveats = ["The pattern is no stationary point; what descents make of it is another claim."],
        IsOracle = true,
    };

    private static Measured OfEdges(Evidence evidence, Func<RunReport, double?> number) => Measured.Of(Edges.Select(edges => (edges.Name, number(evidence[edges.Name]))));

    private static Claim DescentsFromEdges() => new()
    {
        Id = "low-rank-descents-from-edges",
        Paper = Paper,
        Statement = "Gradient descent from the pattern of edges keeps rank r before the last ReLU and K behind it, and comes to a lower loss than collapse.",
        Runs = [.. Edges.Select(static edges => FromEdges(edges.Name, edges.Vertices, "30000", 2))],
        Checks =
        [
            new ClaimCheck("loss over that of collapse", static evidence => OfEdges(evidence, static report => report.Number("loss") / report.Number("theory.collapsedLoss")), Expectation.AtMost(1.0), "paper") { Along = "classes" },
            new ClaimCheck("loss over that of the symmetric stationary point", static evidence => OfEdges(evidence, static report => report.Number("loss") / report.Candidate("srg")), Expectation.Near(1.0, absolute: 1e-4), "closed form") { Along = "classes" },
            new ClaimCheck("rank before the last ReLU", static evidence => OfEdges(evidence, static report => report.Number("theory.hiddenRank")), Expectation.Near([4.0, 5.0]), "closed form") { Along = "classes" },
            new ClaimCheck("rank behind it", static evidence => OfEdges(evidence, static report => report.Number("theory.rank")), Expectation.Near([6.0, 10.0]), "paper") { Along = "classes" },
        ],
        RefutedBy = Options(("iterations", "100")),
        Caveats = ["For r = 4 the stationary point has rank 4 before the last ReLU, not the pattern's r − 1 = 3."],
    };

    private static Claim RandomDescents() => new()
    {
        Id = "low-rank-four-layers",
        Paper = Paper,
        Statement = "Most descents of a four-layer ReLU model with ten classes end at or below the loss of collapse, with a rank below K before the last ReLU; classes collapse (DNC1) all the same.",
        Runs = [new ClaimRun("descents", "ufm", Options(
            ("classes", "10"), ("per-class", "5"), ("width", "30"), ("depth", "4"), ("activation", "relu"), ("weight-decay", "4e-3"), ("optimizer", "gradient-descent"), ("learning-rate", "0.5"), ("iterations", "20000"),
            ("starts", FormattableString.Invariant($"{Starts}")), ("restarts", "0"), ("measure-every", "0"), ("top", "1"))) { Seconds = 40 }],
        Checks =
        [
            new ClaimCheck("share of starts at or below the loss of collapse with a lower rank before the last ReLU", static evidence => Measured.Of(ShareBelow(evidence["descents"])), Expectation.AtLeast(0.5), "paper: most runs"),
            new ClaimCheck("NC1 of what enters each layer, of the best start", static evidence => Measured.Of(Enumerable.Range(0, 4).Select(layer => (FormattableString.Invariant($"{layer + 1}"), evidence["descents"].Layer(layer, "input.collapse.nc1TraceRatio")))), Expectation.AtMost(1e-6), "paper: DNC1 is optimal") { Along = "layer", IsLogarithmic = true },
        ],
        RefutedBy = Options(("iterations", "100"), ("width", "12"), ("per-class", "2")),
        Caveats = ["Samples of each class are not known to us: 5."],
    };

    private static double? ShareBelow(RunReport report)
    {
        IReadOnlyList<double?> ranks = report.Attempts("hiddenRank");
        double? collapsed = report.Number("theory.collapsedLoss");
        return ranks.Count == 0 ? null : report.Attempts("loss").Zip(ranks).Count(start => start.First <= collapsed * (1.0 + 1e-9) && start.Second < report.Number("theory.fullRank")) / (double)ranks.Count;
    }
}
