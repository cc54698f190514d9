using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of a study.</summary>
internal static class StudyPage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Data", ["data", "dataSource", "samples", "classes", "shuffleLabels", "testFraction"]),
        ("Network", ["model", "width", "depth", "activation", "biases", "initScale"]),
        ("Objective", ["loss", "targets", "weightDecay"]),
        ("Training", ["optimizer", "learningRate", "momentum", "schedule", "batchSize", "epochs", "restarts", "seed"]),
        ("Measurement", ["measureEvery", "top", "bottom", "tolerance"]),
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
            DoubtSection.Build([.. DoubtSection.OfTraining(result.Partial, result.Attempts)], report.Environment, result.Layers, result.Output, result.Spectra),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        return new ReportPage
        {
            Title = $"{plan.Data.Train.Name}: a network of {Format.Text(result.Layers.Count)} layers",
            Subtitle = $"{Format.Text(plan.Data.Train.SampleCount)} samples of {Format.Text(classes)} classes, {Format.Text(result.Parameters)} parameters, {plan.Options.Activation}, {plan.Options.Loss}; accuracy {Format.Percent(result.Accuracy)}, objective {Format.Text(result.Loss)}",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }
}
