using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of a recursive feature machine.</summary>
internal static class RfmPage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Data", ["data", "dataSource", "regression", "samples", "validationSamples", "testSamples", "classes", "testFraction", "validationFraction", "standardize", "targets"]),
        ("Kernel machine", ["load", "kernel", "kernelFormula", "bandwidth", "power", "ridge", "memory"]),
        ("Metric", ["iterations", "patience", "metric", "agopExponent", "agopCentred", "agopScaling", "seed"]),
    ];

    public static ReportPage Build(RfmPlan plan, RfmResult result, Report report)
    {
        PageSection?[] sections =
        [
            result.Iterations.Count > 1 ? Along(result) : null,
            result.Agop.Eigenvalues is null ? null : Gradient(plan, result),
            KernelDoubts.Build(Doubts(result), report.Environment, RfmFindings.Solves(result)),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        return new ReportPage
        {
            Title = $"A recursive feature machine on {plan.Name}",
            Subtitle = $"{Format.Text(result.Samples)} training samples of {Format.Text(result.Dimension)} coordinates; {(result.TestSamples == 0 ? "no test samples" : $"{Format.Text(result.TestSamples)} test samples: {RfmFindings.Test(result.Iterations[result.Best])}{(result.Iterations[result.Best].TestError.IsDefined ? " misclassified" : "")}")}",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    private static PageSection Along(RfmResult result)
    {
        List<PageFigure> figures = [];
        if (result.Iterations[0].TrainError.IsDefined)
            figures.Add(Errors(result));
        figures.Add(Losses(result));
        return new PageSection
        {
            Title = "Along the iterations",
            Anchor = "iterations",
            Sentence = "Iteration 0 is plain kernel ridge regression; each later one has the metric that the gradients of the one before it give.",
            Figures = figures,
        };
    }

    private static LineFigure Errors(RfmResult result)
    {
        RfmIterationReport plain = result.Iterations[0], best = result.Iterations[result.Best];
        string sentence = plain.TestError.IsDefined
            ? $"Of the test samples {RfmFindings.Test(plain)} are misclassified at iteration 0 and {RfmFindings.Test(best)} at iteration {Format.Text(result.Best)}, the one reported."
            : $"Of the training samples {Format.Percent(plain.TrainError.Value!.Value)} are misclassified at iteration 0 and {Format.Percent(best.TrainError.Value!.Value)} at iteration {Format.Text(result.Best)}, the one reported.";
        return Figure(
            result,
            new PageFigureText("iterations-errors", "Errors", sentence, Formulas.Misclassified),
            "share misclassified",
            isLogarithmic: false,
            [("training", static iteration => iteration.TrainError), ("validation", static iteration => iteration.ValidationError), ("test", static iteration => iteration.TestError)]);
    }

    private static LineFigure Losses(RfmResult result)
    {
        RfmIterationReport plain = result.Iterations[0], last = result.Iterations[^1];
        string test = plain.TestLoss.IsDefined ? $", the test loss from {Format.Text(plain.TestLoss)} to {Format.Text(last.TestLoss)}" : "";
        return Figure(
            result,
            new PageFigureText("iterations-losses", "Losses", $"The training loss goes from {Format.Text(plain.TrainLoss)} to {Format.Text(last.TrainLoss)}{test}.", $@"{Formulas.SquaredLoss}, \qquad {Formulas.KernelMachine}"),
            "loss",
            isLogarithmic: true,
            [("training", static iteration => iteration.TrainLoss), ("validation", static iteration => iteration.ValidationLoss), ("test", static iteration => iteration.TestLoss)]);
    }

    private static LineFigure Figure(RfmResult result, PageFigureText text, string label, bool isLogarithmic, IReadOnlyList<(string Name, Func<RfmIterationReport, Number> Value)> values)
    {
        LayerLine[] lines = [.. values.Select(entry => new LayerLine(entry.Name, [.. result.Iterations.Select(entry.Value)]))];
        LineFigure figure = GlanceSection.Along([.. result.Iterations.Select(static iteration => Format.Text(iteration.Iteration))], text, label, isLogarithmic, lines);
        double[] drawn = [.. figure.Lines.SelectMany(static line => line.Y).OfType<double>()];
        return figure with { X = figure.X with { Label = "iteration" }, Y = isLogarithmic ? figure.Y : Axes.Linear(label, drawn, 0.0, Math.Max(drawn.DefaultIfEmpty(0.0).Max(), 1.0 / result.Samples)) };
    }

    private static PageSection Gradient(RfmPlan plan, RfmResult result)
    {
        IReadOnlyList<double> values = result.Agop.Eigenvalues!;
        double trace = result.Agop.Trace.Value ?? 0.0;
        int outputs = Math.Min(result.Outputs, values.Count);
        SpectrumFigure spectrum = SpectrumFigures.OfLists(
            new PageFigureText(
                "agop-spectrum",
                "Average gradient outer product",
                $"The {Format.Text(outputs)} largest of {Format.Text(values.Count)} eigenvalues hold {(trace > 0.0 ? Format.Percent(values.Take(outputs).Sum() / trace) : "nothing")} of the trace, {Format.Text(trace)}.",
                Formulas.Agop),
            "eigenvalue",
            [new SpectrumList("AGOP", values)],
            [new MarkedRank(outputs, "outputs")]);
        return new PageSection
        {
            Title = "What the machine looks at",
            Anchor = "agop",
            Sentence = "The plain mean of the gradients' outer products at the training points, of the machine that is reported.",
            Figures = [spectrum, AgopDiagonalFigures.Of(result.AgopDiagonal!, plan.SampleShape)],
        };
    }

    private static IEnumerable<string> Doubts(RfmResult result)
    {
        if (result.Partial)
            yield return "The run was interrupted: what is missing here was not reached.";
        if (result.Ending is "not-positive-definite" or "zero-gradient")
            yield return $"It ended before its iterations were made: {result.Message.TrimEnd('.')}.";
        if (RfmFindings.Seen(result) is { } seen)
            yield return seen;
        if (result.TestSamples == 0)
            yield return "There are no test samples: --test-fraction holds some out.";
        else if (result.ValidationSamples == 0 && result.Iterations.Count > 1)
            yield return "The last iteration is reported, whatever the test samples say: choosing by them would make their error too small. --validation-fraction sets samples aside to choose by.";
        if (result.Iterations[result.Best] is { TestError.IsDefined: true, TestErrorStandardError.Reason: { } reason })
            yield return $"The test error has no standard error: {reason.TrimEnd('.')}.";
    }
}
