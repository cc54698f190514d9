using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>In which known solutions the runs of a sweep of feature models ended.</summary>
internal static class SweepEndingSection
{
    private const int MostFamilies = 6;
    private const int MostPanels = 12;

    /// <summary>The section; null where no run was compared with known solutions.</summary>
    public static PageSection? Build(SweepGrid grid)
    {
        IReadOnlyList<string> endings = SweepEndings.Occurring(grid);
        if (endings.Count == 0)
            return null;
        string[] counts = [.. endings.Select(ending => $"{ending} {SweepEndings.Text(SweepEndings.Share([.. grid.Cells.SelectMany(static cell => cell.Done)], ending)!)}")];
        return new PageSection
        {
            Title = "Where runs ended",
            Anchor = "endings",
            Sentence = $"All runs together: {string.Join(", ", counts)}. An ending is told by the structure of the class means; bars and brackets are Wilson's intervals, which hold the probability with 95 % confidence.",
            Figures = grid.Main is { } main ? [.. Collapsed(grid), .. endings is not [SweepEndings.Dnc] ? [Shares(grid, main, endings)] : Array.Empty<PageFigure>()] : [],
        };
    }

    /// <summary>Shares of an ending along an axis, with Wilson's intervals.</summary>
    public static LineSeries Shares(string name, SweepGridAxis axis, IReadOnlyList<SweepCell> cells, string ending) =>
        Series(name, axis, [.. cells.Select(cell => SweepEndings.Share(cell.Done, ending))]);

    // The probability of collapse against each option of numbers: a line for each combination of the others, or one over all of them where they are too many.
    private static IEnumerable<LineFigure> Collapsed(SweepGrid grid) => grid.Axes.Where(static axis => axis.IsNumeric).Select(axis =>
    {
        IReadOnlyList<SweepFamily> families = grid.Families(axis);
        bool isPooled = families.Count > MostFamilies;
        BinomialInterval?[] pooled = [.. axis.Values.Select((_, i) => SweepEndings.Collapsed(families.Select(family => family.Cells[i])))];
        BinomialInterval[] ends = [.. pooled.OfType<BinomialInterval>()];
        return new LineFigure
        {
            Id = $"endings-dnc-{Anchors.Of(axis.Option)}",
            Title = $"Probability of deep neural collapse against {axis.Option}",
            Sentence = $"At {axis.Option} {axis.Names[0]}, {SweepEndings.Text(ends[0])} runs end in it, at {axis.Names[^1]}, {SweepEndings.Text(ends[^1])}{(families.Count > 1 ? ", over all values of the other options" : "")}.",
            Formula = Formulas.Wilson,
            Note = isPooled ? $"Each point is over all {Format.Text(families.Count)} combinations of the other options." : null,
            X = SweepLines.Along(axis),
            Y = new PageAxis("share in DNC", IsLogarithmic: false, 0.0, 1.0),
            Lines = isPooled || families.Count == 1 ? [Series("DNC", axis, pooled)] : [.. families.Select(family => Shares(family.Name, axis, family.Cells, SweepEndings.Dnc))],
        };
    });

    private static MultiplesFigure Shares(SweepGrid grid, SweepGridAxis axis, IReadOnlyList<string> endings)
    {
        IReadOnlyList<SweepFamily> families = grid.Families(axis);
        int[] shown = SweepLayerSection.Shown(families.Count, MostPanels);
        return new MultiplesFigure
        {
            Id = "endings-shares",
            Title = "Endings by combination",
            Sentence = $"Among {Format.Text(grid.Cells.SelectMany(static cell => cell.Done).Sum(static run => SweepCell.EndingsOf(run).Count()))} starts the endings {string.Join(", ", endings)} occur.",
            Formula = Formulas.Wilson,
            Note = shown.Length < families.Count ? $"{Format.Text(shown.Length)} of {Format.Text(families.Count)} combinations of the other options are drawn; the tables have all." : null,
            IsWide = true,
            X = SweepLines.Along(axis),
            Y = new PageAxis("share of runs", IsLogarithmic: false, 0.0, 1.0),
            Panels = [.. shown.Select(f => new LinePanel(families[f].Name, [.. endings.Select(ending => Shares(ending, axis, families[f].Cells, ending))]))],
        };
    }

    private static LineSeries Series(string name, SweepGridAxis axis, IReadOnlyList<BinomialInterval?> shares) => new(name, SweepLines.Places(axis), [.. shares.Select(static share => share?.Share)])
    {
        Low = [.. shares.Select(static share => share?.Low)],
        High = [.. shares.Select(static share => share?.High)],
    };
}
