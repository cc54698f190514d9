using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Emergence in non-neural models: modular arithmetic by recursive feature machines (2407.20199).</summary>
internal static class GrokkingClaims
{
    private const int Modulus = 61;

    // Mean squared error over the entries of the targets, all of which rounding leaves: 2e-31 in the independent runs.
    private const double LargestTrainError = 1e-28;

    private static readonly ClaimPaper Paper = new("grokking", "2407.20199", "Grokking modular arithmetic by average gradient outer products");

    public static IReadOnlyList<Claim> All { get; } = [Suddenly(), Gaussian(), Circulant()];

    private static Claim Suddenly() => new()
    {
        Id = "grokking-modular-arithmetic",
        Paper = Paper,
        Statement = "A kernel machine that learns its metric fits half of all sums, differences, products and quotients modulo 61 exactly from the start, answers the others by chance for eight iterations, and then learns them suddenly.",
        Runs = [Quadratic()],
        Checks =
        [
            new ClaimCheck("first iteration above 90 % of the test pairs", static evidence => Each(evidence["quadratic"], "firstAbove90"), Expectation.Within(11.0, 19.0), "independent computation (NumPy): 14 and 15, with room") { Along = "operation" },
            new ClaimCheck("first iteration above 99 % of the test pairs", static evidence => Each(evidence["quadratic"], "firstAbove99"), Expectation.AtMost(25.0), "independent computation (NumPy)") { Along = "operation" },
            new ClaimCheck("first iteration above twice chance", static evidence => Each(evidence["quadratic"], "firstAboveChance"), Expectation.AtLeast(8.0), "independent computation (NumPy)") { Along = "operation" },
            new ClaimCheck("largest training error, mean square over the targets' entries", static evidence => TrainErrors(evidence["quadratic"]), Expectation.AtMost(LargestTrainError), "independent computation (NumPy): below 2e-31, with room for other machines' rounding") { Along = "operation", IsLogarithmic = true },
        ],
        RefutedBy = Options(("modulus", "31"), ("train-fraction", "0.9"), ("iterations", "15")),
    };

    private static Claim Gaussian() => new()
    {
        Id = "grokking-gaussian-kernel",
        Paper = Paper,
        Statement = "The same happens with a Gaussian kernel: addition modulo 61 is learned suddenly, long after the training pairs are fitted.",
        Runs = [new ClaimRun("gaussian", "grok", Options(("operation", "add"), ("kernel", "gaussian"), ("bandwidth", "2.5"), ("modulus", Name(Modulus)), ("iterations", "25"))) { Seeds = 2, Seconds = 42 }],
        Checks =
        [
            new ClaimCheck("first iteration above 90 % of the test pairs", static evidence => Measured.Of(evidence.Seeds("gaussian").Select(static (report, seed) => (Name(seed), report.Number("operations[0].firstAbove90")))), Expectation.Within(11.0, 19.0), "independent computation (NumPy): 16, with room") { Along = "seed" },
            new ClaimCheck("first iteration above twice chance", static evidence => Measured.Of(evidence.Seeds("gaussian").Select(static (report, seed) => (Name(seed), report.Number("operations[0].firstAboveChance")))), Expectation.AtLeast(8.0), "independent computation (NumPy)") { Along = "seed" },
        ],
        RefutedBy = Options(("modulus", "31"), ("train-fraction", "0.9"), ("iterations", "15")),
    };

    // The paper has pictures and curves; the bounds are those of curves of the same kind, between start (about one half) and end (about a fiftieth).
    private static Claim Circulant() => new()
    {
        Id = "grokking-circulant-features",
        Paper = Paper,
        Statement = "The metric's blocks turn circulant (of products and quotients after ordering residues by the discrete logarithm), and do so gradually and before the test accuracy rises.",
        Runs = [Quadratic()],
        Checks =
        [
            new ClaimCheck("circulant deviation after the first iteration", static evidence => Each(evidence["quadratic"], "iterations[1].circulantDeviation"), Expectation.AtLeast(0.3), "the paper shows curves without numbers; the bounds are our reading") { Along = "operation" },
            new ClaimCheck("circulant deviation before the test accuracy leaves chance", static evidence => Measured.Of(Places(evidence["quadratic"]).Select(place => (place.Name, Before(evidence["quadratic"], place.Path)))), Expectation.AtMost(0.25), "the paper shows curves without numbers; the bounds are our reading") { Along = "operation" },
            new ClaimCheck("circulant deviation at the end", static evidence => Each(evidence["quadratic"], "iterations[-1].circulantDeviation"), Expectation.AtMost(0.06), "the paper shows curves without numbers; the bounds are our reading") { Along = "operation" },
            new ClaimCheck("alignment of the metric with the last one, addition", static evidence => Measured.Of(Enumerable.Range(0, evidence["quadratic"].Count("operations[0].iterations")).Select(t => (Name(t), evidence["quadratic"].Number($"operations[0].iterations[{Name(t)}].agopAlignment")))), Expectation.Rising(0.01), "paper") { Along = "iteration" },
        ],
        RefutedBy = Options(("iterations", "3"), ("modulus", "31")),
    };

    private static ClaimRun Quadratic() => new("quadratic", "grok", Options(("operation", "all"), ("kernel", "quadratic"), ("modulus", Name(Modulus)), ("iterations", "25"))) { Seconds = 52 };

    private static Measured Each(RunReport report, string field) => Measured.Of(Places(report).Select(place => (place.Name, report.Number($"{place.Path}.{field}"))));

    // The report's loss is 1/(2N) Σ ‖f(x) − y‖², over residues as many as the modulus.
    private static Measured TrainErrors(RunReport report) => Measured.Of(Places(report).Select(place => (place.Name, 2.0 * report.Number($"{place.Path}.largestTrainLoss") / Modulus)));

    private static double? Before(RunReport report, string path) => report.Number($"{path}.firstAboveChance") is { } first ? report.Number($"{path}.iterations[{Name((int)first - 1)}].circulantDeviation") : null;

    private static IEnumerable<(string Name, string Path)> Places(RunReport report) => Enumerable.Range(0, report.Count("operations")).Select(i => (report.Text($"operations[{Name(i)}].operation") ?? "", $"operations[{Name(i)}]"));
}
