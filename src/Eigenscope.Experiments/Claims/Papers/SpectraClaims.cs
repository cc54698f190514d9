namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Unifying low-dimensional spectra in deep neural collapse (2404.06106).</summary>
internal static class SpectraClaims
{
    private static readonly ClaimPaper Paper = new("spectra", "2404.06106", "Low-dimensional spectra of deep unconstrained feature models");

    public static IReadOnlyList<Claim> All { get; } = [LayerHessians()];

    // PAPERS' setting: K = 3, n = 40, L = 5, all decays 1e-2, d = 60.
    private static Dictionary<string, string> Standard() => new(StringComparer.Ordinal)
    {
        ["classes"] = "3",
        ["per-class"] = "40",
        ["depth"] = "5",
        ["width"] = "60",
        ["weight-decay"] = "1e-2",
    };

    private static Claim LayerHessians() => new()
    {
        Id = "spectra-layer-hessians",
        Paper = Paper,
        Statement = "At the optimum of the deep linear unconstrained feature model every layer's Hessian has rank K² with K² equal eigenvalues.",
        Runs = [new ClaimRun("optimum", "ufm", Standard()) { Seconds = 20 }],
        Checks =
        [
            new ClaimCheck("largest nine eigenvalues of layer 3", static evidence => Measured.Of(evidence["optimum"].Eigenvalues("hessian", "3.weight").Take(9).Select(static (value, i) => ($"{i + 1}", value))), Expectation.Near(0.16324257, relative: 1e-6), "closed form") { Along = "eigenvalue" },
        ],
        RefutedBy = new Dictionary<string, string>(StringComparer.Ordinal) { ["activation"] = "relu" },
        IsOracle = true,
    };
}
