using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>Reads what a store has of a plan.</summary>
internal static class SweepReading
{
    // Sums of squares of doubles, in another order on either side.
    private const double Rounding = 1e-9;

    public static SweepResult Read(RunStore store, SweepPlan plan, int carriedOut, bool partial)
    {
        Dictionary<string, IndexedRun> known;
        using (RunIndex index = RunIndex.Open(store))
            known = index.List(new RunFilter()).ToDictionary(static run => run.Id, StringComparer.Ordinal);
        SweepRunReport[] runs = [.. plan.Runs.Select(run => Report(plan, run, known.GetValueOrDefault(run.Id)))];
        SweepResult result = new()
        {
            Name = plan.Name,
            Command = plan.Command,
            Store = store.Folder,
            Done = runs.Count(static run => run.Status is RunRecord.Done),
            Failed = runs.Count(static run => run.Status is RunRecord.Failed),
            Missing = runs.Count(static run => run.Status is RunRecord.Missing),
            CarriedOut = carriedOut,
            Axes = plan.Axes,
            TcvBound = Bound(runs),
            Cells = [],
            Runs = runs,
            Partial = partial,
        };
        return result with { Cells = [.. SweepCell.Group(result).Select(cell => SweepCellReport.Of(result.Axes, cell))] };
    }

    private static SweepRunReport Report(SweepPlan plan, SweepRun run, IndexedRun? known) => new()
    {
        Id = run.Id,
        Name = plan.Name,
        Options = run.Options,
        Seed = run.Seed,
        Status = known?.Status ?? RunRecord.Missing,
        Error = known?.Error,
        Loss = known?.Loss,
        Seconds = known?.Seconds,
        Facts = known is { Status: RunRecord.Done } ? known.Facts : null,
    };

    /// <summary>Whether the bound was measured at a layer.</summary>
    public static bool HasBound(LayerFacts layer) => layer is { RankKDistance: not null, BoundMiddle: not null, BoundRight: not null, BoundSlack: not null };

    /// <summary>Whether distance ≤ middle + slack, up to rounding.</summary>
    public static bool Holds(LayerFacts layer) => layer.RankKDistance <= ((layer.BoundMiddle + layer.BoundSlack) * (1.0 + Rounding)) + Rounding;

    private static SweepBound? Bound(SweepRunReport[] runs)
    {
        LayerFacts[] layers = [.. runs.SelectMany(static run => run.Facts?.Layers ?? []).Where(HasBound)];
        if (layers.Length == 0)
            return null;
        return new SweepBound(
            layers.Length,
            layers.Count(Holds),
            layers.Count(static layer => layer.RankKDistance <= layer.BoundMiddle),
            layers.Count(static layer => layer.BoundMiddle <= layer.BoundRight * (1.0 + Rounding)),
            layers.Max(static layer => Share(layer.RankKDistance!.Value, layer.BoundMiddle!.Value + layer.BoundSlack!.Value)),
            layers.Max(static layer => Share(layer.BoundSlack!.Value, layer.BoundMiddle!.Value)));
    }

    private static double Share(double part, double whole) => whole > 0.0 ? part / whole : 0.0;
}
