using static Eigenscope.Experiments.Claims.Papers.ClaimValues;
using static Eigenscope.Experiments.Claims.Papers.RankReadings;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Deep neural collapse and low-rank bias under weight decay (2402.03991).</summary>
internal static class WeightDecayClaims
{
    private const int DigitsLayers = 4;
    private const int DigitsSeeds = 3;
    private const int GaussianSeeds = 3;

    // Of 1: the inequalities hold by algebra, up to rounding.
    private const double Rounding = 1e-9;

    private const string Trend = "the paper's trend; how large it has to be is our choice";
    private const string Bound = "derived inequality";

    private static readonly string[] DigitsDecays = ["1e-5", "1e-4", "1e-3", "1e-2"];
    private static readonly string[] ImageDecays = ["1e-3", "3e-3", "1e-2"];
    private static readonly ClaimPaper Paper = new("weight-decay", "2402.03991", "Low ranks of weights and within-class variability under weight decay");

    public static IReadOnlyList<Claim> All { get; } = [RanksOfDigits(), RanksWithVariability(), Truncation(), BoundOnDigits(), BoundOnGaussians(), TermsOnGaussians(), RanksOfConvolutions()];

    private static Dictionary<string, string> Digits() => Options(("data", "digits"), ("width", "64"), ("depth", "4"), ("operators", "none"), ("restarts", "0"), ("measure-every", "0"));

    private static IReadOnlyList<ClaimRun> DigitsRuns() =>
        [.. DigitsDecays.Select(static decay => new ClaimRun(decay, "study", Digits().With(("weight-decay", decay))) { Seeds = DigitsSeeds, Seconds = 3 })];

    private static Claim RanksOfDigits() => new()
    {
        Id = "weight-decay-ranks-digits",
        Paper = Paper,
        Statement = "The more weight decay, the lower the numerical rank of the weights of a perceptron.",
        Runs = DigitsRuns(),
        Checks =
        [
            .. Enumerable.Range(0, DigitsLayers - 1).Select(static layer => new ClaimCheck(
                FormattableString.Invariant($"numerical rank of layer {layer + 1}"),
                evidence => Measured.Means(DigitsDecays.Select(decay => (decay, (IReadOnlyList<double?>)[.. evidence.Seeds(decay).Select(report => report.Layer(layer, "weight.numericalRank"))]))),
                Expectation.Falling(),
                "the paper's trend") { Along = "weight decay" }),
            new ClaimCheck("rank at the largest decay over that at the smallest", static evidence => RankRatios(evidence, DigitsDecays, 0, DigitsLayers - 1), Expectation.AtMost(0.5), Trend) { Along = "layer" },
        ],
        RefutedBy = Options(("epochs", "0"), ("weight-decay", "1e-3")),
        Caveats = ["The paper's networks are not known to us: a ReLU perceptron of four layers, 64 wide, on the digits. Its last layer, which has as many rows as there are classes, is left out."],
    };

    private static Measured RankRatios(Evidence evidence, string[] decays, int first, int layers) => Measured.Of(Enumerable.Range(first, layers).Select(layer =>
        (FormattableString.Invariant($"{layer + 1}"), MeanRank(evidence, decays[^1], layer) / MeanRank(evidence, decays[0], layer))));

    private static double? MeanRank(Evidence evidence, string run, int layer) => evidence.Seeds(run).Average(report => report.Layer(layer, "weight.numericalRank"));

    private static Claim RanksWithVariability() => new()
    {
        Id = "weight-decay-ranks-with-variability",
        Paper = Paper,
        Statement = "Over weight decays the numerical rank of a layer goes with the within-class variability (TCV) of the features that enter it.",
        Runs = DigitsRuns(),
        Checks =
        [
            new ClaimCheck("Pearson's correlation of rank and TCV over decays and seeds", static evidence => Measured.Of(Enumerable.Range(1, DigitsLayers - 2).Select(layer => (FormattableString.Invariant($"{layer + 1}"), RankWithVariability(evidence, layer)))), Expectation.AtLeast(0.5), Trend) { Along = "layer" },
        ],
        RefutedBy = Options(("epochs", "0"), ("weight-decay", "1e-3")),
        Caveats = ["What enters the first layer is the data, whose variability does not change; the last layer has rank 9 or 10 throughout. Both are left out.", "The paper says that they are in proportion; a correlation of 0.5 is asked for."],
    };

