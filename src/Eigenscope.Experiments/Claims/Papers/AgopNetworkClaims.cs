using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>The neural feature ansatz, and what of collapse weights' right sides do, in networks (2402.13728).</summary>
internal static class AgopNetworkClaims
{
    private const string Small = "small start", Large = "large start";
    private const int HiddenLayers = 5;

    // The paper's claim is that one number is higher than another, which equal ones must not pass: independent runs differ by .11 to .31.
    private const double Clearly = 0.05;

    public static IReadOnlyList<Claim> All =>
    [
        Ansatz("digits", "the digits", [Digits(Small, "0.1"), Digits(Large, "1")], "independent computation (PyTorch), one seed: .11 to .31") with { Caveats = DigitCaveats },
        Shares("digits", "the digits", Digits(Small, "0.1")) with { Caveats = DigitCaveats },
        Ansatz("mnist", "MNIST", [Mnist(Small, "0.1"), Mnist(Large, "1")], "paper") with { Caveats = MnistCaveats },
        Shares("mnist", "MNIST", Mnist(Small, "0.1")) with { Caveats = MnistCaveats },
        Trunk("digits", "the digits", Residual("resnet8", 200), Options(("channels", "8"), ("head-width", "64"), ("samples", "100"), ("batch-size", "20"), ("learning-rate", "2e-3"), ("epochs", "40")), ["Eight layers of convolutions on small images, where the paper has ResNet18 and VGG11; ten times the paper's rate in place of larger data."]),
        Trunk("cifar10", "2,000 images of CIFAR-10", Residual("resnet18", 6000, ("data", "cifar10"), ("samples", "2000"), ("channels", "16")), Options(("model", "resnet8"), ("channels", "4"), ("head-width", "64"), ("samples", "50"), ("epochs", "1")), ["2,000 images, a quarter of the channels and ten times the paper's rate, where the paper has all images."]),
    ];

    private static IReadOnlyList<string> DigitCaveats => ["The paper's perceptron on digits, at ten times its rate in place of larger data; all pixels are shifted and scaled by the same two numbers, as one channel of an image."];

    private static IReadOnlyList<string> MnistCaveats => ["One seed; measured on 2,000 of the images it is trained on."];

    private static Claim Ansatz(string data, string where, IReadOnlyList<ClaimRun> runs, string source) => new()
    {
        Id = $"agop-{data}-small-start",
        Paper = AgopClaims.Paper,
        Statement = $"Trained on {where} from small weights, every hidden layer's WᵀW is closer to the root of the AGOP at its input than from weights of usual size.",
        Runs = runs,
        Checks =
        [
            new ClaimCheck("correlation of WᵀW with AGOP^½, small less large start", static evidence => Differences(evidence, "nfa.pearson"), Expectation.AtLeast(Clearly), source) { Along = "layer" },
            new ClaimCheck("training accuracy, both starts", static evidence => Accuracies(evidence, Small, Large), Expectation.AtLeast(0.99), "paper: trained to the end") { Along = "run" },
        ],
        RefutedBy = Options(("init-scale", "1"), ("samples", "200"), ("measure-samples", "100"), ("width", "64"), ("epochs", "2")),
    };

    private static Claim Shares(string data, string where, ClaimRun run) => new()
    {
        Id = $"agop-{data}-right-share",
        Paper = AgopClaims.Paper,
        Statement = $"Trained on {where} from small weights, the right singular vectors and the singular values of every hidden layer do more than half of its collapse.",
        Runs = [run],
        Checks =
        [
            new ClaimCheck("share of the right side in the fall of log NC1", static evidence => Hidden(evidence.Seeds(Small), HiddenLayers, "collapseSteps.rightShare"), Expectation.AtLeast(0.5), "paper; independent computation (PyTorch) on digits, one seed: .69 to .90") { Along = "layer" },
            new ClaimCheck("training accuracy", static evidence => Accuracies(evidence, Small), Expectation.AtLeast(0.99), "paper: trained to the end") { Along = "run" },
        ],
        RefutedBy = Options(("samples", "200"), ("measure-samples", "100"), ("width", "64"), ("epochs", "1")),
    };

