using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The derived TCV bound beside the distances that it bounds, layer by layer.</summary>
internal static class SweepBoundSection
{
    private const int MostFamilies = 6;

    private static readonly (string Name, Func<LayerFacts, double?> Value)[] Lines =
    [
        ("distance to rank K", static layer => layer.RankKDistance),
        ("middle", static layer => layer.BoundMiddle),
        ("right", static layer => layer.BoundRight),
        ("slack", static layer => layer.BoundSlack),
    ];

    /// <summary>The section; null where no run has the bound, or nothing differs.</summary>
    public static PageSection? Build(SweepGrid grid)
    {
        if (grid.Main is not { } axis || grid.Result.TcvBound is not { } bound)
            return null;
        SweepFamily[] families = [.. grid.Families(axis).Where(HasBound)];
        (string Name, MultiplesFigure Figure)[] figures = [.. families.Take(MostFamilies).Select((family, index) => (family.Name, Figure(grid, axis, family, index)))];
        string omitted = families.Length > MostFamilies ? $" {Format.Text(MostFamilies)} of {Format.Text(families.Length)} combinations of the other options are drawn." : "";
        return new PageSection
        {
            Title = "The derived TCV bound",
            Anchor = "bound",
            Sentence = $"{SweepFindings.Bound(bound)}{omitted}",
            Figures = figures.Length == 1 ? [figures[0].Figure] : [],
            Parts = figures.Length == 1 ? [] : [.. figures.Select(static (entry, index) => new PageSection { Title = entry.Name, Anchor = $"bound-{Format.Text(index + 1)}", Figures = [entry.Figure], IsOpen = index == 0 })],
        };
    }

    private static bool HasBound(SweepFamily family) => family.Cells.Any(static cell => cell.Layers(static layer => layer.BoundMiddle).Length > 0);

    private static MultiplesFigure Figure(SweepGrid grid, SweepGridAxis axis, SweepFamily family, int index)
    {
        int count = family.Cells.Max(static cell => cell.LayerCount);
        int[] layers = SweepLayerSection.Shown(count, SweepLayerSection.MostLayers);
        SeedMean[][][] means = [.. layers.Select(layer => Lines.Select(line => family.Cells.Select(cell => cell.Layer(layer, line.Value)).ToArray()).ToArray())];
        SeedMean[] all = [.. means.SelectMany(static layer => layer).SelectMany(static line => line)];
        PageAxis y = SweepLines.Values("Frobenius norm", all, isLogarithmic: true);
        string note = string.Join(' ', new[] { SweepLayerSection.Omitted(layers.Length, count), SweepLines.MissingNote(all, y) }.OfType<string>());
        return new MultiplesFigure
        {
            Id = $"bound-figure-{Format.Text(index + 1)}",
            Title = "Distance of the weights to rank K under the bound",
            Sentence = $"{Held(family)}.",
            Formula = Formulas.TcvBound,
            Note = note.Length == 0 ? null : note,
            IsWide = true,
            X = SweepLines.Along(axis),
            Y = y,
            Panels = [.. layers.Select((layer, i) => new LinePanel(SweepLayerSection.Title(grid, layer), [.. Lines.Select((line, l) => SweepLines.Means(line.Name, SweepLines.Places(axis), means[i][l], y))]))],
        };
    }

    private static string Held(SweepFamily family)
    {
        LayerFacts[] layers = [.. family.Cells.SelectMany(static cell => cell.Done).SelectMany(static run => run.Facts!.Layers).Where(SweepReading.HasBound)];
        return $"Distance ≤ middle + slack held at {Format.Text(layers.Count(SweepReading.Holds))} of {Format.Text(layers.Length)} layers of single runs; drawn are means over the seeds";
    }
}
