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
            known = index.List(new RunFilter { Command = null }).ToDictionary(static run => run.Id, StringComparer.Ordinal);
        SweepRunReport[] runs = [.. plan.Runs.Select(run => Report(plan, run, known.GetValueOrDefault(run.Id)))];
        return new SweepResult
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
            Runs = runs,
            Partial = partial,
        };
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

    private static SweepBound? Bound(SweepRunReport[] runs)
    {
        LayerFacts[] layers = [.. runs.SelectMany(static run => run.Facts?.Layers ?? []).Where(static layer => layer is { RankKDistance: not null, BoundMiddle: not null, BoundRight: not null, BoundSlack: not null })];
        if (layers.Length == 0)
            return null;
        return new SweepBound(
            layers.Length,
            layers.Count(static layer => layer.RankKDistance <= (layer.BoundMiddle + layer.BoundSlack) * (1.0 + Rounding) + Rounding),
            layers.Count(static layer => layer.RankKDistance <= layer.BoundMiddle),
            layers.Count(static layer => layer.BoundMiddle <= layer.BoundRight * (1.0 + Rounding)),
            layers.Max(static layer => Share(layer.RankKDistance!.Value, layer.BoundMiddle!.Value + layer.BoundSlack!.Value)),
            layers.Max(static layer => Share(layer.BoundSlack!.Value, layer.BoundMiddle!.Value)));
    }

    private static double Share(double part, double whole) => whole > 0.0 ? part / whole : 0.0;
}