    // The trunk's convolutions are followed by normalisation, so that only the head's start is small.
    private static Claim Trunk(string data, string where, ClaimRun run, IReadOnlyDictionary<string, string> refutedBy, IReadOnlyList<string> caveats) => new()
    {
        Id = $"agop-{data}-residual-trunk",
        Paper = AgopClaims.Paper,
        Statement = $"In the dense layers that follow a residual network's convolutions, trained on {where} from small weights, right singular vectors and singular values do more than half of the collapse.",
        Runs = [run],
        Checks =
        [
            new ClaimCheck("share of the right side in the fall of log NC1, head", static evidence => Head(evidence.Seeds(Small), "collapseSteps.rightShare"), Expectation.AtLeast(0.5), "paper") { Along = "layer" },
            new ClaimCheck("training accuracy", static evidence => Accuracies(evidence, Small), Expectation.AtLeast(0.99), "paper: trained to the end") { Along = "run" },
        ],
        Caveats = caveats,
        RefutedBy = refutedBy,
    };

    private static ClaimRun Digits(string name, string scale) => new(name, "study", Perceptron(scale, "5e-4")) { Seeds = 2, Seconds = 107 };

    private static ClaimRun Mnist(string name, string scale) => new(name, "study", Perceptron(scale, "5e-5", ("data", "mnist"), ("measure-samples", "2000"))) { Seconds = 4000 };

    private static Dictionary<string, string> Perceptron(string scale, string rate, params (string Name, string Value)[] more) =>
        Options([("width", "512"), ("depth", "6"), ("no-biases", "true"), .. Recipe(scale, rate), .. more]);

    private static ClaimRun Residual(string model, double seconds, params (string Name, string Value)[] more) =>
        new(Small, "study", Options([("model", model), ("head-depth", "6"), ("head-width", "512"), .. Recipe("0.1", "5e-4"), .. more])) { Seconds = seconds };

    private static (string Name, string Value)[] Recipe(string scale, string rate) =>
    [
        ("standardize", "true"), ("init", "xavier-uniform"), ("init-scale", scale), ("targets", "plus-minus-one"), ("optimizer", "adam"), ("learning-rate", rate), ("epochs", "250"), ("schedule", "constant"),
        ("batch-size", "128"), ("weight-decay", "0"), ("restarts", "0"), ("operators", "none"), ("measure-every", "0"),
    ];

    private static Measured Differences(Evidence evidence, string field) => Measured.Means(Enumerable.Range(1, HiddenLayers).Select(layer =>
        (Name(layer), (IReadOnlyList<double?>)[.. evidence.Seeds(Small).Zip(evidence.Seeds(Large), (small, large) => At(small, layer, field) - At(large, layer, field))])));

    private static Measured Hidden(IReadOnlyList<RunReport> seeds, int layers, string field) =>
        Measured.Means(Enumerable.Range(1, layers).Select(layer => (Name(layer), (IReadOnlyList<double?>)[.. seeds.Select(report => At(report, layer, field))])));

    // Of a head's layers all but the last, which has no activation.
    private static Measured Head(IReadOnlyList<RunReport> seeds, string field)
    {
        int[] dense = [.. Enumerable.Range(1, seeds[0].Count("layers")).Where(layer => seeds[0].Text($"layers[{Name(layer - 1)}].kind") is "dense").SkipLast(1)];
        return Measured.Means(dense.Select(layer => (seeds[0].Text($"layers[{Name(layer - 1)}].name") ?? "", (IReadOnlyList<double?>)[.. seeds.Select(report => At(report, layer, field))])));
    }

    private static double? At(RunReport report, int layer, string field) => report.Number($"layers[{Name(layer - 1)}].{field}");

    private static Measured Accuracies(Evidence evidence, params string[] runs) =>
        Measured.Of(runs.SelectMany(run => evidence.Seeds(run).Select((report, seed) => ($"{run}, seed {Name(seed)}", report.Number("accuracy")))));
}
