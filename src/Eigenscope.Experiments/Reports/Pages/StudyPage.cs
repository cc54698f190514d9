using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of a study.</summary>
internal static class StudyPage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Data", ["data", "dataSource", "samples", "classes", "standardize", "shuffleLabels", "testFraction", "measureSamples"]),
        ("Network", ["model", "width", "depth", "channels", "headDepth", "headWidth", "headActivation", "activation", "biases", "init", "initScale"]),
        ("Objective", ["loss", "targets", "weightDecay"]),
        ("Training", ["optimizer", "learningRate", "momentum", "schedule", "batchSize", "epochs", "labelSmoothing", "augment", "dropout", "restarts", "seed"]),
        ("Measurement", ["measureEvery", "operators", "scopes", "includeWeightDecay", "density", "nfaExponent", "agopCentred", "top", "bottom", "tolerance", "memory"]),
    ];

    public static ReportPage Build(StudyPlan plan, StudyResult result, Report report, IReadOnlyList<(string Title, GramPicture Picture)> pictures)
    {
        int classes = plan.Data.Train.ClassCount;
        PageSection?[] sections =
        [
            GlanceSection.Build(result.Layers, result.Output, result.Spectra, classes),
            pictures.Count > 0 ? GramSection.Build(pictures, plan.Data.Train.ClassNames) : null,
            LayerSections.Build(result.Layers, result.Spectra, classes),
            TrainingSection.Build(result.Trajectory, classes),
            FullSection.Build(result.Spectra, result.Trajectory, result.Layers, classes),
            PartsSection.Build(result.Papyan, result.Layers, result.Spectra, classes),
            DoubtSection.Build([.. DoubtSection.OfTraining(result.Partial, result.Attempts)], report.Environment, result.Layers, result.Output, result.Spectra, result.Papyan),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        return new ReportPage
        {
            Title = Title(plan, result),
            Subtitle = Subtitle(plan, result, classes),
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    private static string Title(StudyPlan plan, StudyResult result) => plan.Options.Model is "mlp"
        ? $"{plan.Data.Train.Name}: a network of {Format.Text(result.Layers.Count)} layers"
        : $"{plan.Data.Train.Name}: {plan.Options.Model}, {Format.Text(result.Layers.Count)} layers with weights";

    private static string Subtitle(StudyPlan plan, StudyResult result, int classes)
    {
        string run = $"{Format.Text(plan.Data.Train.SampleCount)} samples of {Format.Text(classes)} classes, {Format.Text(result.Parameters)} parameters, {plan.Options.Activation}, {plan.Options.Loss}; ";
        return result.Training is { } whole
            ? $"{run}training accuracy {Format.Percent(whole.Accuracy)} on all {Format.Text(whole.Samples)} samples. Measured on {Format.Text(result.MeasuredSamples)} of them, classes balanced: accuracy {Format.Percent(result.Accuracy)}, objective {Format.Text(result.Loss)}"
            : $"{run}accuracy {Format.Percent(result.Accuracy)}, objective {Format.Text(result.Loss)}";
    }
}
