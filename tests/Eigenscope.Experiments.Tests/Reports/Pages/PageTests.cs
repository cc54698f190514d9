using System.Text.RegularExpressions;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Reports.Pages;

/// <summary>Pages of small runs: what every page owes its reader.</summary>
public sealed partial class PageTests
{
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private static readonly Lazy<Report> StudyReport = new(static () => Study.Run(
        new StudyOptions { Data = "gaussian", Width = 8, Depth = 3, Epochs = 4, BatchSize = 32, MeasureEvery = 2 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> UfmReport = new(static () => Ufm.Run(new UfmOptions { Classes = 3, Width = 5, Depth = 2, PerClass = 2 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> GrokReport = new(static () => Grok.Run(new GrokOptions { Operation = "all", Modulus = 7, Iterations = 4 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> ImageReport = new(static () => Study.Run(
        new StudyOptions { Data = "digits", Model = "resnet8", Channels = 2, Samples = 60, MeasureSamples = 30, Epochs = 2, Density = true, Top = 4 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> DeepRfmReport = new(static () => DeepRfmExperiment.Run(
        new DeepRfmRunOptions { Samples = 200, Layers = 4, Width = 24, TestFraction = 0.2 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> RfmReport = new(static () => RfmExperiment.Run(
        new RfmRunOptions { Samples = 200, Iterations = 2, ValidationFraction = 0.2 }, Settings, TimeProvider.System, null, CancellationToken.None));

    private static readonly Lazy<Report> CompressReport = new(static () =>
    {
        using TemporaryFolder folder = new();
        StudyOptions trained = new() { Width = 16, Depth = 3, Epochs = 4, Samples = 200, TestFraction = 0.2, Restarts = 0, Operators = "none" };
        Study.Run(trained, Settings, TimeProvider.System, null, CancellationToken.None).SaveModel!(folder["model.npz"]);
        return Compress.Run(new CompressOptions { Model = folder["model.npz"], FineTuneEpochs = 1 }, Settings, TimeProvider.System, null, CancellationToken.None);
    });

    public static TheoryData<string> Commands() => ["study", "images", "ufm", "deep-rfm", "rfm", "grok", "compress"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_figure_says_what_it_shows_with_a_number_and_a_formula(string command)
    {
        PageFigure[] figures = [.. Figures(Page(command))];

        Assert.True(figures.Length >= (command is "deep-rfm" ? 7 : command is "rfm" or "compress" ? 4 : 10));
        Assert.All(figures, static figure =>
        {
            Assert.Matches(@"^[A-Z0-9].*\.$", figure.Sentence);
            Assert.Matches(@"\d", figure.Sentence);
            Assert.NotEmpty(figure.Title);
            Assert.NotEmpty(figure.Formula);
            Assert.Matches(Identifier(), figure.Id);
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Names_for_links_are_unique(string command)
    {
        ReportPage page = Page(command);
        string[] names = [.. Figures(page).Select(static figure => figure.Id), .. Sections(page).Select(static section => section.Anchor), "findings", "run"];

        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        Assert.All(names, static name => Assert.Matches(Identifier(), name));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Formulas_have_their_braces_in_pairs(string command) => Assert.All(Figures(Page(command)), static figure =>
    {
        int depth = 0;
        foreach (char character in figure.Formula.Replace(@"\{", "", StringComparison.Ordinal).Replace(@"\}", "", StringComparison.Ordinal))
        {
            depth += character == '{' ? 1 : character == '}' ? -1 : 0;
            Assert.True(depth >= 0, figure.Formula);
        }
        Assert.True(depth == 0, figure.Formula);
    });

    [Theory]
    [MemberData(nameof(Commands))]
    public void Everything_drawn_lies_on_its_axes(string command)
    {
        foreach (SpectrumFigure figure in Figures(Page(command)).OfType<SpectrumFigure>())
        {
            Assert.All(figure.Measured.SelectMany(static series => series.Values).Concat(figure.Predicted.Select(static level => level.Value)), value => AssertWithin(figure.Y, value));
            Assert.All(figure.Measured.SelectMany(static series => series.Ranks), rank => Assert.InRange(rank, figure.X.Min, figure.X.Max));
        }
        foreach (DensityFigure figure in Figures(Page(command)).OfType<DensityFigure>())
        {
            Assert.All(figure.Density.Concat(figure.Low).Concat(figure.High).OfType<double>(), value => AssertWithin(figure.Y, value));
            Assert.All(figure.Positions.Concat(figure.Lines.Select(static line => line.Position)), position => AssertWithin(figure.X, position));
        }
        foreach (LineFigure figure in Figures(Page(command)).OfType<LineFigure>())
        {
            Assert.All(figure.Lines.SelectMany(static line => line.Y).OfType<double>(), value => AssertWithin(figure.Y, value));
            Assert.All(figure.Lines, static line => Assert.Equal(line.X.Count, line.Y.Count));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Pictures_have_a_byte_for_every_cell(string command) => Assert.All(Figures(Page(command)).OfType<HeatFigure>().SelectMany(static figure => figure.Panels), static panel =>
    {
        Assert.Equal(panel.Rows * panel.Columns, Convert.FromBase64String(panel.Cells).Length);
        Assert.Equal(panel.Groups.Count == 0 ? 0 : panel.Rows, panel.Groups.Sum(static group => group.Count));
    });

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_has_its_findings_tables_and_doubts(string command)
    {
        Report report = Run(command);
        ReportPage page = report.Page!.Value;

        Assert.Equal(report.Findings, page.Findings);
        Assert.Equal(report.Tables, page.Sections[^1].Tables);
        Assert.Contains(page.Sections, static section => section.Anchor is "doubts");
        Assert.Contains(page.Facts.SelectMany(static group => group.Facts), static fact => fact is { Label: "threads", Value: "2" });
    }

    [Fact]
    public void Measured_spectra_are_those_of_the_report()
    {
        StudyResult result = (StudyResult)Run("study").Result;

        foreach (LayerReport layer in result.Layers)
        {
            SpectrumFigure figure = Assert.Single(Figures(Page("study")).OfType<SpectrumFigure>(), figure => figure.Id == $"layer-{layer.Name}-weight");
            Assert.Equal(layer.Weight.SingularValues!, figure.Measured.Single(static series => series.Name is "weight").Values);
        }
    }

    [Fact]
    public void Marks_bear_the_part_that_their_eigenvector_lives_on()
    {
        SpectrumReport spectrum = ((StudyResult)Run("images").Result).Spectra.Single(static spectrum => spectrum is { Operator: "gauss-newton", Scope: "all" });
        SpectrumFigure figure = Assert.Single(Figures(Page("images")).OfType<SpectrumFigure>(), static figure => figure.Id is "full-gauss-newton-all");

        (int Rank, string? Category)[] marks = [.. figure.Measured.SelectMany(static series => series.Ranks.Select(rank => (rank, series.Category))).OrderBy(static mark => mark.rank)];
        Assert.Equal(spectrum.Origins!.Origins.Count, marks.Length);
        Assert.All(marks, mark => Assert.Equal(spectrum.Origins.Origins[mark.Rank - 1], mark.Category));
    }

    [Fact]
    public void A_page_of_a_network_for_images_has_densities_parts_and_no_empty_figure()
    {
        ReportPage page = Page("images");
        StudyResult result = (StudyResult)Run("images").Result;

        Assert.Equal(4, Figures(page).OfType<DensityFigure>().Count());
        Assert.Contains(page.Sections, static section => section.Anchor is "parts");
        Assert.All(Figures(page).OfType<SpectrumFigure>(), static figure => Assert.NotEmpty(figure.Measured));
        Assert.Contains(Figures(page).OfType<SpectrumFigure>().Where(static figure => figure.Id.StartsWith("layer-conv1", StringComparison.Ordinal)), static figure => figure.Measured.Any(static series => series.Name is "AGOP"));
        Assert.Contains("30 of them", page.Subtitle, StringComparison.Ordinal);
        Assert.Equal((60, 30), (result.Training!.Samples, result.MeasuredSamples));
    }

    [Fact]
    public void Reasons_that_layers_share_are_told_once()
    {
        Report report = Run("images");

        string note = Assert.Single(report.Tables.SelectMany(static table => table.Notes), static note => note.StartsWith("– NFA", StringComparison.Ordinal));
        Assert.Equal("– NFA: defined for dense layers only (layers conv1 … stage3.0.shortcut).", note);
    }

    [Fact]
    public void The_closed_form_stands_beside_what_was_measured()
    {
        SpectrumFigure hessian = Assert.Single(Figures(Page("ufm")).OfType<SpectrumFigure>(), static figure => figure.Id is "layer-1-hessian");

        PredictedLevel level = Assert.Single(hessian.Predicted);
        Assert.Equal((1, 9, "×9", "closed form"), (level.FirstRank, level.LastRank, level.Label, hessian.PredictedFrom));
        const double Tolerance = 1e-6;
        Assert.All(hessian.Measured[0].Values.Take(9), value => Assert.Equal(level.Value, value, Tolerance * level.Value));
    }

    [Theory]
    [InlineData("study", "weight decay")]
    [InlineData("deep-rfm", "agop scaling")]
    [InlineData("rfm", "validation fraction")]
    public void Every_option_of_the_run_is_told_once(string command, string option)
    {
        Report report = Run(command);
        string[] labels = [.. report.Page!.Value.Facts.SelectMany(static group => group.Facts).Select(static fact => fact.Label)];

        Assert.Equal(labels.Distinct(StringComparer.Ordinal), labels);
        Assert.Contains(option, labels);
        Assert.DoesNotContain(report.Page.Value.Facts, static group => group.Title is "Other options");
    }

    // Less than a thousandth of a dot.
    private static void AssertWithin(PageAxis axis, double value)
    {
        const double Slack = 1e-6;
        double slack = axis.IsLogarithmic ? Slack * value : Slack * (axis.Max - axis.Min);
        Assert.InRange(value, axis.Min - slack, axis.Max + slack);
    }

    private static ReportPage Page(string command) => Run(command).Page!.Value;

    private static Report Run(string command) => command switch
    {
        "study" => StudyReport.Value,
        "images" => ImageReport.Value,
        "deep-rfm" => DeepRfmReport.Value,
        "rfm" => RfmReport.Value,
        "compress" => CompressReport.Value,
        "grok" => GrokReport.Value,
        _ => UfmReport.Value,
    };

    private static IEnumerable<PageSection> Sections(ReportPage page) => page.Sections.SelectMany(static section => section.Parts.Prepend(section));

    private static IEnumerable<PageFigure> Figures(ReportPage page) => Sections(page).SelectMany(static section => section.Figures);

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex Identifier();
}
