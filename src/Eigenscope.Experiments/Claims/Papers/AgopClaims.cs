using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>The average gradient outer product (AGOP) as a mechanism of deep neural collapse (2402.13728): deep recursive feature machines. Networks are in <see cref="AgopNetworkClaims"/>, the model with a linear kernel in <see cref="AgopMechanismClaims"/>.</summary>
internal static class AgopClaims
{
    private const string Nc1Input = "stages.x.nc1TraceRatio";
    private const string Nc1Mapped = "stages.mx.nc1TraceRatio";
    private const string Nc2Input = "stages.x.nc2SimplexDistance";
    private const string Nc2Mapped = "stages.mx.nc2SimplexDistance";
    private const string Independent = "independent computation (NumPy)";
    private const string IndependentSeeds = "independent computation (NumPy), 2 seeds";

    private static readonly string[] Names = ["NC1 X", "NC1 M½X", "NC2 X", "NC2 M½X"];

    internal static ClaimPaper Paper { get; } = new("agop", "2402.13728", "The average gradient outer product as a mechanism for deep neural collapse");

    public static IReadOnlyList<Claim> All { get; } =
    [
        LayerOne(), Collapse(), Root(), Cosines(),
        OtherData("mnist", "MNIST", 15, 1800), OtherData("cifar10", "CIFAR-10", 30, 1800), OtherDataAtSize("mnist", "MNIST", 640), OtherDataAtSize("cifar10", "CIFAR-10", 740),
        .. AgopMechanismClaims.All, .. AgopNetworkClaims.All,
    ];

    private static Claim LayerOne() => new()
    {
        Id = "agop-digits-layer-one",
        Paper = Paper,
        Statement = "The first layer of a deep recursive feature machine lowers the within-class variability of the digits by the root of its AGOP, to numbers in which nothing is random.",
        Runs = [new ClaimRun("layer", "deep-rfm", Options(("layers", "1"))) { Seconds = 2 }],
        Checks =
        [
            new ClaimCheck("NC1 and NC2 of what enters and of its map", static evidence => Measured.Of(Names.Zip([Nc1Input, Nc1Mapped, Nc2Input, Nc2Mapped], (name, field) => (name, evidence["layer"].Number($"layers[0].{field}")))), Expectation.Near([1.67605, 0.565333, 0.0566414, 0.0675696], relative: 1e-5), Independent) { Along = "number" },
            new ClaimCheck("largest six eigenvalues of the AGOP", static evidence => Measured.Of(evidence["layer"].Numbers("layers[0].agop.eigenvalues").Take(6).Select(static (value, i) => (Name(i + 1), value))), Expectation.Near([5.21421, 4.19950, 3.83625, 3.50091, 3.18625, 2.28203], relative: 1e-5), Independent) { Along = "eigenvalue" },
        ],
        RefutedBy = Options(("ridge", "0.01")),
        IsOracle = true,
    };

    // Each layer multiplies NC1 by a random number, so that the table's numbers are wider apart between seeds the deeper the layer.
    private static Claim Collapse() => new()
    {
        Id = "agop-digits-collapse",
        Paper = Paper,
        Statement = "Without any gradient descent, twenty layers of recursive feature machines and random ReLU features collapse the digits: NC1 falls by a constant factor a layer, to below a millionth, and the class means become a simplex.",
        Runs = [Digits()],
        Checks =
        [
            new ClaimCheck("fall of log NC1 a layer, over layers 2 to 10", static evidence => Measured.Of(evidence.Seeds("digits").Select(static (report, seed) => (Name(seed), Fall(report, 2, 10)))), Expectation.Within(0.6, 1.2), "independent computation (NumPy), 2 seeds, with room for others") { Along = "seed" },
            new ClaimCheck("NC1 of what enters", static evidence => Means(evidence, Nc1Input, 1, 2, 3, 5, 10, 20), Bands((1.676, 1.001), (0.794, 1.1), (0.311, 1.2), (4.4e-2, 1.4), (7.6e-4, 2.0), (3.8e-7, 4.0)), IndependentSeeds) { Along = "layer", IsLogarithmic = true },
            new ClaimCheck("NC1 of its map by the root of the AGOP", static evidence => Means(evidence, Nc1Mapped, 1, 2, 3, 5, 10, 20), Bands((0.565, 1.001), (0.223, 1.1), (0.083, 1.2), (1.2e-2, 1.4), (2.6e-4, 2.0), (1.4e-7, 4.0)), IndependentSeeds) { Along = "layer", IsLogarithmic = true },
            new ClaimCheck("NC2 of what enters, from layer 5 on", static evidence => Means(evidence, Nc2Input, [.. Enumerable.Range(5, 16)]), Expectation.AtMost(0.01), "independent computation (NumPy), 2 seeds: .0024 to .0042") { Along = "layer" },
        ],
        RefutedBy = Options(("agop-exponent", "0.01"), ("samples", "300"), ("width", "128")),
    };

    private static Claim Root() => new()
    {
        Id = "agop-digits-root",
        Paper = Paper,
        Statement = "In every layer it is the root of the AGOP that collapses the digits, and not the random features, which raise NC1 again.",
        Runs = [Digits()],
        Checks = Factors("digits", 20),
        RefutedBy = Options(("agop-exponent", "0.01"), ("samples", "300"), ("width", "128")),
    };

