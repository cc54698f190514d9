using Eigenscope.Theory.UnconstrainedFeatures;
using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Low-dimensional spectra of deep unconstrained feature models (2404.06106): the models themselves.</summary>
internal static class SpectraClaims
{
    private const string ClosedForm = "closed form";
    private const string Optimum = "optimum";
    private const int Outliers = 9;

    /// <summary>The paper.</summary>
    public static ClaimPaper Paper { get; } = new("spectra", "2404.06106", "Low-dimensional spectra of deep unconstrained feature models");

    /// <summary>Its claims on feature models.</summary>
    public static IReadOnlyList<Claim> All { get; } =
        [Collapse(), LayerHessians(), FullHessian(), Threshold(), PapyanParts(), Gradient(), Balance(), CrossEntropy(), .. SpectraTrends.All, .. SpectraNetworks.All];

    /// <summary>The paper's setting: K = 3, n = 40, L = 5, every decay 1e-2; linear, d = 60.</summary>
    public static Dictionary<string, string> Setting() => new(StringComparer.Ordinal)
    {
        ["classes"] = "3",
        ["per-class"] = "40",
        ["depth"] = "5",
        ["width"] = "60",
        ["weight-decay"] = "1e-2",
    };

    private static IReadOnlyList<ClaimRun> AtOptimum() => [new ClaimRun(Optimum, "ufm", Setting()) { Seconds = 5 }];

    private static Claim Collapse() => new()
    {
        Id = "spectra-collapse",
        Paper = Paper,
        Statement = "At the optimum of the deep linear feature model every weight has K equal singular values, and the class means of every layer are orthogonal and of one length.",
        Runs = AtOptimum(),
        Checks =
        [
            new ClaimCheck("largest singular value of a weight", static evidence => Measured.Of(evidence[Optimum].Each("layers", "weight.singularValues[0]")), Expectation.Near(1.3464848, relative: 1e-7), ClosedForm) { Along = "layer" },
            new ClaimCheck("K-th singular value of a weight", static evidence => Measured.Of(evidence[Optimum].Each("layers", "weight.singularValues[2]")), Expectation.Near(1.3464848, relative: 1e-7), ClosedForm) { Along = "layer" },
            new ClaimCheck("(K + 1)-th singular value of a hidden weight", static evidence => Measured.Of(evidence[Optimum].Each("layers", "weight.singularValues[3]").SkipLast(1)), Expectation.AtMost(1e-9), ClosedForm) { Along = "layer" },
            new ClaimCheck("NC2 orthogonal-frame distance of a layer's input", static evidence => Measured.Of(evidence[Optimum].Each("layers", "input.collapse.nc2FrameDistance")), Expectation.AtMost(1e-12), ClosedForm) { Along = "layer" },
            new ClaimCheck("length of a class mean of the features, gain, loss", static evidence => Measured.Of([("length", evidence[Optimum].Number("layers[0].input.collapse.classMeanNorms[0]")), ("gain", evidence[Optimum].Number("output.collapse.classMeanNorms[0]")), ("loss", evidence[Optimum].Number("loss"))]), Expectation.Near([0.2128979, 0.9422775, 0.16483787], relative: 1e-6), ClosedForm),
        ],
        RefutedBy = Options(("weight-decay", "0.04")),
        IsOracle = true,
    };

    private static Claim LayerHessians() => new()
    {
        Id = "spectra-layer-hessians",
        Paper = Paper,
        Statement = "At the optimum of the deep linear feature model every layer's Hessian has rank K², with K² equal eigenvalues that are the same in every layer.",
        Runs = AtOptimum(),
        Checks =
        [
            new ClaimCheck("largest eigenvalue of a layer's Hessian", static evidence => Eigenvalue(evidence, 0), Expectation.Near(0.16324257, relative: 1e-7), ClosedForm) { Along = "layer" },
            new ClaimCheck("K²-th eigenvalue of a layer's Hessian", static evidence => Eigenvalue(evidence, Outliers - 1), Expectation.Near(0.16324257, relative: 1e-7), ClosedForm) { Along = "layer" },
            new ClaimCheck("(K² + 1)-th eigenvalue of a layer's Hessian", static evidence => Eigenvalue(evidence, Outliers), Expectation.AtMost(1e-9), ClosedForm) { Along = "layer" },
        ],
        // Above the threshold nothing is left of it.
        RefutedBy = Options(("weight-decay", "0.04")),
        IsOracle = true,
    };

