using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of recursive feature machines on modular arithmetic.</summary>
internal static class GrokPage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Data", ["operation", "modulus", "trainFraction", "seed"]),
        ("Machine learned", ["kernel", "bandwidth", "ridge", "iterations"]),
    ];

    public static ReportPage Build(GrokPlan plan, IReadOnlyList<LearnedOperation> learned, Report report)
    {
        GrokResult result = (GrokResult)report.Result;
        string signs = string.Join(", ", learned.Select(static operation => ModularPairs.Symbol(operation.Operation)));
        return new ReportPage
        {
            Title = $"Grokking by a recursive feature machine: {signs} modulo {Format.Text(plan.Options.Modulus)}",
            Subtitle = $"{plan.Options.Kernel} kernel, {Format.Percent(plan.Options.TrainFraction)} of all pairs trained on; test accuracy at the end {string.Join(", ", result.Operations.Select(static operation => Format.Percent(operation.TestAccuracy)))}",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections =
            [
                .. learned.Count > 1 ? [Together(result)] : Array.Empty<PageSection>(),
                .. learned.Select(operation => GrokSection.Build(plan, operation)),
                DoubtSection.Build([.. Doubts(result)], report.Environment, [], null, []),
                new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
            ],
        };
    }

    private static PageSection Together(GrokResult result) => new()
    {
        Title = "All operations",
        Anchor = "operations",
        Figures =
        [
            GrokSection.Lines(
                new PageFigureText(
                    "operations-accuracy",
                    "Test accuracy",
                    $"At iteration {Format.Text(result.Operations.Max(static operation => operation.Iterations[^1].Iteration))} between {Format.Percent(result.Operations.Min(static operation => operation.TestAccuracy))} and {Format.Percent(result.Operations.Max(static operation => operation.TestAccuracy))} of the test pairs are right.",
                    Formulas.GrokAccuracy),
                "share of test pairs",
                [.. result.Operations.Select(static operation => (operation.Operation, operation.Iterations, (Func<GrokIterationReport, double?>)(static point => point.TestAccuracy)))]),
            GrokSection.Lines(
                new PageFigureText(
                    "operations-circulant",
                    "Circulant deviation of the metric",
                    $"At the end it is between {Format.Text(result.Operations.Min(static operation => operation.Iterations[^1].CirculantDeviation.Value ?? 0.0))} and {Format.Text(result.Operations.Max(static operation => operation.Iterations[^1].CirculantDeviation.Value ?? 0.0))}.",
                    Formulas.Circulant),
                "circulant deviation",
                [.. result.Operations.Select(static operation => (operation.Operation, operation.Iterations, (Func<GrokIterationReport, double?>)(static point => point.CirculantDeviation.Value)))]),
        ],
    };

    private static IEnumerable<string> Doubts(GrokResult result)
    {
        if (result.Partial)
            yield return "The run was interrupted: what is missing here was not reached.";
        foreach (GrokOperationReport operation in result.Operations.Where(static operation => operation.Status is not ("finished" or "interrupted")))
            yield return $"{operation.Operation}: {operation.Message.TrimEnd('.')}.";
        yield return "One draw of the training pairs was learned from: when the test accuracy rises, and where it ends, depends on the draw; --seed makes another.";
    }
}
