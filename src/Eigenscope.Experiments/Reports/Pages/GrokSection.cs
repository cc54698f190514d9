using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>One operation: how well it was answered along the iterations, beside what became of the metric.</summary>
internal static class GrokSection
{
    private const string AlongIterations = "iteration";

    public static PageSection Build(GrokPlan plan, LearnedOperation learned)
    {
        string sign = ModularPairs.Symbol(learned.Operation);
        return new PageSection
        {
            Title = $"a {sign} b modulo {Format.Text(plan.Options.Modulus)}",
            Anchor = learned.Report.Operation,
            Sentence = $"Trained on {Format.Text(learned.Report.TrainSamples)} pairs, tested on the other {Format.Text(learned.Report.TestSamples)}; always giving the most frequent answer would be right for {Format.Percent(learned.Report.Chance)} of them.",
            Figures = [Course(learned.Report), Losses(learned.Report), Blocks(learned)],
        };
    }

    /// <summary>Lines of shares along the iterations.</summary>
    public static LineFigure Lines(PageFigureText text, string label, IReadOnlyList<(string Name, IReadOnlyList<GrokIterationReport> Points, Func<GrokIterationReport, double?> Value)> lines)
    {
        LineSeries[] series = [.. lines.Select(static line => new LineSeries(line.Name, [.. line.Points.Select(static point => (double)point.Iteration)], [.. line.Points.Select(line.Value)]))];
        return Figure(text, series, Axes.Linear(label, [.. Drawn(series)], 0.0, 1.0));
    }

    private static LineFigure Course(GrokOperationReport report)
    {
        string rise = report.FirstAbove90.IsDefined
            ? $"The test accuracy is above 90 % from iteration {Format.Text(report.FirstAbove90)}"
            : $"The test accuracy reaches {Format.Percent(report.Iterations.Max(static point => point.TestAccuracy))}";
        GrokIterationReport last = report.Iterations[^1];
        double largest = report.Iterations.Max(static point => point.CirculantDeviation.Value ?? 0.0);
        return Lines(
            new PageFigureText(
                $"{report.Operation}-course",
                "Accuracy and features",
                $"{rise}; the circulant deviation is {Format.Text(largest)} at its largest and {Format.Text(last.CirculantDeviation)} at the end.",
                Formulas.CirculantAndAlignment),
            "share, cosine",
            [
                ("test accuracy", report.Iterations, static point => point.TestAccuracy),
                ("training accuracy", report.Iterations, static point => point.TrainAccuracy),
                ("circulant deviation", report.Iterations, static point => point.CirculantDeviation.Value),
                ("AGOP alignment", report.Iterations, static point => point.AgopAlignment.Value),
            ]);
    }

    private static LineFigure Losses(GrokOperationReport report)
    {
        double[] x = [.. report.Iterations.Select(static point => (double)point.Iteration)];
        LineSeries[] lines = [new("test loss", x, [.. report.Iterations.Select(static point => (double?)point.TestLoss)])];
        return Figure(
            new PageFigureText(
                $"{report.Operation}-losses",
                "Test loss",
                $"The test loss goes from {Format.Text(report.Iterations[0].TestLoss)} to {Format.Text(report.Iterations[^1].TestLoss)}; the training loss is never above {Format.Text(report.LargestTrainLoss)}.",
                Formulas.SquaredLoss),
            lines,
            Axes.Linear("1/(2N) Σ ‖f(x) − y‖²", [.. Drawn(lines)], 0.0, 0.5));
    }

    private static LineFigure Figure(PageFigureText text, LineSeries[] lines, PageAxis y) => new()
    {
        Id = text.Id,
        Title = text.Title,
        Sentence = text.Sentence,
        Formula = text.Formula,
        X = Axes.Epochs([.. lines[0].X]) with { Label = AlongIterations },
        Y = y,
        Lines = lines,
    };

    private static HeatFigure Blocks(LearnedOperation learned)
    {
        int[] shown = Shown(learned.Report);
        string order = learned.Operation is ModularOperation.Multiply or ModularOperation.Divide ? " Rows and columns are the residues 1, g, g², … for the smallest generator g." : "";
        return new HeatFigure
        {
            Id = $"{learned.Report.Operation}-blocks",
            Title = "Metric between first and second residues",
            Sentence = $"After {string.Join(", ", shown.Select(Format.Text))} iterations the circulant deviation is {string.Join(", ", shown.Select(t => Format.Text(learned.Report.Iterations[t].CirculantDeviation)))}.{order}",
            Formula = Formulas.MetricBlock,
            Note = "Each picture is divided by its largest entry in size.",
            IsWide = true,
            Low = -1.0,
            High = 1.0,
            Scale = "entry / largest",
            IsDiverging = true,
            Panels = [.. shown.Select(t => Panel(learned, t))],
        };
    }

    // The first metric with a block of its own, the one at which the test accuracy has risen (else halfway), the last.
    private static int[] Shown(GrokOperationReport report)
    {
        int last = report.Iterations[^1].Iteration, middle = (int)(report.FirstAbove90.Value ?? (last + 1) / 2);
        return [.. new[] { Math.Min(1, last), middle, last }.Distinct()];
    }

    private static HeatPanel Panel(LearnedOperation learned, int iteration)
    {
        Tensor<double> block = ModularBlock.Of(learned.Metrics[iteration].AsMatrix(), learned.Operation);
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(block.Span));
        if (largest > 0.0)
            TensorPrimitives.Divide(block.Span, largest, block.Span);
        return new HeatPanel { Title = $"iteration {Format.Text(iteration)}", Rows = block.Rows, Columns = block.Columns, Cells = HeatCells.Encode(block.Span, -1.0, 1.0) };
    }

    private static IEnumerable<double> Drawn(IEnumerable<LineSeries> lines) => lines.SelectMany(static line => line.Y).OfType<double>();
}
