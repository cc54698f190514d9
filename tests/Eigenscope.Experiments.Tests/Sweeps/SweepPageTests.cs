using System.Text.RegularExpressions;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Tests.Sweeps;

/// <summary>Figures of sweeps made by hand, with every number worked out by hand.</summary>
public sealed class SweepPageTests
{
    private static readonly ReportPage Page = Build(SweepSamples.Grid());

    private static readonly ReportPage OneAxis = Build(SweepSamples.Result(
        [new SweepAxis("weight-decay", ["1e-4", "1e-2", "1"])],
        [.. new[] { ("1e-4", 6.0), ("1e-2", 4.0), ("1", 2.0) }.SelectMany(static entry => Enumerable.Range(0, 2).Select(seed => SweepSamples.Done((ulong)seed, new RunFacts { Loss = seed + 1.0, Accuracy = 1.0, Classes = 3, Converged = true, Layers = SweepSamples.Layers(0.1, entry.Item2, entry.Item2 + seed) }, ("weight-decay", entry.Item1))))],
        new SweepBound(12, 12, 12, 12, 0.1, 0.01)));

    [Fact]
    public void A_phase_picture_has_the_mean_of_every_combination_and_says_what_is_missing()
    {
        PhaseFigure loss = Figure<PhaseFigure>(Page, "phase-weight-decay-width-loss");
        PhasePanel panel = Assert.Single(loss.Panels);

        Assert.Equal(("weight-decay", "width"), (loss.Columns.Label, loss.Rows.Label));
        Assert.Equal(["1e-5", "0.001", "0.1"], loss.Columns.Names);
        Assert.Equal(["4", "8"], loss.Rows.Names);
        // Row by row from width 4: the last cell of the first row is missing, the middle one of the second has one seed left.
        Assert.Equal([0.625, 0.625, null, 0.625, 0.5, 0.625], panel.Values);
        Assert.Equal([0.125, 0.125, null, 0.125, null, 0.125], panel.Errors);
        Assert.Equal([null, null, "missing", null, null, null], panel.Gaps);
        Assert.Equal((0.5, 0.625, false), (loss.Low, loss.High, loss.IsLogarithmic));
        Assert.Equal("Objective lies between 0.5 (width 8, weight-decay 0.001) and 0.625 ± 0.125 (width 8, weight-decay 0.1).", loss.Sentence);
    }

    [Fact]
    public void What_spans_powers_of_ten_is_coloured_by_its_logarithm_and_the_share_in_collapse_is_a_picture_too()
    {
        PhaseFigure nc1 = Figure<PhaseFigure>(Page, "phase-weight-decay-width-nc1");

        Assert.Equal((1e-4, 1.0, true), (nc1.Low, nc1.High, nc1.IsLogarithmic));
        Assert.Equal([0.0, 0.0, null, 1.0, 1.0, 0.0], Figure<PhaseFigure>(Page, "phase-weight-decay-width-collapse").Panels[0].Values);
        Assert.Equal(["layer 1", "layer 2"], Figure<PhaseFigure>(Page, "phase-weight-decay-width-layers").Panels.Select(static panel => panel.Title));
        Assert.DoesNotContain(Figures(Page), static figure => figure.Id.EndsWith("-test", StringComparison.Ordinal));
    }

    [Fact]
    public void Three_options_make_three_pairs_with_the_third_as_panels()
    {
        SweepAxis[] axes = [new("depth", ["2", "3"]), new("width", ["4", "8", "16"]), new("activation", ["relu", "tanh"])];
        SweepRunReport[] runs = [.. from depth in axes[0].Values from width in axes[1].Values from activation in axes[2].Values select SweepSamples.Done(0, new RunFacts { Loss = double.Parse(depth) + (10.0 * double.Parse(width)) + (activation is "tanh" ? 0.5 : 0.0) }, ("depth", depth), ("width", width), ("activation", activation))];

        PageSection section = Build(SweepSamples.Result(axes, runs)).Sections.Single(static one => one.Anchor is "phases");

        Assert.Equal(["width and depth", "width and activation", "depth and activation"], section.Parts.Select(static part => part.Title));
        PhaseFigure figure = (PhaseFigure)Assert.Single(section.Parts[0].Figures);
        Assert.Equal(["activation relu", "activation tanh"], figure.Panels.Select(static panel => panel.Title));
        Assert.Equal([42.5, 82.5, 162.5, 43.5, 83.5, 163.5], figure.Panels[1].Values);
    }

