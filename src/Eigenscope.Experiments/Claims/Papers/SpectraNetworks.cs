using static Eigenscope.Experiments.Claims.Papers.ClaimValues;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Low-dimensional spectra (2404.06106) of networks that are trained on data: four statements on each network, of one run.</summary>
internal static class SpectraNetworks
{
    private const string Study = "study";
    private const string Count = "the paper has K outliers; K − 1 where the mean over classes is not among them";
    private const string Half = "the paper says it of MNIST and CIFAR-10 without a number; that it be more than half is our reading";

    // Of every data set here.
    private const int Classes = 10;

    // The network in single precision, and a relative residual, that move none of the numbers looked at: they are ratios and overlaps beside one half.
    private const string Precision = "float32", Tolerance = "1e-4";

    private static readonly (string Data, string Title)[] Images = [("mnist", "MNIST"), ("fashion-mnist", "Fashion-MNIST"), ("cifar10", "CIFAR-10")];

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. new Trained("digits", "the digits", "mlp", 45, []).Claims(),
        .. Images.SelectMany(static image => Of(image.Data, image.Title)),
    ];

    private static IEnumerable<Claim> Of(string data, string title) =>
    [
        .. new Trained(data, title, "mlp", data is "cifar10" ? 140 : 55, [("samples", "600")]).Claims(),
        // At the usual rate of 0.1 it does not fit so few images of CIFAR-10.
        .. new Trained(data, title, "vgg11", data is "cifar10" ? 75 : 45, [.. Small, ("learning-rate", "0.03")]).Claims(),
        .. new Trained(data, title, "resnet8", data is "cifar10" ? 185 : 130, Small).Claims(),
    ];

    // As many samples as all can be measured on: the gradient on a part of them is not that which training brought to rest.
    private static (string, string)[] Small => [("samples", "200"), ("channels", "8"), ("batch-size", "20"), ("epochs", "100")];

    // One network, and what is claimed of it.
    private sealed record Trained(string Data, string Title, string Model, double Seconds, (string Option, string Value)[] Further)
    {
        // Of convolutional models K + 1 eigenpairs are measured, of others K² + 1.
        private bool HasMiniBulk => Model is "mlp";

        private string Network => Model switch { "mlp" => "a perceptron", "vgg11" => "VGG11", _ => "a residual network" };

        public IEnumerable<Claim> Claims() =>
        [
            Claim("outliers", "the Hessian of all weights, and that of every layer, has K − 1 or K outliers", Outliers()),
            Claim("inherited", "the top eigenvectors of the Hessian of all weights are of class means, as the layers' are, and none is of within-class variation", Inherited()),
            Claim("gradient", HasMiniBulk ? "most of every layer's gradient lies in the K² top eigenvectors of its Hessian" : "most of every layer's gradient lies in the K top eigenvectors of its Hessian", Gradient()),
            Claim("class-means", "class means predict every layer's top K² eigenvectors, and most of its Gauss–Newton matrix", ClassMeans()),
        ];

        private Claim Claim(string name, string statement, IReadOnlyList<ClaimCheck> checks) => new()
        {
            Id = $"spectra-{Data}-{Model}-{name}",
            Paper = SpectraClaims.Paper,
            Statement = $"In {Network} trained on {Title} {statement}.",
            Runs = [new ClaimRun(Study, "study", Options([("data", Data), ("model", Model), ("operators", "hessian"), ("precision", Precision), ("tolerance", Tolerance), ("measure-every", "0"), .. Further])) { Seconds = Seconds }],
            Checks = [.. checks, new ClaimCheck("training accuracy", static evidence => Measured.Of(evidence[Study].Number("accuracy")), Expectation.AtLeast(0.99), "paper: trained to the end")],
            // A network that is hardly trained, of any data; small ones are measured in seconds.
            RefutedBy = Options([("data", "digits"), ("samples", "100"), ("measure-samples", "100"), ("epochs", "1"), .. HasMiniBulk ? [("width", "16")] : ((string, string)[])[("channels", "4")]]),
            Caveats = Further.Length == 0 ? ["The paper's networks and settings are not known to us."]
                : [$"The paper's networks and settings are not known to us; here {string.Join(", ", Further.Select(static option => $"{option.Option} {option.Value}"))}, for the sake of time."],
        };
    }

    private static IReadOnlyList<ClaimCheck> Outliers() =>
    [
        new ClaimCheck("eigenvalues above the widest gap among the first K + 1, all weights", static evidence => Measured.Of(AboveGap(evidence[Study], "all")), Expectation.Within(Classes - 1, Classes), Count),
        new ClaimCheck("eigenvalues above the widest gap among the first K + 1, each layer", static evidence => OfWeights(evidence[Study], AboveGap), Expectation.Within(Classes - 1, Classes), Count) { Along = "layer" },
    ];

    private static IReadOnlyList<ClaimCheck> Inherited() =>
    [
        new ClaimCheck("of the K largest eigenvalues of all weights' Hessian those of within-class variation", static evidence => Measured.Of(WithinClass(evidence[Study], "all")), Expectation.Near(0.0), "paper: the full Hessian inherits the layers' structure"),
    ];

    private static IReadOnlyList<ClaimCheck> Gradient() =>
    [
        new ClaimCheck("share of a layer's gradient in the top eigenvectors of its Hessian", static evidence => Aligned(evidence[Study]), Expectation.AtLeast(0.5), Half) { Along = "layer" },
    ];

    private static IReadOnlyList<ClaimCheck> ClassMeans() =>
    [
        new ClaimCheck("overlap of the predicted eigenvectors with the measured", static evidence => OfWeights(evidence[Study], static (report, scope) => Predicted(report, scope, "subspaceOverlap")), Expectation.AtLeast(0.5), Half) { Along = "layer" },
        new ClaimCheck("trace of the prediction over that of the layer's Gauss–Newton matrix", static evidence => OfWeights(evidence[Study], static (report, scope) => Predicted(report, scope, "explainedTrace")), Expectation.AtLeast(0.5), Half) { Along = "layer" },
    ];

    private static double? AboveGap(RunReport report, string scope)
    {
        double[] values = [.. report.Eigenvalues("hessian", scope).Take(Classes + 1).OfType<double>()];
        return values.Length <= Classes || values[^1] <= 0.0 ? null : Enumerable.Range(1, Classes).MaxBy(count => values[count - 1] / values[count]);
    }

    private static double? WithinClass(RunReport report, string scope) =>
        report.Spectrum("hessian", scope) is { } spectrum ? report.Number($"{spectrum}.origins.outliers.withinClass") : null;

    private static Measured OfWeights(RunReport report, Func<RunReport, string, double?> measure) =>
        Measured.Of(report.Each("layers", "input.dimension").Select((layer, i) => (layer.Place, measure(report, Weight(report, i)))));

    private static Measured Aligned(RunReport report) =>
        Measured.Of(report.Each("layers", "gradient.alignmentTopK2").Zip(report.Each("layers", "gradient.alignmentTopK"), static (wide, narrow) => (wide.Place, wide.Value ?? narrow.Value)));

    private static double? Predicted(RunReport report, string scope, string number) =>
        report.Spectrum("hessian", scope) is { } spectrum ? report.Number($"{spectrum}.predicted.{number}") : null;

    private static string Weight(RunReport report, int layer) => report.Text($"layers[{Name(layer)}].weight.parameter") ?? "";
}
