using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of an unconstrained feature model.</summary>
internal static class UfmPage
{
    private const string Moment = "iteration";

    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Model", ["classes", "perClass", "samples", "width", "depth", "activation", "rectifiedFeatures", "bias"]),
        ("Objective", ["loss", "weightDecay", "featureDecay"]),
        ("Minimisation", ["start", "hadamardSpread", "initScale", "starts", "restarts", "optimizer", "learningRate", "iterations", "gradientTolerance", "adamSteps", "lbfgsIterations", "newtonIterations", "seed"]),
        ("Measurement", ["measureEvery", "top", "bottom", "tolerance"]),
    ];

    public static ReportPage Build(UfmPlan plan, UfmResult result, Report report, IReadOnlyList<(string Title, GramPicture Picture)> pictures)
    {
        int classes = plan.Classes;
        PageSection?[] sections =
        [
            FullSection.Build(result.Spectra, result.Trajectory, result.Layers, classes, Moment, "Over all weights at once, features held fixed unless the figure says otherwise."),
            LayerSections.Build(result.Layers, result.Spectra, classes, Predictions(result)),
            GlanceSection.Build(result.Layers, result.Output, result.Spectra, classes),
            pictures.Count > 0 ? GramSection.Build(pictures, [.. Enumerable.Range(0, classes).Select(Format.Text)]) : null,
            TrainingSection.Build(result.Trajectory, classes, Moment),
            result.Attempts.Count > 1 ? Starts(result) : null,
            DoubtSection.Build([.. Doubts(result)], report.Environment, result.Layers, result.Output, result.Spectra),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        return new ReportPage
        {
            Title = $"The deep unconstrained feature model, K = {Format.Text(classes)}, L = {Format.Text(plan.Options.Depth)}",
            Subtitle = $"{Format.Text(plan.Samples)} free features of width {Format.Text(plan.Options.Width)}, {plan.Options.Activation}, {plan.Options.Loss}; objective {Format.Text(result.Loss)}, gradient norm {Format.Text(result.Stationarity)}",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    // The layers' predictions are of the collapsed solution, and stand only beside a run that ended there.
    private static IReadOnlyList<LayerPrediction>? Predictions(UfmResult result) =>
        result.Theory is { Nearest: "dnc" } theory && theory.Layers.Count == result.Layers.Count
            ? [.. theory.Layers.Select(LayerPrediction.Of)]
            : null;

    private static PageSection Starts(UfmResult result) => new()
    {
        Title = "Where the starts ended",
        Anchor = "starts",
        Figures =
        [
            new BarFigure
            {
                Id = "starts-ranks",
                Title = "Rank of the class-mean logits at the end",
                Sentence = $"Of {Format.Text(result.Attempts.Count)} starts, {string.Join(", ", result.Ranks.Select(static rank => $"{Format.Text(rank.Count)} ended in rank {Format.Text(rank.Rank)}"))}.",
                Formula = Formulas.LogitRank,
                Names = [.. result.Ranks.Select(static rank => $"rank {Format.Text(rank.Rank)}")],
                Values = [.. result.Ranks.Select(static rank => (double?)rank.Count)],
                Y = Axes.Linear("starts", [.. result.Ranks.Select(static rank => (double)rank.Count)], 0.0, 1.0),
            },
        ],
    };

    private static IEnumerable<string> Doubts(UfmResult result)
    {
        if (result.Partial)
            yield return "The run was interrupted: what is missing here was not reached.";
        if (result.Status is not ("converged" or "finished"))
            yield return $"The minimiser ended as {result.Status}, at gradient norm {Format.Text(result.Stationarity)}.";
        if (result.Theory is { Nearest: null } theory)
            yield return $"The point reached has the structure of no known solution: {theory.NearestReason?.TrimEnd('.')}.";
        if (result.TheoryReason is { } reason)
            yield return $"There is no closed form to compare with: {reason.TrimEnd('.')}.";
    }
}
