using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of an analysis.</summary>
internal static class AnalyzePage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Model", ["model", "store", "format", "architecture", "names"]),
        ("Data", ["data", "dataSource", "samples", "classes", "standardize"]),
        ("Objective", ["loss", "targets", "weightDecay"]),
        ("Measurement", ["operators", "scopes", "includeWeightDecay", "density", "halves", "nfaExponent", "agopCentred", "top", "bottom", "tolerance", "batch", "memory", "seed"]),
    ];

    public static ReportPage Build(AnalyzePlan plan, AnalyzeResult result, Report report, IReadOnlyList<(string Title, GramPicture Picture)> pictures)
    {
        PageSection?[] sections =
        [
            GlanceSection.Build(result.Layers, result.Output, result.Spectra, plan.Classes),
            pictures.Count > 0 ? GramSection.Build(pictures, plan.Samples.ClassNames) : null,
            LayerSections.Build(result.Layers, result.Spectra, plan.Classes),
            FullSection.Build(result.Spectra, [], result.Layers, plan.Classes),
            PartsSection.Build(result.Papyan, result.Layers, result.Spectra, plan.Classes),
            DoubtSection.Build([.. Doubts(plan, result)], report.Environment, result.Layers, result.Output, result.Spectra, result.Papyan, plan.Measurement.Whole),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        string classes = plan.Samples.ClassNames.Count > 0 ? $"{Format.Text(plan.Classes)} classes" : $"{Format.Text(plan.Classes)} {(plan.Classes == 1 ? "target" : "targets")}";
        return new ReportPage
        {
            Title = $"{Path.GetFileName(plan.Path)} on {plan.Samples.Name}: {Format.Text(result.Layers.Count)} layers with weights",
            Subtitle = $"{Format.Text(result.MeasuredSamples)} samples of {classes}, {Format.Text(result.Parameters)} parameters, {plan.Samples.Loss.Name}; {(result.Accuracy.Value is { } accuracy ? $"accuracy {Format.Accuracy(accuracy)}, " : "")}objective {Format.Text(result.Loss)}",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    private static IEnumerable<string> Doubts(AnalyzePlan plan, AnalyzeResult result)
    {
        if (result.Partial)
            yield return "The run was interrupted: what is missing here was not reached.";
        if (result.Model.IsTrainingData is null && plan.Samples.NoClasses is null)
            yield return "Whether the network was trained on these samples is not known; on others it is less collapsed than on its own.";
        if (plan.Samples.NoClasses is { } none)
            yield return $"Nothing that rests on classes is measured: {none}.";
        if (result.Sharpness is { Hessian.IsDefined: true, StandardError: { IsDefined: false, Reason: { } reason } })
            yield return $"No ± behind the largest eigenvalue of the Hessian: {reason}.";
    }
}
