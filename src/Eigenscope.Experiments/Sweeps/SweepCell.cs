using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The runs of one combination of options: they differ in the seed.</summary>
/// <param name="Values">The values of the sweep's axes.</param>
/// <param name="Runs">All of them.</param>
/// <param name="Done">Those that are done.</param>
internal sealed record SweepCell(IReadOnlyList<string> Values, IReadOnlyList<SweepRunReport> Runs, IReadOnlyList<SweepRunReport> Done)
{
    /// <summary>All combinations, in the order of the plan.</summary>
    public static IEnumerable<SweepCell> Group(SweepResult result) => result.Runs
        .GroupBy(run => string.Join('\n', Key(result, run)), StringComparer.Ordinal)
        .Select(group => new SweepCell([.. Key(result, group.First())], [.. group], [.. group.Where(static run => run.Facts is not null)]));

    /// <summary>Mean over the seeds of a number of a run.</summary>
    public SeedMean Mean(Func<SweepRunReport, double?> value) => SeedMean.Of(Done.Select(value));

    /// <summary>Means over the seeds of a number of every layer; empty when no run has layers with it.</summary>
    public double?[] Layers(Func<LayerFacts, double?> value)
    {
        int count = Done.Count == 0 ? 0 : Done.Max(static run => run.Facts!.Layers.Count);
        double?[] means = [.. Enumerable.Range(0, count).Select(layer => Layer(layer, value).Value)];
        return means.Any(static mean => mean is not null) ? means : [];
    }

    /// <summary>Mean over the seeds of a number of one layer.</summary>
    public SeedMean Layer(int layer, Func<LayerFacts, double?> value) =>
        SeedMean.Of(Done.Select(run => layer < run.Facts!.Layers.Count ? value(run.Facts.Layers[layer]) : null));

    private static IEnumerable<string> Key(SweepResult result, SweepRunReport run) => result.Axes.Select(axis => run.Options[axis.Option]);
}

/// <summary>A mean over seeds.</summary>
/// <param name="Value">The mean; null of no number.</param>
/// <param name="StandardError">Its standard error; null of fewer than two numbers.</param>
internal sealed record SeedMean(double? Value, double? StandardError)
{
    public static SeedMean Of(IEnumerable<double?> values)
    {
        double[] numbers = [.. values.OfType<double>()];
        if (numbers.Length == 0)
            return new SeedMean(null, null);
        double mean = numbers.Average();
        if (numbers.Length == 1)
            return new SeedMean(mean, null);
        double squares = numbers.Sum(number => (number - mean) * (number - mean));
        return new SeedMean(mean, Math.Sqrt(squares / (numbers.Length - 1) / numbers.Length));
    }
}
