using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The combinations with the highest accuracy: on held-out samples where there are any, else on those measured.</summary>
internal static class SweepBest
{
    /// <summary>What combinations are compared by; null where no run has an accuracy.</summary>
    public static (string Name, Func<SweepRunReport, double?> Value)? Measure(SweepGrid grid) =>
        Has(grid, Held) ? ("held-out accuracy", Held) : Has(grid, Trained) ? ("accuracy", Trained) : null;

    /// <summary>The combinations with an accuracy, the highest first; of those that share one, in the order of the plan.</summary>
    public static IReadOnlyList<(SweepCell Cell, SeedMean Mean)> Ranked(SweepGrid grid, Func<SweepRunReport, double?> value) =>
        [.. grid.Cells.Select(cell => (Cell: cell, Mean: cell.Mean(value))).Where(static entry => entry.Mean.Value is not null).OrderByDescending(static entry => entry.Mean.Value)];

    /// <summary>Whether there is more than one combination, and not all share one accuracy.</summary>
    public static bool Tells(SweepGrid grid, Func<SweepRunReport, double?> value) => Ranked(grid, value) is { Count: > 1 } ranked && ranked[0].Mean.Value > ranked[^1].Mean.Value;

    public static string? Describe(SweepGrid grid)
    {
        if (Measure(grid) is not { } measure || grid.Axes.Count == 0)
            return null;
        IReadOnlyList<(SweepCell Cell, SeedMean Mean)> ranked = Ranked(grid, measure.Value);
        SeedMean best = ranked[0].Mean;
        string doubt = best.StandardError is { } error ? $" ± {Format.Text(error)}" : "";
        int sharing = ranked.Count(entry => entry.Mean.Value == best.Value);
        return sharing == 1
            ? $"The highest {measure.Name} is {Format.Text(best.Value!.Value)}{doubt} (mean over {Format.Text(ranked[0].Cell.Done.Count)} seeds), at {grid.Name(ranked[0].Cell)}."
            : $"The highest {measure.Name}, {Format.Text(best.Value!.Value)} as a mean over seeds, is shared by {(sharing == ranked.Count ? "all" : $"{Format.Text(sharing)} of")} {Format.Text(ranked.Count)} combinations.";
    }

    private static double? Held(SweepRunReport run) => run.Facts!.TestAccuracy;

    private static double? Trained(SweepRunReport run) => run.Facts!.Accuracy;

    private static bool Has(SweepGrid grid, Func<SweepRunReport, double?> value) => grid.Cells.Any(cell => cell.Mean(value).Value is not null);
}
