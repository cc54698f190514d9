using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The layers of a sweep's runs: one small panel a layer, along the main option.</summary>
internal static class SweepLayerSection
{
    public const int MostLayers = 12;
    private const int MostFamilies = 6;
    private const string K = "K";

    /// <summary>The section; null where there is no main option, or no run has layers.</summary>
    public static PageSection? Build(SweepGrid grid)
    {
        if (grid.Main is not { } axis || grid.Cells.Max(static cell => cell.LayerCount) == 0)
            return null;
        IReadOnlyList<SweepFamily> families = grid.Families(axis);
        PageFigure?[] figures = families.Count == 1
            ? [Ranks(grid, axis, families[0]), .. new[] { SweepQuantities.Tcv, SweepQuantities.Nc1 }.Select(quantity => Families(grid, axis, families, quantity))]
            : [.. new[] { SweepQuantities.NumericalRank, SweepQuantities.StableRank, SweepQuantities.EffectiveRank, SweepQuantities.Tcv, SweepQuantities.Nc1 }.Select(quantity => Families(grid, axis, families, quantity))];
        PageFigure[] drawn = [.. figures.OfType<PageFigure>()];
        return drawn.Length == 0 ? null : new PageSection
        {
            Title = "Layer by layer",
            Anchor = "layers",
            Sentence = $"One panel a layer, from the input on, along {axis.Option}. Means over the seeds; bars are the standard error of the mean.",
            Figures = drawn,
        };
    }

    /// <summary>Layers that are drawn: all, or as many as fit, spread evenly.</summary>
    public static int[] Shown(int count, int most) => count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1.0)))];

    /// <summary>How many layers are not drawn; null for none.</summary>
    public static string? Omitted(int shown, int count) => shown == count ? null : $"{Format.Text(shown)} of {Format.Text(count)} layers are drawn; the tables have all.";

    /// <summary>"layer 2", or "layer head" where all runs call it so.</summary>
    public static string Title(SweepGrid grid, int layer) =>
        grid.Cells.SelectMany(static cell => cell.Done).Where(run => layer < run.Facts!.Layers.Count).Select(run => run.Facts!.Layers[layer].Name).Distinct(StringComparer.Ordinal).ToArray() is [var only] ? $"layer {only}" : $"layer {Format.Text(layer + 1)}";

    private static MultiplesFigure? Ranks(SweepGrid grid, SweepGridAxis axis, SweepFamily family)
    {
        SweepLayerQuantity[] ranks = [SweepQuantities.NumericalRank, SweepQuantities.StableRank, SweepQuantities.EffectiveRank];
        int count = grid.Cells.Max(static cell => cell.LayerCount);
        int[] shown = Shown(count, MostLayers);
        (SweepCell Cell, SeedMean Mean)[] numerical = [.. shown.SelectMany(layer => family.Cells.Select(cell => (cell, cell.Layer(layer, ranks[0].Value))))];
        if (numerical.All(static entry => entry.Mean.Value is null))
            return null;
        SeedMean[] all = [.. shown.SelectMany(layer => ranks.SelectMany(rank => family.Cells.Select(cell => cell.Layer(layer, rank.Value)))), .. Classes(family).Select(static k => new SeedMean(k, null))];
        PageAxis y = SweepLines.Values("rank", [.. all, new SeedMean(0.0, null)], isLogarithmic: false);
        return Figure(
            new PageFigureText("layers-ranks", "Ranks of the weights", $"Over {Axes.Count(count, "layer")} the numerical rank {SweepLines.Range(grid, numerical)}{Of(grid)}.", Formulas.Ranks),
            axis,
            y,
            [.. shown.Select(layer => new LinePanel(Title(grid, layer), [.. ranks.Select(rank => SweepLines.Means(rank.Label, SweepLines.Places(axis), [.. family.Cells.Select(cell => cell.Layer(layer, rank.Value))], y)), .. ClassLine(axis, family)]))],
            Omitted(shown.Length, count));
    }

    private static MultiplesFigure? Families(SweepGrid grid, SweepGridAxis axis, IReadOnlyList<SweepFamily> families, SweepLayerQuantity quantity)
    {
        int count = grid.Cells.Max(static cell => cell.LayerCount);
        int[] layers = Shown(count, MostLayers), chosen = Shown(families.Count, MostFamilies);
        (SweepCell Cell, SeedMean Mean)[] means = [.. layers.SelectMany(layer => chosen.SelectMany(f => families[f].Cells.Select(cell => (cell, cell.Layer(layer, quantity.Value)))))];
        if (means.All(static entry => entry.Mean.Value is null))
            return null;
        bool isRank = !quantity.IsSpread;
        PageAxis y = SweepLines.Values(quantity.Label, [.. means.Select(static entry => entry.Mean), .. isRank ? [new SeedMean(0.0, null), .. chosen.SelectMany(f => Classes(families[f])).Select(static k => new SeedMean(k, null))] : Array.Empty<SeedMean>()], quantity.IsSpread);
        string? fewer = chosen.Length < families.Count ? $"{Format.Text(chosen.Length)} of {Format.Text(families.Count)} combinations of the other options are drawn; the tables have all." : null;
        string note = string.Join(' ', new[] { fewer, Omitted(layers.Length, count), SweepLines.MissingNote(means.Select(static entry => entry.Mean), y) }.OfType<string>());
        return Figure(
            new PageFigureText($"layers-{quantity.Id}", quantity.Title, $"Over {Axes.Count(count, "layer")} it {SweepLines.Range(grid, means)}{(isRank ? Of(grid) : "")}.", quantity.Formula),
            axis,
            y,
            [.. layers.Select(layer => new LinePanel(Title(grid, layer), [.. chosen.Select(f => Line(axis, families[f], layer, quantity, y)).Where(static line => line.Y.Any(static value => value is not null)), .. isRank ? ClassLine(axis, families[0]) : []]))],
            note.Length == 0 ? null : note);
    }

    private static LineSeries Line(SweepGridAxis axis, SweepFamily family, int layer, SweepLayerQuantity quantity, PageAxis y) =>
        SweepLines.Means(family.Name.Length == 0 ? quantity.Label : family.Name, SweepLines.Places(axis), [.. family.Cells.Select(cell => cell.Layer(layer, quantity.Value))], y);

    private static MultiplesFigure Figure(PageFigureText text, SweepGridAxis axis, PageAxis y, IReadOnlyList<LinePanel> panels, string? note) => new()
    {
        Id = text.Id,
        Title = text.Title,
        Sentence = text.Sentence,
        Formula = text.Formula,
        Note = note,
        IsWide = true,
        X = SweepLines.Along(axis),
        Y = y,
        Panels = panels,
    };

    private static IEnumerable<double> Classes(SweepFamily family) => family.Cells.Select(static cell => (double?)cell.Classes).OfType<double>();

    // Where the number of classes is itself what differs, the line rises with it.
    private static LineSeries[] ClassLine(SweepGridAxis axis, SweepFamily family)
    {
        double?[] classes = [.. family.Cells.Select(static cell => (double?)cell.Classes)];
        return classes.Any(static k => k is not null) ? [new LineSeries(K, SweepLines.Places(axis), classes, IsPredicted: true)] : [];
    }

    private static string Of(SweepGrid grid) => grid.Cells.Select(static cell => cell.Classes).OfType<int>().Distinct().ToArray() is [int only] ? $", with K = {Format.Text(only)} classes" : "";
}
