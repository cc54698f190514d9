using Eigenscope.Analysis.Doubt;
using Eigenscope.Theory.UnconstrainedFeatures;
using static Eigenscope.Experiments.Claims.Papers.ClaimValues;
using static Eigenscope.Experiments.Claims.Papers.RankReadings;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>The persistence of neural collapse despite low-rank bias (2410.23169).</summary>
internal static class PersistenceClaims
{
    private const double DecayOfTen = 1.0 / 1024.0;
    private const double DecayOfReluTen = 1.0 / 512.0;

    // Of a loss: rounding at the end of a descent.
    private const double SameLoss = 1e-9;

    private const string LargeDecay = "0.015625";
    private const string SmallDecay = "6.103515625e-05";
    private const int Starts = 100;
    private const int HeadSeeds = 2;

    // (K, L) from which on the paired classes are below collapse at small decay, and where they are not.
    private static readonly (int Classes, int Depth)[] PairedWins = [(4, 3), (4, 4), (4, 5), (6, 2), (6, 3), (8, 2), (10, 2), (10, 3)];
    private static readonly (int Classes, int Depth)[] CollapseStays = [(4, 1), (4, 2), (6, 1), (10, 1)];
    private static readonly string[] Widths = ["4", "8", "16", "32"];
    private static readonly ClaimPaper Paper = new("persistence", "2410.23169", "Persistence of neural collapse despite low-rank bias");

    public static IReadOnlyList<Claim> All { get; } = [Losses(), NotOptimal(), Nullity(), DescentsBelow(), Widening(), LessDecay(), Rectified(), HeadOnImages("mnist", "MNIST", "4"), HeadOnImages("cifar10", "CIFAR-10", "3")];

    private static Dictionary<string, string> CrossEntropy(int classes, int perClass, int depth) => Options(
        ("loss", "cross-entropy"), ("classes", FormattableString.Invariant($"{classes}")), ("per-class", FormattableString.Invariant($"{perClass}")), ("depth", FormattableString.Invariant($"{depth}")),
        ("measure-every", "0"), ("top", "1"));

    private static Dictionary<string, string> TenClasses() => CrossEntropy(10, 5, 2).With(("width", "10"), ("weight-decay", "9.765625e-4"));

    private static UfmSetting Setting(int classes, int perClass, int depth, double decay) =>
        new() { Classes = classes, PerClass = perClass, Width = classes, Depth = depth, WeightDecay = decay, FeatureDecay = decay, Loss = UfmLoss.CrossEntropy };

