using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Pages.Tests.Support;

/// <summary>A page made by hand with a figure of every kind, in which every text can be another.</summary>
internal static class SamplePage
{
    private static readonly PageAxis Value = new("eigenvalue", IsLogarithmic: true, 1e-4, 1.0) { TickDecades = 1 };

    /// <summary>The page.</summary>
    /// <param name="text">Takes the place of every text that a user's data or names may reach.</param>
    public static ReportPage Create(string text = "plain") => new()
    {
        Title = $"title {text}",
        Subtitle = $"subtitle {text}",
        Generator = "Eigenscope 0.1.0",
        Findings = [$"finding {text} of 4.2e-17, K = 3", "another"],
        Facts = [new PageFactGroup("Data", [new PageFact("data", text)])],
        Sections =
        [
            new PageSection { Title = $"section {text}", Anchor = "first", Sentence = $"sentence {text}", Figures = [Spectrum("spectrum", text), Lines(text), Multiples(text), Phase(text), Heat(text), Bars(text), Density(text), LogDensity(text), Levels(text)], Points = [$"point {text}"], Commands = [new PageCommand($"command {text}", $"eigenscope --weight-decay 1e-2 {text}")] },
            new PageSection
            {
                Title = "Parts",
                Anchor = "parts",
                Parts =
                [
                    new PageSection { Title = "open part", Anchor = "part-1", Summary = text, Figures = [Spectrum("in-open", text)] },
                    new PageSection { Title = "folded part", Anchor = "part-2", Figures = [Spectrum("in-folded", text)], IsOpen = false },
                ],
            },
            new PageSection { Title = "Tables", Anchor = "tables", Tables = [new SummaryTable($"table {text}", [new(text, false), new("number", true)], [[text, "1.5"]], [$"note {text}"])] },
        ],
    };

    public static SpectrumFigure Spectrum(string id, string text) => new()
    {
        Id = id,
        Title = $"spectrum {text}",
        Sentence = $"says {text}",
        Formula = @"H v_j = \theta_j v_j, \qquad j = 1, \dots",
        Note = $"note {text}",
        X = new PageAxis("rank", IsLogarithmic: false, 0.0, 13.0),
        Y = Value,
        Measured = [new SpectrumSeries(text, [1, 2, 3], [0.9, 0.9, 0.9]), new SpectrumSeries("cross-class", [4, 5], [0.2, 0.1], Category: "cross-class"), new SpectrumSeries($"{text}, negative", [12], [0.01], IsNegative: true)],
        Predicted = [new PredictedLevel(0.9, 1, 9, "×9"), new PredictedLevel(0.01, 12, 12, "", IsNegative: true)],
        PredictedFrom = text,
        Marks = [new MarkedRank(3, "K")],
        Verdict = $"budget-exhausted {text}",
        IsDoubtful = true,
    };

    private static LineFigure Lines(string text) => new()
    {
        Id = "lines",
        Title = "lines",
        Sentence = "A line.",
        Formula = @"\mathrm{NC1}",
        X = new PageAxis("layer", IsLogarithmic: false, 0.0, 2.0) { Names = ["1", text, "logits"] },
        Y = Value,
        Lines = [new LineSeries(text, [0.0, 1.0, 2.0], [0.5, null, 0.1]) { Low = [0.4, null, null], High = [0.7, null, null] }, new LineSeries("K", [0.0, 2.0], [0.2, 0.2], IsPredicted: true)],
    };

    private static LineFigure Levels(string text) => Lines(text) with
    {
        Id = "levels",
        Lines = [new LineSeries(text, [0.0, 1.0], [0.5, 0.1]), new LineSeries("expected", [0.0, 1.0], [0.4, null], IsPredicted: true), new LineSeries("expected at least", [0.0, 1.0], [0.2, 0.2], IsPredicted: true) { Side = "above" }],
        IsLevelled = true,
        IsUnjoined = true,
    };

    private static MultiplesFigure Multiples(string text) => new()
    {
        Id = "multiples",
        Title = "multiples",
        Sentence = "Panels.",
        Formula = "r",
        IsWide = true,
        X = new PageAxis(text, IsLogarithmic: true, 1e-4, 1e-2),
        Y = Value,
        Panels = [.. new[] { "layer 1", text, "layer 3" }.Select(title => new LinePanel(title, [new LineSeries(text, [1e-4, 1e-2], [0.5, 0.1]) { Low = [0.4, null], High = [0.6, null] }, new LineSeries("K", [1e-4, 1e-2], [0.2, 0.2], IsPredicted: true)]))],
    };

    private static PhaseFigure Phase(string text) => new()
    {
        Id = "phase",
        Title = "phase",
        Sentence = "A phase picture.",
        Formula = "r",
        Columns = new PhaseSide(text, ["1e-4", text, "0.01"]),
        Rows = new PhaseSide("width", [text, "8"]),
        Panels = [new PhasePanel(text, [1.0, 2.0, null, 4.0, 5.0, null], [0.1, null, null, null, null, null], [null, null, "missing", null, null, text])],
        Low = 1.0,
        High = 5.0,
        Scale = text,
        IsLogarithmic = true,
    };

    private static HeatFigure Heat(string text) => new()
    {
        Id = "heat",
        Title = "heat",
        Sentence = "A picture.",
        Formula = @"\langle u_i, u_j \rangle",
        Low = -1.0,
        High = 1.0,
        Scale = text,
        IsDiverging = true,
        IsWide = true,
        Panels = [new HeatPanel { Title = text, Rows = 2, Columns = 2, Cells = Convert.ToBase64String([255, 0, 0, 255]), Groups = [new HeatGroup(text, 0, 1), new HeatGroup("b", 1, 1)] }],
    };

    private static BarFigure Bars(string text) => new()
    {
        Id = "bars",
        Title = "bars",
        Sentence = "Bars.",
        Formula = "n",
        Names = [text, "rank 2"],
        Values = [3.0, null],
        StandardErrors = [0.5, null],
        Y = new PageAxis("starts", IsLogarithmic: false, 0.0, 4.0),
    };

    private static DensityFigure Density(string text) => new()
    {
        Id = "density",
        Title = $"density {text}",
        Sentence = "A density.",
        Formula = @"\frac1n \sum_i \varphi_\sigma(\lambda - \lambda_i)",
        X = new PageAxis("λ", IsLogarithmic: false, -1.0, 3.0),
        Y = Value,
        Positions = [-1.0, 0.0, 1.0, 2.0],
        Values = [-1.0, 0.0, 1.0, 2.0],
        Density = [null, 0.5, 0.01, null],
        Low = [null, 0.4, 1e-4, null],
        High = [null, 0.6, 0.03, null],
        Confidence = 0.9,
        Unresolved = [new PageInterval(0.0, 1.0)],
        Lines = [new PageTick(2.5, 2.5)],
        LineHeight = 1e-3,
    };

    private static DensityFigure LogDensity(string text) => Density(text) with
    {
        Id = "density-log",
        X = new PageAxis("λ", IsLogarithmic: false, -1.0, 3.0) { Ticks = [new PageTick(-0.5, -1e-4), new PageTick(0.0, 0.0), new PageTick(2.5, 10.0)] },
        Unresolved = [],
        Lines = [],
    };
}
