using Eigenscope.Cli.Rendering;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing;

namespace Eigenscope.Cli.Tests;

public sealed class RenderingTests
{
    private static readonly SummaryTable Small = new(
        "Small",
        [new("name", false), new("value", true), new("verdict", false)],
        [["a", "1.5", "converged after a long search for more"], ["longer", "-10.25", "no"]],
        []);

    [Fact]
    public void Numbers_stand_to_the_right_and_text_to_the_left() => Assert.Equal(
        [
            "name     value  verdict",
            "a          1.5  converged after a long search for more",
            "longer  -10.25  no",
        ],
        TableLayout.Lines(Small));

    [Fact]
    public void Long_text_in_the_last_column_is_wrapped_at_words() => Assert.Equal(
        [
            "name     value  verdict",
            "a          1.5  converged after a long",
            "                search for more",
            "longer  -10.25  no",
        ],
        Assert.Single(TableLayout.Blocks(Small, 42)));

    [Fact]
    public void A_table_that_is_too_wide_goes_into_blocks_with_its_first_column()
    {
        SummaryTable wide = new("Wide", [new("layer", false), new("first", true), new("second", true), new("third", true)], [["1", "1.111", "2.222", "3.333"]], []);

        IReadOnlyList<IReadOnlyList<string>> blocks = TableLayout.Blocks(wide, 20);

        Assert.Equal([["layer  first  second", "1      1.111   2.222"], ["layer  third", "1      3.333"]], blocks);
    }

    [Fact]
    public void Every_block_says_which_row_it_is_about()
    {
        SummaryTable wide = new("Wide", [new("operator", false), new("scope", false), new("value", true), new("verdict", false)], [["hessian", "all", "1.2345678901234567890", "converged"]], []);

        Assert.Equal(
            [["operator  scope                  value", "hessian   all    1.2345678901234567890"], ["operator  scope  verdict", "hessian   all    converged"]],
            TableLayout.Blocks(wide, 40));
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 80, "one two three")]
    [InlineData("unbreakable so", 5, "unbreakable|so")]
    [InlineData("θ₁ λ²", 5, "θ₁ λ²")]
    public void Text_is_wrapped_at_spaces(string text, int width, string lines) => Assert.Equal(lines.Split('|'), TableLayout.Wrap(text, width));

    [Fact]
    public void Time_left_follows_from_the_share_that_is_done()
    {
        ManualClock clock = new();
        ProgressText text = new(clock);
        Assert.Equal("training · loss 1", text.Describe(new RunProgress("training", 0.001, "loss 1"), 80));

        clock.Advance(30);
        Assert.Equal("1:30 left · training · loss 0.5", text.Describe(new RunProgress("training", 0.25, "loss 0.5"), 80));
        Assert.Equal("0:00 left · measu…", text.Describe(new RunProgress("measuring", 1.0, ""), 18));

        clock.Advance(3600 - 30);
        Assert.Equal("3:00:00 left · training", text.Describe(new RunProgress("training", 0.25, ""), 80));
    }

    [Fact]
    public void A_progress_line_gives_back_the_report_and_survives_an_interruption()
    {
        using StringWriter error = new();
        using CancellationTokenSource interruption = new();
        Report report = Reports.Create(isPartial: true);

        Report returned = new TerminalProgress(error, 80, new ManualClock()).Run(
            progress =>
            {
                progress!.Report(new RunProgress("training", 0.5, "[loss] 1"));
                interruption.Cancel();
                progress.Report(new RunProgress("training", 0.6, "loss 1"));
                return report;
            },
            interruption.Token);

        Assert.Same(report, returned);
    }
}