    private static double? Loss(UfmSetting setting, string name) => UfmCandidates.List(setting).FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal))?.Loss;

    private static Claim Losses() => new()
    {
        Id = "persistence-losses",
        Paper = Paper,
        Statement = "With cross-entropy, ten classes of five samples, two matrices and every weight decay 2⁻¹⁰ paired classes, of rank 5, have a lower loss than collapse, of rank 9: minimised from starts with the structure of either, 0.080013 and 0.090662.",
        Runs = [new ClaimRun("dnc", "ufm", TenClasses().With(("start", "dnc"))) { Seconds = 1 }, new ClaimRun("pairing", "ufm", TenClasses().With(("start", "low-rank"))) { Seconds = 1 }],
        Checks =
        [
            new ClaimCheck("loss", static evidence => BothEnds(evidence, "loss"), Expectation.Near([0.090662, 0.080013], absolute: 1e-6), "paper and independent computation") { Along = "solution" },
            new ClaimCheck("loss beside the closed form", static evidence => BothEnds(evidence, "loss"), Expectation.Near([Loss(Setting(10, 5, 2, DecayOfTen), "dnc")!.Value, Loss(Setting(10, 5, 2, DecayOfTen), "low-rank")!.Value], relative: 1e-9), "closed form") { Along = "solution" },
            new ClaimCheck("rank of the class-mean logits", static evidence => BothEnds(evidence, "theory.rank"), Expectation.Near([9.0, 5.0]), "closed form") { Along = "solution" },
        ],
        // With one matrix the pairing is above collapse.
        RefutedBy = Options(("depth", "1")),
        IsOracle = true,
    };

    private static Measured BothEnds(Evidence evidence, string path) => Measured.Of([("collapse", evidence["dnc"].Number(path)), ("pairing", evidence["pairing"].Number(path))]);

    private static Claim NotOptimal() => new()
    {
        Id = "persistence-not-optimal",
        Paper = Paper,
        Statement = "At small weight decay collapse is not the optimum for K ≥ 4 and L ≥ 3, nor for K ≥ 6 and L = 2: paired classes have a lower loss, which for fewer classes or matrices they do not.",
        Settings = Options(("weight-decay", "1e-8"), ("per-class", "5")),
        Checks =
        [
            new ClaimCheck("loss of the pairing over that of collapse where it is claimed to be lower", static evidence => Ratios(evidence, PairedWins), Expectation.AtMost(1.0), "paper") { Along = "classes and matrices" },
            new ClaimCheck("loss of the pairing over that of collapse where it is claimed not to be lower", static evidence => Ratios(evidence, CollapseStays), Expectation.AtLeast(1.0), "paper") { Along = "classes and matrices" },
        ],
        RefutedBy = Options(("weight-decay", "1e-2")),
        Caveats = ["Of solutions that are not known in closed form nothing is said: where the pairing is not below collapse, another one might be. At K = 4, L = 2 the pairing is below collapse at larger decays, 0.01 for one."],
        IsOracle = true,
    };

    private static Measured Ratios(Evidence evidence, (int Classes, int Depth)[] where) => Measured.Of(where.Select(one =>
    {
        UfmSetting setting = Setting(one.Classes, (int)evidence.Setting("per-class"), one.Depth, evidence.Setting("weight-decay"));
        return (FormattableString.Invariant($"K = {one.Classes}, L = {one.Depth}"), Loss(setting, "low-rank") / Loss(setting, "dnc"));
    }));

    private static Claim Nullity() => new()
    {
        Id = "persistence-nullity",
        Paper = Paper,
        Statement = "At a solution of rank r the Hessian of the objective has L(rd − r(r+1)/2) zero eigenvalues: 30 at collapse and 24 at paired classes for K = d = 6 and L = 2.",
        Runs =
        [
            new ClaimRun("dnc", "ufm", SixClasses().With(("start", "dnc"))) { Seconds = 1 },
            new ClaimRun("pairing", "ufm", SixClasses().With(("start", "low-rank"))) { Seconds = 1 },
        ],
        Checks = [new ClaimCheck("zero eigenvalues, weights and features together", static evidence => Measured.Of([("collapse", Zeros(evidence["dnc"])), ("pairing", Zeros(evidence["pairing"]))]), Expectation.Near([30.0, 24.0]), "dimension of the orbit of rotations; independent computation") { Along = "solution" }],
        RefutedBy = Options(("width", "7")),
        IsOracle = true,
    };

    private static Dictionary<string, string> SixClasses() => CrossEntropy(6, 2, 2).With(("width", "6"), ("weight-decay", "1e-3"));

    private static double? Zeros(RunReport report) => Enumerable.Range(0, report.Count("nullity")).Select(i => FormattableString.Invariant($"nullity[{i}]"))
        .Where(path => report.Text($"{path}.scope") is "all+features").Select(path => report.Number($"{path}.count")).FirstOrDefault();

    private static Claim DescentsBelow() => new()
    {
        Id = "persistence-descents-below-collapse",
        Paper = Paper,
        Statement = "Gradient descent from random starts ends at or below the loss of collapse, at a lower rank.",
        Runs = [new ClaimRun("descents", "ufm", TenClasses().With(("optimizer", "gradient-descent"), ("learning-rate", "2"), ("iterations", "10000"), ("starts", "5"), ("restarts", "0"))) { Seconds = 3 }],
        Checks =
        [
            new ClaimCheck("loss over that of collapse", static evidence => Measured.Of(evidence["descents"].AttemptsOver("loss", evidence["descents"].Number("theory.collapsedLoss"))), Expectation.AtMost(1.0 + SameLoss), "paper, closed form") { Along = "start" },
            new ClaimCheck("rank of the class-mean logits", static evidence => Measured.Of(evidence["descents"].AttemptsOver("rank", 1.0)), Expectation.AtMost(8.0), "paper: below that of collapse") { Along = "start" },
        ],
        RefutedBy = Options(("iterations", "100")),
    };

    private static IReadOnlyList<ClaimRun> EndingRuns() =>
    [
        .. from decay in (string[])[LargeDecay, SmallDecay]
           from width in Widths
           select new ClaimRun(EndingName(width, decay), "ufm", CrossEntropy(4, 5, 3).With(("width", width), ("weight-decay", decay), ("starts", FormattableString.Invariant($"{Starts}")), ("restarts", "0"))) { Seconds = 6 },
    ];

    private static string EndingName(string width, string decay) => $"{width}, {decay}";

    private static Claim Widening() => new()
    {
        Id = "persistence-width",
        Paper = Paper,
        Statement = "The wider the model, the more random starts end in collapse, though another solution has a lower loss; and the higher the rank that they end at.",
        Runs = EndingRuns(),
        Checks =
        [
            new ClaimCheck("share that ends in collapse", static evidence => Along(Widths, width => Pooled(evidence, [width], [LargeDecay, SmallDecay])), Expectation.Rising(), "the paper's trend") { Along = "width" },
            new ClaimCheck("rise of the share from the least to the largest width, in standard errors", static evidence => Measured.Of(Rise(Pooled(evidence, [Widths[0]], [LargeDecay, SmallDecay]), Pooled(evidence, [Widths[^1]], [LargeDecay, SmallDecay]))), Expectation.AtLeast(2.0), "Wilson's intervals"),
            new ClaimCheck("mean rank", static evidence => Measured.Means(Widths.Select(width => (width, Ranks(evidence, [width], [LargeDecay, SmallDecay])))), Expectation.Rising(), "the paper's trend") { Along = "width" },
        ],
        RefutedBy = Options(("width", "4"), ("starts", "20")),
        Caveats = ["K = 4, L = 3, n = 5, minimised by L-BFGS and Newton's method from entries N(0, 1/d), not by gradient descent; the shares are of two decays together."],
    };

    private static Claim LessDecay() => new()
    {
        Id = "persistence-decay",
        Paper = Paper,
        Statement = "The smaller the weight decay, the more random starts end in collapse, and the higher the rank that they end at.",
        Runs = EndingRuns(),
        Checks =
        [
            new ClaimCheck("share that ends in collapse", static evidence => Along([LargeDecay, SmallDecay], decay => Pooled(evidence, Widths, [decay])), Expectation.Rising(), "the paper's trend") { Along = "weight decay" },
            new ClaimCheck("rise of the share, in standard errors", static evidence => Measured.Of(Rise(Pooled(evidence, Widths, [LargeDecay]), Pooled(evidence, Widths, [SmallDecay]))), Expectation.AtLeast(2.0), "Wilson's intervals"),
            new ClaimCheck("mean rank", static evidence => Measured.Means(((string[])[LargeDecay, SmallDecay]).Select(decay => (decay, Ranks(evidence, Widths, [decay])))), Expectation.Rising(), "the paper's trend") { Along = "weight decay" },
        ],
        RefutedBy = Options(("weight-decay", LargeDecay), ("width", "4"), ("starts", "20")),
        Caveats = ["K = 4, L = 3, n = 5, minimised by L-BFGS and Newton's method from entries N(0, 1/d), not by gradient descent; the shares are of four widths together."],
    };

    // A solution in which no start ended is not among the endings; Wilson's error of nothing is not zero.
    private static (double Share, double Error) Pooled(Evidence evidence, string[] widths, string[] decays)
    {
        (double Share, double Error)[] cells = [.. from width in widths from decay in decays select evidence[EndingName(width, decay)].Ending("dnc") ?? (0.0, BinomialInterval.Wilson(0, Starts).StandardError)];
        return (cells.Average(static cell => cell.Share), Math.Sqrt(cells.Sum(static cell => cell.Error * cell.Error)) / cells.Length);
    }

    private static IReadOnlyList<double?> Ranks(Evidence evidence, string[] widths, string[] decays) =>
        [.. from width in widths from decay in decays from rank in evidence[EndingName(width, decay)].Attempts("rank") select rank];

    private static Measured Along(string[] places, Func<string, (double Share, double Error)> share) => new()
    {
        Values = [.. places.Select(place => (double?)share(place).Share)],
        Places = places,
        StandardErrors = [.. places.Select(place => (double?)share(place).Error)],
    };

    private static double? Rise((double Share, double Error) from, (double Share, double Error) to)
    {
        double error = Math.Sqrt((from.Error * from.Error) + (to.Error * to.Error));
        return error > 0.0 ? (to.Share - from.Share) / error : null;
    }

    private static Claim Rectified() => new()
    {
        Id = "persistence-relu",
        Paper = Paper,
        Statement = "With a ReLU, three matrices and ten classes random starts end below the loss of collapse, 0.147061, too.",
        Runs = [new ClaimRun("descents", "ufm", CrossEntropy(10, 5, 3).With(("width", "64"), ("activation", "relu"), ("weight-decay", "1.953125e-3"), ("starts", "3"), ("restarts", "0"))) { Seconds = 15 }],
        Checks = [new ClaimCheck("loss over that of collapse", static evidence => Measured.Of(evidence["descents"].AttemptsOver("loss", Loss(Setting(10, 5, 3, DecayOfReluTen), "dnc"))), Expectation.AtMost(1.0), "independent computation; closed form of the linear model") { Along = "start" }],
        RefutedBy = Options(("iterations", "10"), ("width", "20")),
        Caveats = ["Width and optimiser of the paper are not known to us: 64, as of its networks' heads; Adam, L-BFGS and Newton's method. Gradient descent at rate 0.5 has not come to rest after 20,000 steps: at 0.1505, with a gradient of 0.007.", "It depends on the width: five starts each at widths 10 and 20 ended at 0.138 to 0.152 (four below) and at 0.1444 to 0.1453 (all below)."],
    };

    private static Claim HeadOnImages(string data, string title, string found) => new()
    {
        Id = $"persistence-head-{data}",
        Paper = Paper,
        Statement = $"The three linear layers, 64 wide, at the end of a convolutional network on {title} have lower rank than collapse, which has 9.",
        Runs =
        [
            new ClaimRun("network", "study", SmallLeNet(data).With(("head-depth", "3"), ("head-width", "64"), ("head-activation", "linear"), ("weight-decay", "5e-3"), ("epochs", "450"))) { Seeds = HeadSeeds, Seconds = data is "cifar10" ? 79 : 40 },
        ],
        Checks =
        [
            new ClaimCheck("numerical rank of the head's weights", static evidence => Measured.Of(Enumerable.Range(-3, 3).SelectMany(layer => evidence.Seeds("network").Select((report, seed) => (FormattableString.Invariant($"{layer + 4}, seed {seed}"), report.Layer(layer, "weight.numericalRank"))))), Expectation.AtMost(8.0), $"the paper's trend: {found} on {title}") { Along = "head layer" },
            new ClaimCheck("training accuracy", static evidence => Measured.Of(evidence.Seeds("network").Select(static (report, seed) => (FormattableString.Invariant($"{seed}"), report.Number("accuracy")))), Expectation.AtLeast(0.99), "paper: trained to the end") { Along = "seed" },
        ],
        RefutedBy = Options(("epochs", "1")),
        Caveats = ["The paper's network, weight decay and training are not known to us: LeNet-5's convolutions of 8 and 20 channels, 5e-3, 500 images; the layers have biases. Training is long enough for its decay to take what nothing holds below the 1e-3 of the largest above which singular values count; the paper counts above 1e-6."],
    };
}