    private static double? RankWithVariability(Evidence evidence, int layer) =>
        Correlation([.. DigitsDecays.SelectMany(evidence.Seeds).Select(report => (report.Layer(layer, "weight.numericalRank"), report.Layer(layer, "input.collapse.tcv")))]);

    private static Claim Truncation() => new()
    {
        Id = "weight-decay-truncation-digits",
        Paper = Paper,
        Statement = "At the largest weight decay every weight can be cut to its numerical rank, which takes a good part of the parameters, and accuracy stays.",
        Runs = [DigitsRuns()[^1]],
        Checks =
        [
            new ClaimCheck("accuracy lost when all weights are cut", static evidence => OfDraws(evidence, static report => report.Number("accuracy") - report.Number("savings.accuracy")), Expectation.AtMost(0.01), "our choice: a point") { Along = "seed" },
            new ClaimCheck("share of parameters that goes", static evidence => OfDraws(evidence, static report => report.Number("savings.saved")), Expectation.AtLeast(0.25), "our choice") { Along = "seed" },
        ],
        RefutedBy = Options(("epochs", "0")),
        Caveats = ["On the samples that the network is trained on."],
    };

    private static Measured OfDraws(Evidence evidence, Func<RunReport, double?> number) =>
        Measured.Of(evidence.Seeds(DigitsDecays[^1]).Select((report, seed) => (FormattableString.Invariant($"{seed}"), number(report))));

    private static Claim BoundOnDigits() => new()
    {
        Id = "weight-decay-bound-digits",
        Paper = Paper,
        Statement = "At the end of training every weight is nearer to rank K than within-class variability over weight decay bounds it: the derived TCV bound, without allowance for what training left.",
        Runs = DigitsRuns(),
        Checks = BoundChecks(DigitsLayers, static evidence => DigitsDecays.SelectMany(evidence.Seeds)),
        RefutedBy = Options(("epochs", "0"), ("weight-decay", "1e-2")),
        Caveats = ["The paper's constant is not known to us; this one is derived, and not tight."],
    };

    private static IReadOnlyList<ClaimCheck> BoundChecks(int layers, Func<Evidence, IEnumerable<RunReport>> reports) =>
    [
        new ClaimCheck("distance to rank K over the middle term, the largest of all runs", evidence => LargestRatios(layers, reports(evidence), static bound => bound("distance") / bound("middle")), Expectation.AtMost(1.0), Bound) { Along = "layer" },
        new ClaimCheck("distance over the middle term and the slack of weights that are not stationary", evidence => LargestRatios(layers, reports(evidence), static bound => bound("distance") / (bound("middle") + bound("slack"))), Expectation.AtMost(1.0 + Rounding), Bound) { Along = "layer" },
        new ClaimCheck("middle term over the right one", evidence => LargestRatios(layers, reports(evidence), static bound => bound("middle") / bound("right")), Expectation.AtMost(1.0 + Rounding), Bound) { Along = "layer" },
    ];

    private static Measured LargestRatios(int layers, IEnumerable<RunReport> reports, Func<Func<string, double?>, double?> ratio) => Measured.Of(Enumerable.Range(0, layers).Select(layer =>
        (FormattableString.Invariant($"{layer + 1}"), Largest(reports.Select(report => ratio(term => report.Layer(layer, $"tcvBound.{term}")))))));

    private static ClaimRun Gaussians() => new("rest", "study", Options(
        ("data", "gaussian"), ("width", "30"), ("depth", "4"), ("activation", "tanh"), ("no-biases", "true"), ("optimizer", "lbfgs"), ("epochs", "3000"), ("weight-decay", "1e-3"),
        ("operators", "none"), ("restarts", "0"), ("measure-every", "0")))
    { Seeds = GaussianSeeds, Seconds = 2 };