    // What enters a layer stays at an NC1 of one half with these features: the paper's trend is of the mapped points.
    private static Claim Cosines() => new()
    {
        Id = "agop-digits-cosine-features",
        Paper = Paper,
        Statement = "With random Fourier features in place of ReLU the points mapped by the root of the AGOP collapse too.",
        Runs = [new ClaimRun("cosine", "deep-rfm", Options(("layers", "5"), ("features", "cosine"), ("width", "1024"), ("cauchy-scale", "0.05"))) { Seeds = 2, Seconds = 14 }],
        Checks =
        [
            new ClaimCheck("NC1 of what the root of the AGOP maps", static evidence => Deep(evidence.Seeds("cosine"), Nc1Mapped, [1, 2, 3, 5]), Expectation.Within([(0.5648, 0.5659), (0.105, 0.42), (0.0275, 0.11), (0.0, 0.02)]), "independent computation (NumPy), within a factor of 2 at layers 2 and 3") { Along = "layer", IsLogarithmic = true },
            new ClaimCheck("NC1 of what the root of the AGOP maps, layer by layer", static evidence => Deep(evidence.Seeds("cosine"), Nc1Mapped, [1, 2, 3, 4, 5]), Expectation.Falling(), "paper") { Along = "layer", IsLogarithmic = true },
        ],
        Caveats = ["The number of Fourier features is 1,024: the published code leaves it open."],
        RefutedBy = Options(("agop-exponent", "0.01"), ("samples", "300"), ("width", "256")),
    };

    private static Claim OtherData(string data, string title, double seconds, int samples) => new()
    {
        Id = $"agop-{data}-collapse",
        Paper = Paper,
        Statement = $"On {title} too NC1 falls layer by layer in a deep recursive feature machine, and it is the root of the AGOP that makes it fall.",
        Runs = [new ClaimRun("images", "deep-rfm", Options(("data", data), ("samples", Name(samples)), ("layers", "6"))) { Seconds = seconds }],
        Checks = [Falls(6), .. Factors("images", 6)],
        Caveats = [$"{Name(samples)} training samples and six layers, where the paper has up to 50,000 and twenty; agop-{data}-collapse-large has more."],
        RefutedBy = Options(("agop-exponent", "0.01"), ("samples", "200"), ("metric", "diagonal"), ("width", "256")),
    };

    private static Claim OtherDataAtSize(string data, string title, double seconds) => new()
    {
        Id = $"agop-{data}-collapse-large",
        Paper = Paper,
        Statement = $"On 8,152 images of {title} NC1 falls over twenty layers of a deep recursive feature machine, and it is the root of the AGOP that makes it fall.",
        Runs = [new ClaimRun("images", "deep-rfm", Options(("data", data), ("samples", "8152"), ("layers", "20"))) { Seeds = 6, Seconds = seconds }],
        Checks = [Falls(20), .. Factors("images", 20)],
        Caveats = ["8,152 training samples, where the paper has up to 50,000."],
        // Six seeds of images this large take minutes whatever else is changed.
        RefutedBy = Options(("agop-exponent", "0.01"), ("data", "digits"), ("samples", "200"), ("width", "64")),
    };

    private static ClaimRun Digits() => new("digits", "deep-rfm", Options(("layers", "20"))) { Seeds = 3, Seconds = 28 };

    private static ClaimCheck Falls(int layers) =>
        new("NC1 of what enters", evidence => Deep(evidence.Seeds("images"), Nc1Input, [.. Enumerable.Range(1, layers)]), Expectation.Falling(), "paper") { Along = "layer", IsLogarithmic = true };

    private static ClaimCheck[] Factors(string run, int layers) =>
    [
        new ClaimCheck("factor on NC1 by the root of the AGOP, the largest of the seeds", evidence => Extreme(evidence.Seeds(run), "factors.root", layers, Enumerable.Max), Expectation.AtMost(0.8), "independent computation (NumPy) on digits: .27 to .37, with room") { Along = "layer" },
        new ClaimCheck("factor on NC1 by the random features, the smallest of the seeds", evidence => Extreme(evidence.Seeds(run), "factors.features", layers, Enumerable.Min), Expectation.AtLeast(1.0), "independent computation (NumPy) on digits: 1.3 to 1.5, with room") { Along = "layer" },
    ];

    private static Expectation Bands(params (double Value, double Factor)[] expected) => Expectation.Within([.. expected.Select(static one => (one.Value / one.Factor, one.Value * one.Factor))]);

    private static Measured Means(Evidence evidence, string field, params int[] layers) => Deep(evidence.Seeds("digits"), field, layers);

    private static Measured Deep(IReadOnlyList<RunReport> seeds, string field, IReadOnlyList<int> layers) =>
        Measured.Means(layers.Select(layer => (Name(layer), (IReadOnlyList<double?>)[.. seeds.Select(report => report.Number($"layers[{Name(layer - 1)}].{field}"))])));

    private static Measured Extreme(IReadOnlyList<RunReport> seeds, string field, int layers, Func<IEnumerable<double>, double> choose) =>
        Measured.Of(Enumerable.Range(1, layers).Select(layer => (Name(layer), Choose([.. seeds.Select(report => report.Number($"layers[{Name(layer - 1)}].{field}"))], choose))));

    private static double? Choose(double?[] values, Func<IEnumerable<double>, double> choose) => values.Contains(null) ? null : choose(values.OfType<double>());

    private static double? Fall(RunReport report, int first, int last) =>
        Input(report, first) is { } before && Input(report, last) is { } after ? Math.Log(before / after) / (last - first) : null;

    private static double? Input(RunReport report, int layer) => report.Number($"layers[{Name(layer - 1)}].{Nc1Input}");
}
