using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A sweep's numbers over its options: pictures over pairs of options, or lines over the only one.</summary>
internal static class SweepPhaseSection
{
    private const int MostPairs = 6;
    private const int MostPanels = 9;
    private const int MostLayers = 12;

    /// <summary>The section; null where nothing differs, or no run is done.</summary>
    public static PageSection? Build(SweepGrid grid)
    {
        IReadOnlyList<SweepQuantity> quantities = SweepQuantities.Of(grid);
        if (grid.Main is not { } main || quantities.Count == 0)
            return null;
        IReadOnlyList<string> constant = SweepQuantities.Constant(grid);
        string same = constant.Count == 0 ? "" : $" The same in every run, and not drawn: {string.Join(", ", constant)}.";
        PageSection section = new() { Title = "Phase pictures", Anchor = "phases" };
        if (grid.Axes.Count == 1)
            return section with { Title = $"Along {main.Option}", Sentence = $"Means over the seeds; bars are the standard error of the mean.{same}", Figures = [.. quantities.Select(quantity => Line(grid, main, quantity))] };
        (SweepGridAxis Columns, SweepGridAxis Rows)[] pairs = [.. Pairs(grid, main)];
        string omitted = pairs.Length > MostPairs ? $" {Format.Text(MostPairs)} of {Format.Text(pairs.Length)} pairs of options are drawn." : "";
        return section with
        {
            Sentence = $"Means over the seeds, each with its number in it; hatched where no run is done or the number is not defined.{omitted}{same}",
            Figures = pairs.Length == 1 ? Pictures(grid, pairs[0], quantities) : [],
            Parts = pairs.Length == 1 ? [] : [.. pairs.Take(MostPairs).Select((pair, index) => Part(grid, pair, quantities, index == 0))],
        };
    }

    private static IEnumerable<(SweepGridAxis Columns, SweepGridAxis Rows)> Pairs(SweepGrid grid, SweepGridAxis main)
    {
        SweepGridAxis[] others = [.. grid.Axes.Where(axis => axis != main)];
        foreach (SweepGridAxis other in others)
            yield return (main, other);
        for (int i = 0; i < others.Length; i++)
        {
            for (int j = i + 1; j < others.Length; j++)
                yield return others[i].Values.Count >= others[j].Values.Count ? (others[i], others[j]) : (others[j], others[i]);
        }
    }

    private static PageSection Part(SweepGrid grid, (SweepGridAxis Columns, SweepGridAxis Rows) pair, IReadOnlyList<SweepQuantity> quantities, bool isOpen) => new()
    {
        Title = $"{pair.Columns.Option} and {pair.Rows.Option}",
        Anchor = $"phases-{Anchors.Of(pair.Columns.Option)}-{Anchors.Of(pair.Rows.Option)}",
        Figures = Pictures(grid, pair, quantities),
        IsOpen = isOpen,
    };

    private static IReadOnlyList<PageFigure> Pictures(SweepGrid grid, (SweepGridAxis Columns, SweepGridAxis Rows) pair, IReadOnlyList<SweepQuantity> quantities)
    {
        List<PageFigure> figures = [.. quantities.Select(quantity => Picture(grid, pair, quantity))];
        if (grid.Axes.Count == 2 && Layers(grid, pair) is { } layers)
            figures.Add(layers);
        return figures;
    }

    private static PhaseFigure Picture(SweepGrid grid, (SweepGridAxis Columns, SweepGridAxis Rows) pair, SweepQuantity quantity)
    {
        (SweepGridAxis Axis, string Value)[][] rest = [.. grid.Others(pair.Columns, pair.Rows)];
        (string Title, SweepCell[] Cells)[] panels = [.. rest.Take(MostPanels).Select(others => (SweepGrid.Name(others), Cells(grid, pair, others)))];
        string? omitted = rest.Length > MostPanels ? $"{Format.Text(MostPanels)} of {Format.Text(rest.Length)} combinations of the other options are drawn; the tables have all." : null;
        PageFigureText text = new($"phase-{Anchors.Of(pair.Columns.Option)}-{Anchors.Of(pair.Rows.Option)}-{quantity.Id}", quantity.Title, $"{Capital(quantity.Label)} {SweepLines.Range(grid, grid.Cells.Select(cell => (cell, quantity.Mean(cell))))}.", quantity.Formula);
        return Figure(text, pair, (quantity.Label, quantity.IsSpread), omitted, [.. panels.Select(panel => (panel.Title, panel.Cells.Select(cell => (cell.Gap, quantity.Mean(cell))).ToArray()))]);
    }