    [Fact]
    public void Over_one_option_means_are_a_line_with_their_standard_errors()
    {
        LineFigure rank = Figure<LineFigure>(OneAxis, "phase-rank");
        LineSeries line = Assert.Single(rank.Lines);

        Assert.True(rank.X.IsLogarithmic && rank.X.Min < 1e-4 && rank.X.Max > 1.0);
        Assert.Equal([1e-4, 1e-2, 1.0], line.X);
        // Layers 6, 6 and 6, 7: 6 and 6.5, mean 6.25 ± 0.25.
        Assert.Equal([6.25, 4.25, 2.25], line.Y);
        Assert.Equal([6.0, 4.0, 2.0], line.Low);
        Assert.Equal([6.5, 4.5, 2.5], line.High);
        Assert.Contains("accuracy (1)", OneAxis.Sections.Single(static one => one.Anchor is "phases").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_layer_has_a_panel_with_its_ranks_and_the_number_of_classes()
    {
        MultiplesFigure ranks = Figure<MultiplesFigure>(OneAxis, "layers-ranks");

        Assert.Equal(["layer 1", "layer 2"], ranks.Panels.Select(static panel => panel.Title));
        Assert.Equal(["numerical rank", "stable rank", "effective rank", "K"], ranks.Panels[1].Lines.Select(static line => line.Name));
        Assert.Equal([6.5, 4.5, 2.5], ranks.Panels[1].Lines[0].Y);
        Assert.Equal([7.0, 5.0, 3.0], ranks.Panels[1].Lines[0].High);
        Assert.Null(ranks.Panels[0].Lines[0].High);
        Assert.Equal([3.0, 3.0, 3.0], ranks.Panels[0].Lines[3].Y);
        Assert.True(ranks.Panels[0].Lines[3].IsPredicted);
    }

    [Fact]
    public void The_bound_stands_beside_the_distance_at_every_layer()
    {
        MultiplesFigure bound = Figure<MultiplesFigure>(OneAxis, "bound-figure-1");

        Assert.True(bound.Y.IsLogarithmic);
        Assert.Equal([0.1, 1.0, 5.0, 0.01], bound.Panels[0].Lines.Select(static line => line.Y[0]!.Value));
        Assert.Equal("Distance ≤ middle + slack held at 12 of 12 layers of single runs; drawn are means over the seeds.", bound.Sentence);
    }

    [Fact]
    public void Shares_of_endings_have_Wilsons_intervals_and_none_where_nothing_is_done()
    {
        LineFigure against = Figure<LineFigure>(Page, "endings-dnc-weight-decay");
        MultiplesFigure shares = Figure<MultiplesFigure>(Page, "endings-shares");

        Assert.Equal(["width 4", "width 8"], against.Lines.Select(static line => line.Name));
        Assert.Equal([0.0, 0.0, null], against.Lines[0].Y);
        Assert.Equal([0.0, 0.0, null], against.Lines[0].Low);
        // z²/(2 + z²).
        Assert.Equal(0.657620, against.Lines[0].High![0]!.Value, 1e-6);
        Assert.Null(against.Lines[0].High![2]);
        Assert.Equal(["dnc", "low-rank", "none"], shares.Panels[1].Lines.Select(static line => line.Name));
        Assert.Equal([1.0, 1.0, 0.0], shares.Panels[1].Lines[0].Y);
        Assert.Equal([0.0, 0.0, 0.5], shares.Panels[1].Lines[2].Y);
    }

    [Fact]
    public void A_sentence_about_endings_names_values_at_which_runs_are_done()
    {
        SweepRunReport[] runs = [.. new[] { "1", "2", "3" }.Select(static width => SweepSamples.Done(0, new RunFacts { TheoryLoss = 1.0, Ending = "dnc", Endings = new Dictionary<string, int>(StringComparer.Ordinal) { ["dnc"] = 1 } }, ("width", width)))];
        runs[2] = runs[2] with { Status = RunRecord.Missing, Facts = null, Loss = null, Seconds = null };

        LineFigure figure = Figure<LineFigure>(Build(SweepSamples.Result([new SweepAxis("width", ["1", "2", "3"])], runs)), "endings-dnc-width");

        // With one of one, the lower end is 1/(1 + z²).
        Assert.Equal("At width 1, 1 of 1 (0.207 … 1) starts end in it, at 2, 1 of 1 (0.207 … 1).", figure.Sentence);
    }

    [Fact]
    public void Doubts_name_what_is_missing_what_failed_and_how_few_seeds_there_are()
    {
        IReadOnlyList<string> doubts = Page.Sections.Single(static section => section.Anchor is "doubts").Points;

        Assert.Contains(doubts, static doubt => doubt.StartsWith("2 runs of 12 are missing", StringComparison.Ordinal));
        Assert.Contains(doubts, static doubt => doubt.StartsWith("1 run of 12 failed", StringComparison.Ordinal));
        Assert.Contains(doubts, static doubt => doubt.StartsWith("1 combination of 6 has one run, and no standard error", StringComparison.Ordinal));
    }

    [Fact]
    public void Features_equal_to_rounding_are_not_drawn_and_are_told()
    {
        ReportPage page = Build(SweepSamples.Result([new SweepAxis("width", ["4", "8"])], [.. new[] { "4", "8" }.Select(static width => SweepSamples.Done(0, new RunFacts { Layers = SweepSamples.Layers(3e-30, 2.0) }, ("width", width)))]));

        Assert.DoesNotContain(Figures(page), static figure => figure.Id.Contains("nc1", StringComparison.Ordinal) || figure.Id.Contains("tcv", StringComparison.Ordinal));
        Assert.Contains(page.Sections.Single(static section => section.Anchor is "doubts").Points, static doubt => doubt.StartsWith("In 2 of 2 runs the features of a class are equal to rounding", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sweep_of_which_nothing_is_done_has_a_page_without_figures()
    {
        SweepRunReport run = SweepSamples.Done(0, new RunFacts(), ("width", "4")) with { Status = RunRecord.Missing, Facts = null, Loss = null, Seconds = null };

        ReportPage page = Build(SweepSamples.Result([], [run]));

        Assert.Empty(Figures(page));
        Assert.Contains("0 of 1 runs done", page.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_says_what_it_shows_and_has_a_name_of_its_own()
    {
        foreach (ReportPage page in new[] { Page, OneAxis })
        {
            string[] names = [.. Figures(page).Select(static figure => figure.Id), .. page.Sections.SelectMany(static section => section.Parts.Prepend(section)).Select(static section => section.Anchor)];
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
            Assert.All(names, static name => Assert.Matches(new Regex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.None, TimeSpan.FromSeconds(1)), name));
            Assert.All(Figures(page), static figure =>
            {
                Assert.Matches(new Regex(@"^[A-Z0-9].*\d.*\.$", RegexOptions.None, TimeSpan.FromSeconds(1)), figure.Sentence);
                Assert.NotEmpty(figure.Formula);
            });
        }
    }

    private static ReportPage Build(SweepResult result) => SweepPage.Build(result, SweepSamples.Report(result));

    private static IEnumerable<PageFigure> Figures(ReportPage page) => page.Sections.SelectMany(static section => section.Figures.Concat(section.Parts.SelectMany(static part => part.Figures)));

    private static T Figure<T>(ReportPage page, string id)
        where T : PageFigure => Assert.IsType<T>(Figures(page).Single(figure => string.Equals(figure.Id, id, StringComparison.Ordinal)));
}
