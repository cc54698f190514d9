using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Low-dimensional spectra (2404.06106): how they come about in training, and with ReLU.</summary>
internal static class SpectraTrends
{
    private const string Descent = "descent";
    private const string Numbers = "independent computation (NumPy), 20 seeds, its ranges widened by a quarter";
    private const int Layer = 2;

    // Entry 1 of a trajectory is the first after the start.
    private static readonly string[] Steps = ["10", "100", "300", "1000", "3000"];

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } = [Dynamics(), Rectified()];

    private static Claim Dynamics()
    {
        Dictionary<string, string> options = SpectraClaims.Setting();
        (options["optimizer"], options["learning-rate"], options["iterations"]) = ("gradient-descent", "0.2", "3000");
        return new Claim
        {
            Id = "spectra-dynamics",
            Paper = SpectraClaims.Paper,
            Statement = "Under gradient descent from random entries the nine outliers of a layer's Hessian rise out of the bulk, become equal, and turn into products of class means.",
            Runs = [new ClaimRun(Descent, "ufm", options) { Seeds = 20, Seconds = 7 }],
            Checks =
            [
                .. Range("largest of the nine outliers over the smallest", "structure[2].outlierSpread", [(1.5, 3.2), (1.47, 2.45), (1.15, 1.57), (1.008, 1.032), (1.0, 1.0 + 2e-5)]),
                .. Range("how far products of class means are eigenvectors, mean", "structure[2].eigenvectorScore", [(.10, .24), (.79, .89), (.948, .971), (.9996, 1.0), (1.0 - 1e-9, 1.0)]),
                .. Range("largest eigenvalue of the bulk", "structure[2].largestBulk", [(.049, .077), (.072, .123), (7.1e-3, 1.2e-2), (1.6e-6, 2.8e-6), (0.0, 1e-15)], isLogarithmic: true),
                .. Range("largest outlier", "spectra[2].eigenvalues[0]", [(.088, .206), (.217, .287), (.175, .209), (.1633, .1656), (.163241, .163245)]),
            ],
            RefutedBy = Options(("learning-rate", "0.05"), ("iterations", "100"), ("per-class", "2")),
        };
    }

    private static Claim Rectified()
    {
        Dictionary<string, string> options = SpectraClaims.Setting();
        (options["width"], options["activation"], options["optimizer"], options["learning-rate"], options["iterations"]) = ("65", "relu", "gradient-descent", "0.2", "150000");
        return new Claim
        {
            Id = "spectra-relu",
            Paper = SpectraClaims.Paper,
            Statement = "With ReLU the nine outliers of a layer's Hessian separate from the bulk, but do not become equal.",
            Runs = [new ClaimRun(Descent, "ufm", options) { Seconds = 55 }],
            Checks =
            [
                new ClaimCheck("ninth eigenvalue over the tenth, layer 3", static evidence => Measured.Of(Ratio(evidence[Descent].Eigenvalues("hessian", "3.weight"), 8, 9)), Expectation.AtLeast(2.0), "independent computation (NumPy): nine separate; twice is our reading"),
                new ClaimCheck("largest of the nine over the smallest, layer 3", static evidence => Measured.Of(evidence[Descent].Number($"structure[{Name(Layer)}].outlierSpread")), Expectation.Within(3.0, 8.0), "independent computation (NumPy): about 5 after 150,000 steps"),
            ],
            RefutedBy = Options(("activation", "linear"), ("iterations", "3000")),
            Caveats = ["On which solution a descent ends the seed decides: of seeds 0 to 3 the first two leave collapse for hidden layers of rank 2, which have four outliers and a lower loss."],
        };
    }

    private static IEnumerable<ClaimCheck> Range(string name, string path, IReadOnlyList<(double Low, double High)> ranges, bool isLogarithmic = false)
    {
        Expectation wide = Expectation.Within([.. ranges.Select(static range => Widened(range))]);
        yield return new ClaimCheck($"{name}, least of the seeds", evidence => Extreme(evidence, path, static values => values.Min()), wide, Numbers) { Along = "step", IsLogarithmic = isLogarithmic };
        yield return new ClaimCheck($"{name}, most of the seeds", evidence => Extreme(evidence, path, static values => values.Max()), wide, Numbers) { Along = "step", IsLogarithmic = isLogarithmic };
    }

    // By a quarter of its width at either end.
    private static (double Low, double High) Widened((double Low, double High) range)
    {
        double margin = 0.25 * (range.High - range.Low);
        return (range.Low - margin, range.High + margin);
    }

    private static Measured Extreme(Evidence evidence, string path, Func<IEnumerable<double>, double> choose) => Measured.Of(Steps.Select(step =>
    {
        double?[] values = [.. evidence.Seeds(Descent).Select(report => AtStep(report, step, path))];
        return (step, values.Any(static value => value is null) ? (double?)null : choose(values.OfType<double>()));
    }));

    private static double? AtStep(RunReport report, string step, string path)
    {
        for (int i = 0; i < report.Count("trajectory"); i++)
        {
            string entry = $"trajectory[{Name(i)}]";
            if (report.Number($"{entry}.step") == double.Parse(step, System.Globalization.CultureInfo.InvariantCulture))
                return report.Number($"{entry}.{path}");
        }
        return null;
    }

    private static double? Ratio(IReadOnlyList<double?> eigenvalues, int above, int below) =>
        eigenvalues.ElementAtOrDefault(above) is { } first && eigenvalues.ElementAtOrDefault(below) is > 0.0 and var second ? first / second : null;
}
