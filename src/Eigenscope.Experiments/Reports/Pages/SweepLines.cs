using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Lines along an axis of a sweep, with their error bars.</summary>
internal static class SweepLines
{
    private const double LeastSpread = 30.0;

    /// <summary>The axis: of numbers where they are spread over it, else of named values.</summary>
    public static PageAxis Along(SweepGridAxis axis) => !axis.IsScaled ? Axes.Named(axis.Option, axis.Names)
        : axis.IsLogarithmic ? Around(Axes.Logarithmic(axis.Option, axis.Numbers), axis.Numbers)
        : Axes.Linear(axis.Option, axis.Numbers, axis.Numbers[0], axis.Numbers[^1]);

    /// <summary>Where the values of an axis stand on it.</summary>
    public static IReadOnlyList<double> Places(SweepGridAxis axis) => axis.IsScaled ? axis.Numbers : [.. Enumerable.Range(0, axis.Values.Count).Select(static i => (double)i)];

    /// <summary>Whether values are all positive and spread far enough for a logarithmic axis.</summary>
    public static bool IsSpread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length > 0 && all.Min() > 0.0 && all.Max() > LeastSpread * all.Min();
    }

    /// <summary>An axis around means and their error bars.</summary>
    public static PageAxis Values(string label, IReadOnlyList<SeedMean> means, bool isLogarithmic)
    {
        double[] values = [.. means.Select(static mean => mean.Value).OfType<double>()];
        if (isLogarithmic)
            return Axes.Logarithmic(label, values);
        double[] ends = [.. values, .. means.Select(static mean => mean.Value - mean.StandardError).OfType<double>(), .. means.Select(static mean => mean.Value + mean.StandardError).OfType<double>()];
        return ends.Length == 0 ? new PageAxis(label, IsLogarithmic: false, 0.0, 1.0) : Axes.Linear(label, ends, ends.Min(), ends.Max() > ends.Min() ? ends.Max() : ends.Min() + 1.0);
    }

    /// <summary>A line of means with their standard errors; what a logarithmic axis cannot show is left out, and error bars end where the axis does.</summary>
    public static LineSeries Means(string name, IReadOnlyList<double> places, IReadOnlyList<SeedMean> means, PageAxis y)
    {
        double?[] values = [.. means.Select(mean => mean.Value is { } value && (!y.IsLogarithmic || value >= y.Min) ? mean.Value : null)];
        double?[] low = [.. means.Select((mean, i) => values[i] is { } value && mean.StandardError is > 0.0 and var error ? Math.Max(y.Min, value - error) : (double?)null)];
        double?[] high = [.. means.Select((mean, i) => values[i] is { } value && mean.StandardError is > 0.0 and var error ? Math.Min(y.Max, value + error) : (double?)null)];
        bool hasErrors = low.Any(static end => end is not null);
        return new LineSeries(name, places, values) { Low = hasErrors ? low : null, High = hasErrors ? high : null };
    }

    /// <summary>How many means a logarithmic axis does not show; null for none.</summary>
    public static string? MissingNote(IEnumerable<SeedMean> means, PageAxis y)
    {
        int missing = y.IsLogarithmic ? means.Count(mean => mean.Value < y.Min) : 0;
        return missing == 0 ? null : $"{Axes.Count(missing, "value")} at 0, or zero to rounding beside the largest, cannot stand on a logarithmic axis.";
    }

    /// <summary>"goes from 3.2 at weight-decay 0.1 to 20 at weight-decay 1e-5": the least and the largest of some means, and where.</summary>
    public static string Range(SweepGrid grid, IEnumerable<(SweepCell Cell, SeedMean Mean)> means)
    {
        (SweepCell Cell, SeedMean Mean)[] defined = [.. means.Where(static entry => entry.Mean.Value is not null)];
        (SweepCell Cell, SeedMean Mean) least = defined.MinBy(static entry => entry.Mean.Value), most = defined.MaxBy(static entry => entry.Mean.Value);
        return least.Mean.Value == most.Mean.Value
            ? $"is {Text(least.Mean)} everywhere"
            : $"lies between {Text(least.Mean)} ({grid.Name(least.Cell)}) and {Text(most.Mean)} ({grid.Name(most.Cell)})";
    }

    public static string Text(SeedMean mean) => mean is { Value: { } value, StandardError: { } error } ? $"{Format.Text(value)} ± {Format.Text(error)}" : Format.Text(mean.Value!.Value);

    // Room beside the first and the last value in place of whole decades of empty paper.
    private static PageAxis Around(PageAxis axis, IReadOnlyList<double> numbers)
    {
        double margin = Math.Pow(numbers[^1] / numbers[0], 0.06);
        return axis with { Min = numbers[0] / margin, Max = numbers[^1] * margin, TickDecades = null };
    }
}
