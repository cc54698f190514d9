using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Tests.Reports;

/// <summary>What is said of networks with many layers: briefly, and no more than what was measured.</summary>
public sealed class SummaryTests
{
    private static readonly string[] Layers = ["conv1", "a", "b", "c", "d", "fc"];

    [Theory]
    [InlineData(new[] { "conv1", "a", "b" }, "layers conv1 … b")]
    [InlineData(new[] { "conv1", "a" }, "layers conv1, a")]
    [InlineData(new[] { "fc" }, "layer fc")]
    [InlineData(new[] { "logits" }, "logits")]
    [InlineData(new[] { "a", "b", "c", "fc", "logits" }, "layers logits, a … c, fc")]
    public void Layers_that_follow_each_other_are_named_by_their_ends(string[] some, string text) => Assert.Equal(text, PlaceNames.Of(some, Layers));

    [Fact]
    public void Of_many_scattered_layers_the_rest_is_counted()
    {
        string[] all = [.. Enumerable.Range(0, 20).Select(static i => $"l{i}")];

        Assert.Equal("l0, l2, l4, l6 and 6 more", PlaceNames.List([.. all.Where(static (_, i) => i % 2 == 0)], all));
    }

    [Fact]
    public void A_reason_is_told_once_for_all_layers_that_share_it()
    {
        (string What, string Where, Number Number)[] numbers =
        [
            .. Layers[..5].Select(static layer => ("NFA", layer, Number.Undefined("dense layers only."))), ("NFA", "fc", Number.Of(0.5)), ("NC3", "a", Number.Undefined("zero")),
        ];

        Assert.Equal(["– NFA: dense layers only (layers conv1 … d).", "– NC3: zero (layer a)."], UndefinedNotes.Lines(numbers, Layers));
    }

    [Fact]
    public void Long_lists_are_told_by_their_ends_and_their_range()
    {
        Number[] numbers = [.. Enumerable.Range(1, 7).Select(static i => Number.Of(i == 3 ? 90.0 : i))];

        Assert.Equal("1, 2, 90", NumberList.Text(numbers[..3]));
        Assert.Equal("1 … 7 (1 to 90 over 7 layers)", NumberList.Text(numbers));
    }

    [Fact]
    public void Collapse_is_said_where_it_is_and_not_where_it_is_not()
    {
        OriginReport collapsed = Origins(new OriginCounts(10, 0, 0, 0, 0), new OriginCounts(0, 87, 1, 2, 0)), untrained = Origins(new OriginCounts(1, 5, 3, 0, 1), new OriginCounts(0, 2, 6, 0, 1));

        Assert.Equal("of the top K = 10 eigenvectors, 10 live in the class part; of the next 90, 87 in the cross-class part, the mini-bulk (1 within-class, 2 mixed)", OriginSummary.Sentence(collapsed, 10));
        Assert.Equal(
            "of the top K = 10 eigenvectors, 1 lives in the class part (5 cross-class, 3 within-class, 1 network curvature); of the 9 measured after them, 2 in the cross-class part (6 within-class, 1 network curvature)",
            OriginSummary.Sentence(untrained, 10));
    }

    [Fact]
    public void The_parts_are_told_in_shares_with_the_errors_of_those_that_were_sampled()
    {
        PapyanReport parts = new(Number.Of(20.0), Part(5.0, 0.2), Part(5.0), Part(10.0), Number.Of(0.0), 0.2);

        Assert.Equal("The Gauss–Newton matrix of all parameters has trace 20 ± 0.2: class part 50.0 %, cross-class part 25.0 %, within-class part 25.0 ± 1.0 %; ± are standard errors of traces that were sampled.", PartsSummary.Finding(parts));
        Assert.Null(PartsSummary.Finding(null));
        Assert.Null(PartsSummary.Finding(parts with { Trace = Number.Undefined("not finite") }));
    }

    [Fact]
    public void A_density_is_open_where_the_steps_changed_it_by_more_than_its_band()
    {
        DensityCurveReport curve = new(0.1, null, [0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 1.0, 0.0], [0.1, 0.1, 0.0, 0.0], [0.05, 0.3, 1e-12, 0.0]);

        Assert.Equal([true, false, true, true], DensityResolution.IsResolved(curve));
        Assert.Equal(0.5, DensityResolution.UnresolvedShare(curve), 1e-15);
    }

    private static OriginReport Origins(OriginCounts outliers, OriginCounts miniBulk) => new([], [], [], [], outliers, miniBulk);

    private static PapyanPartReport Part(double trace, double? error = null) => new(Number.Of(1.0), Number.Of(trace), null, error);
}