    // The numerical rank once more, with a picture for each layer.
    private static PhaseFigure? Layers(SweepGrid grid, (SweepGridAxis Columns, SweepGridAxis Rows) pair)
    {
        SweepLayerQuantity rank = SweepQuantities.NumericalRank;
        int count = grid.Cells.Max(static cell => cell.LayerCount);
        if (count < 2 || grid.Cells.All(cell => cell.Layers(rank.Value).Length == 0))
            return null;
        int[] shown = SweepLayerSection.Shown(count, MostLayers);
        SweepCell[] cells = Cells(grid, pair, []);
        (SweepCell, SeedMean)[] all = [.. shown.SelectMany(layer => cells.Select(cell => (cell, cell.Layer(layer, rank.Value))))];
        PageFigureText text = new($"phase-{Anchors.Of(pair.Columns.Option)}-{Anchors.Of(pair.Rows.Option)}-layers", "Numerical rank, layer by layer", $"Over all {Format.Text(count)} layers the numerical rank {SweepLines.Range(grid, all)}.", rank.Formula);
        return Figure(text, pair, (rank.Label, rank.IsSpread), SweepLayerSection.Omitted(shown.Length, count), [.. shown.Select(layer => ($"layer {Format.Text(layer + 1)}", cells.Select(cell => (cell.Gap, cell.Layer(layer, rank.Value))).ToArray()))]);
    }

    private static PhaseFigure Figure(PageFigureText text, (SweepGridAxis Columns, SweepGridAxis Rows) pair, (string Label, bool IsSpread) scale, string? note, IReadOnlyList<(string Title, (string? Gap, SeedMean Mean)[] Cells)> panels)
    {
        double[] values = [.. panels.SelectMany(static panel => panel.Cells).Select(static cell => cell.Mean.Value).OfType<double>()];
        bool isLogarithmic = scale.IsSpread && SweepLines.IsSpread(values);
        double low = values.DefaultIfEmpty(0.0).Min(), high = values.DefaultIfEmpty(1.0).Max();
        return new PhaseFigure
        {
            Id = text.Id,
            Title = text.Title,
            Sentence = text.Sentence,
            Formula = text.Formula,
            Note = note,
            IsWide = panels.Count > 1,
            Columns = new PhaseSide(pair.Columns.Option, pair.Columns.Names),
            Rows = new PhaseSide(pair.Rows.Option, pair.Rows.Names),
            Low = low,
            High = high > low ? high : low + Math.Max(1e-12, Math.Abs(low)),
            Scale = scale.Label,
            IsLogarithmic = isLogarithmic,
            Panels = [.. panels.Select(static panel => new PhasePanel(panel.Title, [.. panel.Cells.Select(static cell => cell.Mean.Value)], [.. panel.Cells.Select(static cell => cell.Mean.StandardError)], [.. panel.Cells.Select(static cell => cell.Mean.Value is null ? cell.Gap ?? Format.Undefined : null)]))],
        };
    }

    // Row by row, the lowest first.
    private static SweepCell[] Cells(SweepGrid grid, (SweepGridAxis Columns, SweepGridAxis Rows) pair, IReadOnlyList<(SweepGridAxis Axis, string Value)> others) =>
        [.. pair.Rows.Values.SelectMany(row => pair.Columns.Values.Select(column => grid.At(SweepGrid.Whole([.. others, (pair.Rows, row), (pair.Columns, column)]))))];

    private static LineFigure Line(SweepGrid grid, SweepGridAxis axis, SweepQuantity quantity)
    {
        SweepCell[] cells = [.. grid.Families(axis)[0].Cells];
        SeedMean[] means = [.. cells.Select(quantity.Mean)];
        PageAxis y = quantity.Id is "collapse"
            ? new PageAxis(quantity.Label, IsLogarithmic: false, 0.0, 1.0)
            : SweepLines.Values(quantity.Label, means, quantity.IsSpread && SweepLines.IsSpread(means.Select(static mean => mean.Value).OfType<double>()));
        return new LineFigure
        {
            Id = $"phase-{quantity.Id}",
            Title = quantity.Title,
            Sentence = $"{Capital(quantity.Label)} {SweepLines.Range(grid, cells.Zip(means))}.",
            Formula = quantity.Formula,
            Note = Gaps(axis, cells),
            X = SweepLines.Along(axis),
            Y = y,
            Lines = [quantity.Id is "collapse" ? SweepEndingSection.Shares(quantity.Label, axis, cells, SweepEndings.Dnc) : SweepLines.Means(quantity.Label, SweepLines.Places(axis), means, y)],
        };
    }

    private static string? Gaps(SweepGridAxis axis, SweepCell[] cells)
    {
        string[] gaps = [.. cells.Select((cell, i) => cell.Gap is { } gap ? $"{axis.Names[i]} ({gap})" : null).OfType<string>()];
        return gaps.Length == 0 ? null : $"No run is done at {axis.Option} {string.Join(", ", gaps)}.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
