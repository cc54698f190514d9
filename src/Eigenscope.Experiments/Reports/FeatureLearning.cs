using System.Globalization;

namespace Eigenscope.Experiments.Reports;

/// <summary>What the average gradient outer product says of feature learning: the neural feature ansatz and where within the layers the collapse happens, along training.</summary>
internal static class FeatureLearning
{
    /// <summary>What WᵀW is compared with: "AGOP^½", "centred AGOP^0.25".</summary>
    public static string Power(LayerReport layer)
    {
        string exponent = layer.Nfa.Exponent switch
        {
            0.5 => "^½",
            1.0 => "",
            double other => string.Create(CultureInfo.InvariantCulture, $"^{other}"),
        };
        return $"{(layer.Agop.IsCentred ? "centred " : "")}AGOP{exponent}";
    }

    /// <summary>One row for each dense layer: both numbers at the start, in the middle and at the end.</summary>
    /// <param name="trajectory">The moments measured, in order.</param>
    /// <returns>The table; null where no moment was reached.</returns>
    public static SummaryTable? Table(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        if (trajectory.Count == 0)
            return null;
        TrajectoryPoint[] moments = [.. new[] { 0, trajectory.Count / 2, trajectory.Count - 1 }.Distinct().Order().Select(i => trajectory[i])];
        LayerReport[] last = [.. Dense(trajectory[^1].Layers)];
        return new SummaryTable(
            "Feature learning",
            [new SummaryColumn("layer", IsNumeric: false), .. Columns("NFA", moments), new SummaryColumn("NFA ΔW", IsNumeric: true), .. Columns("right", moments)],
            [.. last.Select((layer, row) => (IReadOnlyList<string>)
            [
                layer.Name,
                .. moments.Select(point => Format.Text(Dense(point.Layers).ElementAt(row).Nfa.Pearson)),
                Format.Text(layer.NfaChange.Pearson),
                .. moments.Select(point => Format.Text(Dense(point.Layers).ElementAt(row).CollapseSteps.RightShare)),
            ])],
            [
                $"NFA: correlation of WᵀW with {(last.Length > 0 ? Power(last[0]) : "the AGOP")} at the layer's input, after so many epochs; NFA ΔW: the same of what training added to W, at the end; right: share of the layer's fall in ln NC1 that S Vᵀ of its weight does, the left share being 1 less it.",
                .. UndefinedNotes.Lines(
                    [
                        .. last.Select(static layer => ("NFA", layer.Name, layer.Nfa.Pearson)), .. last.Select(static layer => ("NFA ΔW", layer.Name, layer.NfaChange.Pearson)),
                        .. last.Select(static layer => ("right share at the end", layer.Name, layer.CollapseSteps.RightShare)),
                    ],
                    [.. last.Select(static layer => layer.Name)]),
            ]);
    }

    /// <summary>Sentences on the end of training.</summary>
    /// <param name="layers">The layers.</param>
    public static IEnumerable<string> Findings(IReadOnlyList<LayerReport> layers)
    {
        LayerReport[] known = [.. Dense(layers).Where(static layer => layer.Nfa.Pearson.IsDefined)];
        if (known.Length > 0)
            yield return $"Neural feature ansatz: WᵀW correlates with {Power(known[0])} at the layer's input by {NumberList.Text([.. known.Select(static layer => layer.Nfa.Pearson)])}{Changes(known)} ({Names(known, layers)}).";
        LayerReport[] shared = [.. Bent(layers).Where(static layer => layer.CollapseSteps.RightShare.IsDefined)];
        if (shared.Length > 0)
            yield return $"Of the fall in ln NC1 over a layer, S Vᵀ of its weight does {NumberList.Text([.. shared.Select(static layer => layer.CollapseSteps.RightShare)])} ({Names(shared, layers)}), U, bias and activation the rest.";
    }

    /// <summary>The dense layers.</summary>
    public static IEnumerable<LayerReport> Dense(IEnumerable<LayerReport> layers) => layers.Where(static layer => layer.Kind is "dense");

    /// <summary>Dense layers with an activation behind them: of a linear one the share is 1 whatever it does.</summary>
    public static IEnumerable<LayerReport> Bent(IEnumerable<LayerReport> layers) => Dense(layers).Where(static layer => layer.CollapseSteps.Left != layer.CollapseSteps.Right);

    private static string Changes(LayerReport[] layers) => layers.All(static layer => layer.NfaChange.Pearson.IsDefined)
        ? $", and that of what training added to W by {NumberList.Text([.. layers.Select(static layer => layer.NfaChange.Pearson)])}"
        : "";

    private static string Names(LayerReport[] some, IReadOnlyList<LayerReport> all) => PlaceNames.Of(some.Select(static layer => layer.Name), [.. all.Select(static layer => layer.Name)]);

    private static IEnumerable<SummaryColumn> Columns(string name, TrajectoryPoint[] moments) => moments.Select(point => new SummaryColumn($"{name} {Format.Text(point.Epoch)}", IsNumeric: true));
}