    private static Claim FullHessian()
    {
        PredictedGroups groups = new(UfmSpectra.FullHessian(UfmOptimum.Solve(new UfmSetting { Classes = 3, PerClass = 4, Width = 6, Depth = 3, WeightDecay = 5e-3, FeatureDecay = 1.25e-3 })));
        Dictionary<string, string> options = new(StringComparer.Ordinal) { ["classes"] = "3", ["per-class"] = "4", ["width"] = "6", ["depth"] = "3", ["weight-decay"] = "5e-3", ["feature-decay"] = "1.25e-3" };
        return new Claim
        {
            Id = "spectra-full-hessian",
            Paper = Paper,
            Statement = "The Hessian of the objective in all weights has five groups of equal eigenvalues; its outliers split into K(K+1)/2 and K(K−1)/2, and its zeros are the rotations between layers.",
            Runs = [new ClaimRun(Optimum, "ufm", options) { Seconds = 3 }],
            Checks =
            [
                new ClaimCheck("values of the groups", static evidence => Groups(evidence, "value"), Expectation.Near(groups.Values, absolute: 1e-9), ClosedForm) { Along = "group" },
                new ClaimCheck("sizes of the groups", static evidence => Groups(evidence, "count"), Expectation.Near(groups.Counts), ClosedForm) { Along = "group" },
            ],
            RefutedBy = Options(("weight-decay", "6e-3")),
            IsOracle = true,
        };
    }

    private static Claim Threshold()
    {
        Dictionary<string, string> below = Setting(), above = Setting();
        (below["weight-decay"], above["weight-decay"]) = ("0.0310664", "0.0310666");
        (below["start"], above["start"]) = ("dnc", "dnc");
        return new Claim
        {
            Id = "spectra-threshold",
            Paper = Paper,
            Statement = "At a weight decay λ* the collapsed solution stops being the best: the gain that is optimal jumps from (L−1)/L to 0.",
            Runs = [new ClaimRun("below", "ufm", below) { Seconds = 10 }, new ClaimRun("above", "ufm", above) { Seconds = 10 }],
            Checks =
            [
                new ClaimCheck("gain where the collapsed solution begins and stops being optimal", static evidence => Measured.Of([("below λ*", Gain(evidence["below"])), ("above λ*", Gain(evidence["above"]))]), Expectation.Near(0.8, absolute: 1e-4), ClosedForm) { Along = "weight decay" },
                new ClaimCheck("loss less that of the zero solution", static evidence => Measured.Of([("below λ*", evidence["below"].Number("loss") - 0.5), ("above λ*", evidence["above"].Number("loss") - 0.5)]), Expectation.Within([(double.NegativeInfinity, 0.0), (0.0, double.PositiveInfinity)]), ClosedForm) { Along = "weight decay" },
            ],
            RefutedBy = Options(("weight-decay", "0.02")),
            IsOracle = true,
            Caveats = ["Descent starts from the structure of the collapsed solution: from random entries it may end in the other one, since both are local minima on both sides."],
        };
    }

    private static Claim PapyanParts() => new()
    {
        Id = "spectra-papyan-parts",
        Paper = Paper,
        Statement = "Papyan's parts of every layer's Gauss–Newton matrix at the optimum: the within-class part vanishes, the cross-class part has rank K(K−1), the class part rank K, and their images are orthogonal.",
        Runs = AtOptimum(),
        Checks =
        [
            new ClaimCheck("rank of the within-class part", static evidence => Measured.Of(evidence[Optimum].Each("layers", "papyan.withinClass.rank")), Expectation.Near(0.0), ClosedForm) { Along = "layer" },
            new ClaimCheck("rank of the cross-class part", static evidence => Measured.Of(evidence[Optimum].Each("layers", "papyan.crossClass.rank")), Expectation.Near(6.0), ClosedForm) { Along = "layer" },
            new ClaimCheck("rank of the class part", static evidence => Measured.Of(evidence[Optimum].Each("layers", "papyan.class.rank")), Expectation.Near(3.0), ClosedForm) { Along = "layer" },
            new ClaimCheck("cosine between class and cross-class part", static evidence => Measured.Of(evidence[Optimum].Each("layers", "papyan.classCrossCosine")), Expectation.AtMost(1e-12), ClosedForm) { Along = "layer" },
        ],
        RefutedBy = Options(("classes", "4")),
        IsOracle = true,
    };

