using System.Text;
using System.Text.Json;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Sweeps;

/// <summary>Combinations, findings and tables of a sweep made by hand, with every number worked out by hand.</summary>
public sealed class SweepCellTests
{
    private static readonly SweepResult Grid = SweepSamples.Grid();

    [Fact]
    public void A_combination_has_means_over_the_seeds_that_are_done()
    {
        SweepCellReport cell = Grid.Cells[2];

        Assert.Equal(("8", "1E-05"), (cell.Options["width"], cell.Options["weight-decay"]));
        Assert.Equal((2, 2, 0, 0, 2, 5), (cell.Runs, cell.Done, cell.Failed, cell.Missing, cell.Converged, cell.Classes));
        // 0.5 and 0.75: mean 0.625, standard deviation 0.25/√2, over √2.
        Assert.Equal(new SweepEstimate(0.625, 0.125), cell.Loss);
        // Layers 8, 8 and 8, 7: means over layers 8 and 7.5.
        Assert.Equal(new SweepEstimate(7.75, 0.25), cell.NumericalRank);
        Assert.Equal(new SweepEstimate(7.5, 0.5), cell.Layers[1].NumericalRank);
        Assert.Equal(new SweepEstimate(1.0, 0.0), cell.Accuracy);
        Assert.Null(cell.TestAccuracy);
    }

    [Fact]
    public void Missing_and_failed_runs_are_counted_and_never_zero()
    {
        SweepCellReport failed = Grid.Cells[1], missing = Grid.Cells[3];

        Assert.Equal((1, 1, 0), (failed.Done, failed.Failed, failed.Missing));
        Assert.Equal(new SweepEstimate(0.5, null), failed.Loss);
        Assert.Equal((0, 0, 2), (missing.Done, missing.Failed, missing.Missing));
        Assert.Null(missing.Loss);
        Assert.Empty(missing.Layers);
        Assert.Empty(missing.Endings);
    }

    [Fact]
    public void Endings_are_counted_with_their_interval()
    {
        SweepEnding collapsed = Assert.Single(Grid.Cells[2].Endings);
        SweepEnding[] mixed = [.. Grid.Cells[4].Endings];

        // With all of n, Wilson's lower end is n/(n + z²).
        Assert.Equal(("dnc", 2, 2, 1.0, 1.0), (collapsed.Ending, collapsed.Count, collapsed.Of, collapsed.Share, collapsed.High));
        Assert.Equal(2.0 / (2.0 + (1.959963984540054 * 1.959963984540054)), collapsed.Low, 1e-14);
        Assert.Equal(["low-rank", "none"], mixed.Select(static ending => ending.Ending));
        Assert.All(mixed, static ending => Assert.Equal((1, 2, 0.5), (ending.Count, ending.Of, ending.Share)));
    }

    [Fact]
    public void Seeds_that_differ_by_rounding_have_no_spread_and_one_seed_has_no_error()
    {
        Assert.Equal(new SeedMean(1e-4, 0.0), SeedMean.Of([1e-4, 1e-4 + 1e-19]) with { Value = 1e-4 });
        Assert.Equal(new SeedMean(3.0, null), SeedMean.Of([3.0, null]));
        Assert.Equal(new SeedMean(null, null), SeedMean.Of([null]));
        Assert.True(SeedMean.Of([1.0, 1.0 + 1e-9]).StandardError > 0.0);
    }

    [Fact]
    public void The_same_run_under_two_names_counts_once()
    {
        SweepRunReport run = SweepSamples.Done(0, new RunFacts { Loss = 1.0 }, ("width", "4"));

        SweepCell cell = Assert.Single(SweepCell.Group(SweepSamples.Result([], [run, run])));

        Assert.Single(cell.Runs);
        Assert.Null(cell.Mean(static one => one.Loss).StandardError);
    }

