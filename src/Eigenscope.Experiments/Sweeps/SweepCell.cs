using System.Globalization;
using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The runs of one combination of options: they differ in the seed.</summary>
/// <param name="Values">The values of the sweep's axes.</param>
/// <param name="Runs">All of them.</param>
/// <param name="Done">Those that are done.</param>
internal sealed record SweepCell(IReadOnlyList<string> Values, IReadOnlyList<SweepRunReport> Runs, IReadOnlyList<SweepRunReport> Done)
{
    /// <summary>NC1 below this is what rounding leaves of equal features: twelve digits, squared.</summary>
    public const double LeastNc1 = 1e-24;

    private const string NoEnding = "none";
    private static readonly string[] EndingOrder = ["dnc", "low-rank", "rank-r", "srg", "zero", NoEnding];

    /// <summary>All combinations, in the order of the plan.</summary>
    public static IEnumerable<SweepCell> Group(SweepResult result) => result.Runs
        .GroupBy(run => string.Join('\n', Key(result, run)), StringComparer.Ordinal)
        // Two names of one value are one run: counted twice it would halve its standard error.
        .Select(group => (Key: Key(result, group.First()).ToArray(), Runs: group.DistinctBy(static run => run.Id, StringComparer.Ordinal).ToArray()))
        .Select(static cell => new SweepCell(cell.Key, cell.Runs, [.. cell.Runs.Where(static run => run.Facts is not null)]));

    /// <summary>Number of classes of its runs; null where it is not known, or they differ.</summary>
    public int? Classes => Done.Select(Class).Distinct().ToArray() is [{ } only] ? only : null;

    /// <summary>Why it has no number at all, in a word; null when runs of it are done.</summary>
    public string? Gap => Done.Count > 0 ? null : Runs.Any(static run => run.Status is RunRecord.Failed) ? RunRecord.Failed : RunRecord.Missing;

    /// <summary>How often independent starts ended in each known solution, or in none of them ("none"); of runs that were compared with known solutions.</summary>
    public IReadOnlyList<(string Ending, BinomialInterval Share)> Endings()
    {
        string[] endings = [.. Done.SelectMany(EndingsOf)];
        return [.. endings.GroupBy(static ending => ending, StringComparer.Ordinal).OrderBy(static group => Place(group.Key)).Select(group => (group.Key, BinomialInterval.Wilson(group.Count(), endings.Length)))];
    }

    /// <summary>The known solution that each independent start of a run ended in, "none" for another point; empty where there was nothing to compare with.</summary>
    public static IEnumerable<string> EndingsOf(SweepRunReport run) => run.Facts is { TheoryLoss: not null } facts
        ? facts.Endings.SelectMany(static ending => Enumerable.Repeat(ending.Key is "other" ? NoEnding : ending.Key, ending.Value))
        : [];

    /// <summary>Where an ending stands among all: the collapsed solution first, none last.</summary>
    public static int Place(string ending) => Array.IndexOf(EndingOrder, ending) is >= 0 and int place ? place : EndingOrder.Length - 1;

    /// <summary>Mean over the seeds of a number of a run.</summary>
    public SeedMean Mean(Func<SweepRunReport, double?> value) => SeedMean.Of(Done.Select(value));

    /// <summary>Most layers that a run of it has.</summary>
    public int LayerCount => Done.Count == 0 ? 0 : Done.Max(static run => run.Facts!.Layers.Count);

    /// <summary>Numerical rank of a run's weights, mean over its layers.</summary>
    public static double? MeanRank(SweepRunReport run) => SeedMean.Of(run.Facts!.Layers.Select(static layer => layer.NumericalRank)).Value;

    /// <summary>TCV of a layer's input; null where the features of a class are equal to rounding.</summary>
    public static double? VariabilityAboveRounding(LayerFacts layer) => layer.Nc1 > LeastNc1 ? layer.Tcv : null;

    /// <summary>Means over the seeds of a number of every layer; empty when no run has layers with it.</summary>
    public double?[] Layers(Func<LayerFacts, double?> value)
    {
        double?[] means = [.. Enumerable.Range(0, LayerCount).Select(layer => Layer(layer, value).Value)];
        return means.Any(static mean => mean is not null) ? means : [];
    }

    /// <summary>Mean over the seeds of a number of one layer.</summary>
    public SeedMean Layer(int layer, Func<LayerFacts, double?> value) =>
        SeedMean.Of(Done.Select(run => layer < run.Facts!.Layers.Count ? value(run.Facts.Layers[layer]) : null));

    // Reports of earlier versions do not say it; the option does where it was given.
    private static int? Class(SweepRunReport run) =>
        run.Facts!.Classes ?? (run.Options.TryGetValue("classes", out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int classes) ? classes : null);

    private static IEnumerable<string> Key(SweepResult result, SweepRunReport run) => result.Axes.Select(axis => run.Options[axis.Option]);
}

/// <summary>A mean over seeds.</summary>
/// <param name="Value">The mean; null of no number.</param>
/// <param name="StandardError">Its standard error; null of fewer than two numbers.</param>
internal sealed record SeedMean(double? Value, double? StandardError)
{
    // Spreads below this share of the numbers are what rounding leaves of equal ones.
    private const double Rounding = 1e-12;

    /// <summary>Of the numbers that are there. Numbers that are equal to rounding have no spread: their standard error is 0.</summary>
    public static SeedMean Of(IEnumerable<double?> values)
    {
        double[] numbers = [.. values.OfType<double>()];
        if (numbers.Length == 0)
            return new SeedMean(null, null);
        double mean = numbers.Average();
        if (numbers.Length == 1)
            return new SeedMean(mean, null);
        if (numbers.Max() - numbers.Min() <= Rounding * numbers.Max(Math.Abs))
            return new SeedMean(mean, 0.0);
        double squares = numbers.Sum(number => (number - mean) * (number - mean));
        return new SeedMean(mean, Math.Sqrt(squares / (numbers.Length - 1) / numbers.Length));
    }
}