    private static Claim BoundOnGaussians() => new()
    {
        Id = "weight-decay-bound-gaussians",
        Paper = Paper,
        Statement = "Where training has come to rest, every weight of a tanh network on three Gaussian classes fulfils the derived TCV bound.",
        Runs = [Gaussians()],
        Checks =
        [
            .. BoundChecks(DigitsLayers, static evidence => evidence.Seeds("rest")),
            new ClaimCheck("slack over the middle term", static evidence => LargestRatios(DigitsLayers, evidence.Seeds("rest"), static bound => bound("slack") / bound("middle")), Expectation.AtMost(0.01), "L-BFGS comes to rest") { Along = "layer", IsLogarithmic = true },
        ],
        RefutedBy = Options(("epochs", "1")),
        Caveats = ["Trained by L-BFGS alone, not by Adam before it."],
        IsOracle = true,
    };

    private static Claim TermsOnGaussians() => new()
    {
        Id = "weight-decay-terms-gaussians",
        Paper = Paper,
        Statement = "The terms of the derived TCV bound of a tanh network 10-30-30-30-3 on three Gaussian classes are those of an independent program.",
        Runs = [Gaussians()],
        Checks =
        [
            TermCheck("middle", [(1.75, 1.97), (1.57, 1.82), (0.94, 1.01), (0.54, 0.62)]),
            TermCheck("right", [(9.6, 11.8), (7.1, 9.1), (2.2, 2.5), (0.93, 1.07)]),
        ],
        RefutedBy = Options(("epochs", "1")),
        Caveats = ["The classes are drawn anew and training ends in other minima than the independent program's, with L-BFGS alone, not with Adam before it; by such choices the terms differ by a factor of two."],
    };

    // Ranges of three seeds, and 20 % more to either side.
    private static ClaimCheck TermCheck(string term, IReadOnlyList<(double Low, double High)> ranges) => new(
        $"{term} term",
        evidence => Measured.Of(Enumerable.Range(0, DigitsLayers).SelectMany(layer => evidence.Seeds("rest").Select((report, seed) => (FormattableString.Invariant($"{layer + 1}, {seed + 1}"), report.Layer(layer, $"tcvBound.{term}"))))),
        Expectation.Within([.. ranges.SelectMany(static range => Enumerable.Repeat((0.8 * range.Low, 1.2 * range.High), GaussianSeeds))]),
        "independent computation (NumPy), 3 seeds, ± 20 %")
    { Along = "layer and draw" };

    private static Claim RanksOfConvolutions() => new()
    {
        Id = "weight-decay-ranks-lenet-mnist",
        Paper = Paper,
        Statement = "The more weight decay, the lower the numerical rank of the weights of a convolutional network.",
        Runs = [.. ImageDecays.Select(static decay => new ClaimRun(decay, "study", SmallLeNet("mnist").With(("head-width", "100"), ("batch-size", "16"), ("epochs", "900"), ("weight-decay", decay))) { Seconds = 65 })],
        Checks =
        [
            .. Enumerable.Range(0, 3).Select(static layer => new ClaimCheck(
                FormattableString.Invariant($"numerical rank of weight {layer + 1}"),
                evidence => Measured.Of(ImageDecays.Select(decay => (decay, evidence[decay].Layer(layer, "weight.numericalRank")))),
                Expectation.Falling(),
                "the paper's trend") { Along = "weight decay" }),
            new ClaimCheck("rank at the largest decay over that at the smallest", static evidence => RankRatios(evidence, ImageDecays, 1, 2), Expectation.AtMost(0.5), Trend) { Along = "weight" },
            new ClaimCheck("training accuracy", static evidence => Measured.Of(ImageDecays.Select(decay => (decay, evidence[decay].Number("accuracy")))), Expectation.AtLeast(0.99), "paper: trained to the end") { Along = "weight decay" },
        ],
        RefutedBy = Options(("epochs", "1")),
        Caveats = ["500 images of MNIST, LeNet-5 with 8 and 20 channels and 100 units, one seed; decays and 900 epochs such that the least decay too has time to take what nothing holds below 1e-3 of the largest singular value. A convolution's rank is that of its matrix of output channels by the rest. The first one has 8 rows, so that half of its rank is not asked of it."],
    };
}