    private static Claim Gradient() => new()
    {
        Id = "spectra-gradient",
        Paper = Paper,
        Statement = "In the basis of products of class means the gradient of every layer has K equal squared coefficients 1/K, and nothing along the other K² − K.",
        Runs = AtOptimum(),
        Checks =
        [
            new ClaimCheck("squared coefficient of the first class", static evidence => Measured.Of(evidence[Optimum].Each("structure", "gradientCoefficients[0]")), Expectation.Near(1.0 / 3.0, absolute: 1e-9), ClosedForm) { Along = "layer" },
            new ClaimCheck("squared coefficient of the last class", static evidence => Measured.Of(evidence[Optimum].Each("structure", "gradientCoefficients[2]")), Expectation.Near(1.0 / 3.0, absolute: 1e-9), ClosedForm) { Along = "layer" },
            new ClaimCheck("largest squared coefficient between classes", static evidence => Measured.Of(evidence[Optimum].Each("structure", "largestCrossCoefficient")), Expectation.AtMost(1e-12), ClosedForm) { Along = "layer" },
        ],
        RefutedBy = Options(("activation", "relu"), ("iterations", "30")),
        IsOracle = true,
    };

    private static Claim Balance() => new()
    {
        Id = "spectra-balance",
        Paper = Paper,
        Statement = "At every stationary point neighbouring layers balance: λ WᵀW of one is λ WWᵀ of the one below.",
        Runs = AtOptimum(),
        Checks = [new ClaimCheck("relative distance from balance", static evidence => Measured.Of(evidence[Optimum].Each("structure", "balanceError")), Expectation.AtMost(1e-9), ClosedForm) { Along = "layer" }],
        RefutedBy = Options(("optimizer", "gradient-descent")),
        IsOracle = true,
    };

    private static Claim CrossEntropy()
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal) { ["classes"] = "4", ["per-class"] = "3", ["width"] = "6", ["depth"] = "3", ["weight-decay"] = "2e-3", ["feature-decay"] = "6.666666666666667e-4", ["loss"] = "cross-entropy", ["start"] = "dnc" };
        return new Claim
        {
            Id = "spectra-cross-entropy",
            Paper = Paper,
            Statement = "With cross-entropy every layer's Hessian has (K−1)² outliers at the collapsed solution, in three groups of 1, K−1 and K²−3K+1: K larger ones and a mini-bulk.",
            Runs = [new ClaimRun(Optimum, "ufm", options) { Seconds = 3 }],
            Checks =
            [
                .. Enumerable.Range(1, 3).Select(static layer => new ClaimCheck($"ten largest eigenvalues of layer {Name(layer)}", evidence => Largest(evidence[Optimum].Eigenvalues("hessian", $"{Name(layer)}.weight"), 10), Expectation.Near([0.0143665, 0.0107776, 0.0107776, 0.0107776, 0.0035997, 0.0035997, 0.0035997, 0.0035997, 0.0035997, 0.0], absolute: 6e-8), ClosedForm) { Along = "eigenvalue" }),
            ],
            RefutedBy = Options(("start", "random")),
            IsOracle = true,
            Caveats = ["From random starts this model ends in a solution of lower rank and lower loss, whose outliers are others: the collapsed one is stationary, and not the best."],
        };
    }

    private static double? Gain(RunReport report) => report.Number("output.collapse.classMeanNorms[0]");

    private static Measured Eigenvalue(Evidence evidence, int index) =>
        Measured.Of(Enumerable.Range(1, 5).Select(layer => (Name(layer), evidence[Optimum].Eigenvalues("hessian", $"{Name(layer)}.weight").ElementAtOrDefault(index))));

    private static Measured Groups(Evidence evidence, string what)
    {
        RunReport report = evidence[Optimum];
        return report.Spectrum("hessian", "all", withDecay: true) is { } path ? Measured.Of(report.Each($"{path}.multiplicities", what)) : Measured.Of(value: null);
    }

    /// <summary>The largest of some eigenvalues.</summary>
    public static Measured Largest(IReadOnlyList<double?> eigenvalues, int count) => Measured.Of(eigenvalues.Take(count).Select(static (value, i) => (Name(i + 1), value)));

    // Groups in descending order, as reports have them.
    private sealed class PredictedGroups(IReadOnlyList<Theory.PredictedGroup> groups)
    {
        public IReadOnlyList<double> Values { get; } = [.. groups.OrderByDescending(static group => group.Value).Select(static group => group.Value)];

        public IReadOnlyList<double> Counts { get; } = [.. groups.OrderByDescending(static group => group.Value).Select(static group => (double)group.Count)];
    }
}
