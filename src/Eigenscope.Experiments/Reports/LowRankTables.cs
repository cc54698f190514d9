namespace Eigenscope.Experiments.Reports;

/// <summary>Ranks of the weights beside the variability that bounds them, as tables for people.</summary>
internal static class LowRankTables
{
    /// <summary>Of every layer at the end.</summary>
    public static SummaryTable Layers(IReadOnlyList<LayerReport> layers) => new(
        "Ranks and the derived TCV bound",
        [Text("layer"), Numeric("rank"), Numeric("stable"), Numeric("eff."), Numeric("TCV"), Numeric("dist K"), Numeric("relative"), Numeric("middle"), Numeric("right"), Numeric("slack")],
        [.. layers.Select(static layer => (IReadOnlyList<string>)[layer.Name, .. Cells(layer)])],
        [
            "rank: σ above 1e-3 σ₁; TCV: (1/N) Σ ‖z − z̄_c‖² of what enters the layer; dist K: Frobenius distance to rank K, and relative to ‖W‖_F. The derived TCV bound: dist K ≤ middle + slack, and middle ≤ right; slack is how far the weight is from stationary. Expect it to hold, not to be tight.",
            .. UndefinedNotes.Lines(layers.Select(static layer => ("TCV bound", layer.Name, layer.TcvBound.Middle)), [.. layers.Select(static layer => layer.Name)]),
        ]);

    /// <summary>Of the last layer, along training; null where there are not two moments to compare.</summary>
    public static SummaryTable? Along(IReadOnlyList<TrajectoryPoint> trajectory, string moment)
    {
        if (trajectory.Count < 2 || trajectory.Any(static point => point.Layers.Count == 0))
            return null;
        return new SummaryTable(
            "Ranks along training, last layer",
            [Numeric(moment), Numeric("rank"), Numeric("stable"), Numeric("eff."), Numeric("TCV"), Numeric("dist K"), Numeric("relative"), Numeric("middle"), Numeric("right"), Numeric("slack")],
            [.. trajectory.Select(static point => (IReadOnlyList<string>)[Format.Text(point.Epoch), .. Cells(point.Layers[^1])])],
            ["As in the table of all layers; those of the other layers are in the JSON."]);
    }

    /// <summary>Convolutions on their grids; null where none was measured.</summary>
    public static SummaryTable? OnGrids(IReadOnlyList<LayerReport> layers)
    {
        LayerReport[] measured = [.. layers.Where(static layer => layer.Weight.OnGrid is not null)];
        return measured.Length == 0 ? null : new SummaryTable(
            "Convolutions as maps on their grids",
            [Text("layer"), Numeric("grid"), Numeric("values"), Numeric("largest"), Numeric("rank"), Numeric("stable"), Numeric("eff."), Numeric("σ₁ of the matrix"), Numeric("rank"), Numeric("stable"), Numeric("eff.")],
            [.. measured.Select(static layer => Grid(layer, layer.Weight.OnGrid!))],
            [
                "Singular values of the linear map on a circular image, what leaves at one side entering at the other, by one small matrix per frequency (Sedghi, Gupta, Long 2019); behind them those of the matrix of output channels by the rest, as in the other tables. rank: above 1e-3 of the largest.",
                .. UndefinedNotes.Lines(measured.Select(static layer => ("grid", layer.Name, layer.Weight.OnGrid!.Norm)), [.. layers.Select(static layer => layer.Name)]),
            ]);
    }

    private static string[] Grid(LayerReport layer, GridReport grid) =>
    [
        layer.Name,
        $"{Format.Text(grid.Height)}×{Format.Text(grid.Width)}",
        Format.Text(grid.Count),
        Format.Text(grid.Norm),
        Format.Text(grid.NumericalRank),
        Format.Text(grid.StableRank),
        Format.Text(grid.EffectiveRank),
        layer.Weight.SingularValues is [double largest, ..] ? Format.Text(largest) : Format.Undefined,
        Format.Text(layer.Weight.NumericalRank),
        Format.Text(layer.Weight.StableRank),
        Format.Text(layer.Weight.EffectiveRank),
    ];

    private static string[] Cells(LayerReport layer) =>
    [
        Format.Text(layer.Weight.NumericalRank),
        Format.Text(layer.Weight.StableRank),
        Format.Text(layer.Weight.EffectiveRank),
        Format.Text(layer.Input.Collapse.Tcv),
        Format.Text(layer.Weight.RankKDistance),
        Format.Text(layer.Weight.RelativeRankKDistance),
        Format.Text(layer.TcvBound.Middle),
        Format.Text(layer.TcvBound.Right),
        Format.Text(layer.TcvBound.Slack),
    ];

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