    [Fact]
    public void Findings_say_what_the_numbers_say()
    {
        IReadOnlyList<string> findings = SweepFindings.Describe(Grid);

        Assert.Equal("9 of 12 runs are done, 1 failed, 2 missing; this command carried out 0.", findings[0]);
        // Only width 8 has both ends: 7.75 and (2 + 1.5)/2; ranks 7.75, 4, 1.75 fall throughout.
        Assert.Contains("From weight-decay 1e-5 to 0.1 the numerical rank of the weights, mean over layers and seeds, goes from 7.75 to 1.75; Spearman's rank correlation of the two is -1.", findings);
        // (4, 0.1) is not known, so neither is whether all of 0.1 is below K = 5.
        Assert.DoesNotContain(findings, static finding => finding.Contains("below K", StringComparison.Ordinal));
        // Width 4: 0 of 4; width 8: 3 of 5.
        Assert.Contains(findings, static finding => finding.StartsWith("At width 4, 0 of 4 (0 … 0.49) starts end in DNC, at width 8, 3 of 5 (0.231 … 0.882)", StringComparison.Ordinal));
        Assert.Contains(findings, static finding => finding.StartsWith("1 failed, the first 8-0.001-2-1: the loss is not finite.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_rank_is_below_K_only_from_where_all_greater_values_agree()
    {
        SweepRunReport[] runs = [.. new[] { ("1e-4", 2.0), ("1e-3", 6.0), ("1e-2", 4.0), ("1e-1", 3.0) }.Select(static entry => SweepSamples.Done(0, new RunFacts { Classes = 5, Layers = SweepSamples.Layers(0.1, entry.Item2, 9.0) }, ("weight-decay", entry.Item1)))];

        Assert.Contains("From weight-decay 0.01 on some layer's numerical rank, mean over seeds, is below K = 5.", SweepFindings.Describe(SweepSamples.Result([new SweepAxis("weight-decay", ["1e-4", "1e-3", "1e-2", "1e-1"])], runs)));
    }

    [Fact]
    public void The_best_combination_is_chosen_by_held_out_accuracy_where_there_is_one()
    {
        SweepRunReport[] runs =
        [
            SweepSamples.Done(0, new RunFacts { Accuracy = 1.0, TestAccuracy = 0.8 }, ("width", "4")), SweepSamples.Done(1, new RunFacts { Accuracy = 1.0, TestAccuracy = 0.9 }, ("width", "4")),
            SweepSamples.Done(0, new RunFacts { Accuracy = 0.9, TestAccuracy = 0.95 }, ("width", "8")), SweepSamples.Done(1, new RunFacts { Accuracy = 0.9, TestAccuracy = 0.85 }, ("width", "8")),
        ];

        Assert.Contains("The highest held-out accuracy is 0.9 ± 0.05 (mean over 2 seeds), at width 8.", SweepFindings.Describe(SweepSamples.Result([new SweepAxis("width", ["4", "8"])], runs)));
    }

    [Theory]
    [InlineData("1E-05", "1e-5")]
    [InlineData("0.000215443469003", "2.15e-4")]
    [InlineData("0.0464158883361", "0.0464")]
    [InlineData("1024", "1024")]
    [InlineData("0", "0")]
    [InlineData("relu", "relu")]
    public void Values_of_options_are_written_as_people_read_them(string value, string text) => Assert.Equal(text, SweepGridAxis.Text(value));

    [Fact]
    public void The_table_has_a_dash_where_nothing_is_done_and_no_column_of_dashes()
    {
        SummaryTable table = SweepTables.Build(Grid)[0];

        Assert.DoesNotContain(table.Columns, static column => column.Header is "test");
        Assert.Equal(["8", "1e-5", "2/2", "0.625 ± 0.125", "1 ± 0", "8 7.5", "10 10", "1 1"], table.Rows[2]);
        Assert.Equal(["4", "0.1", "0/2", "–", "–", "–", "–", "–"], table.Rows[3]);
    }

    [Theory]
    [InlineData("""{ "config": { "classes": 10 }, "result": { "loss": 0.5, "theory": { "nearest": null, "nearestReason": "none", "loss": 0.4 }, "endings": [{ "name": "other", "count": 1 }], "layers": [] } }""", 10, "none")]
    [InlineData("""{ "config": { "classes": null }, "result": { "loss": 0.5, "theory": { "nearest": "dnc", "loss": 0.4 }, "endings": [{ "name": "dnc", "count": 2 }, { "name": "zero", "count": 1 }], "layers": [] } }""", null, "dnc dnc zero")]
    [InlineData("""{ "config": {}, "result": { "loss": 0.5, "theory": null, "endings": [], "layers": [] } }""", null, "")]
    public void A_report_says_how_many_classes_there_are_and_where_it_ended(string report, int? classes, string endings)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        RunFacts facts = RunFacts.Read(document.RootElement);

        Assert.Equal(classes, facts.Classes);
        Assert.Equal(endings, string.Join(' ', SweepCell.EndingsOf(SweepSamples.Done(0, facts))));
    }

    [Fact]
    public void Its_JSON_has_a_reason_for_every_null()
    {
        using MemoryStream stream = new();
        ReportJson.Write(SweepSamples.Report(Grid), stream);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));

        Assert.Empty(ResultDocument.Problems(document.RootElement));
        Assert.Equal(6, document.RootElement.GetProperty("result").GetProperty("cells").GetArrayLength());
    }
}
