using System.Globalization;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Axes around numbers.</summary>
internal static class Axes
{
    /// <summary>Values below this share of the largest are noise of rounding, and would only stretch a logarithmic axis.</summary>
    public const double Floor = 1e-14;

    private const int MostTicks = 8;

    /// <summary>Those of the values that a logarithmic axis shows; null in place of others.</summary>
    /// <param name="values">Values of one line.</param>
    /// <param name="all">Values of all lines of the figure.</param>
    public static double?[] Drawable(IReadOnlyList<double?> values, IReadOnlyList<double> all)
    {
        double floor = Floor * all.DefaultIfEmpty(0.0).Max();
        return [.. values.Select(value => value > floor ? value : null)];
    }

    /// <summary>How many values a logarithmic axis does not show; null for none.</summary>
    public static string? MissingNote(IReadOnlyList<double> all)
    {
        double floor = Floor * all.DefaultIfEmpty(0.0).Max();
        int missing = all.Count(value => value <= floor);
        return missing == 0 ? null : $"{Count(missing, "value")} at 0, or zero to rounding beside the largest, cannot stand on a logarithmic axis.";
    }

    /// <summary>A logarithmic axis from one power of ten to another, around the positive values.</summary>
    /// <param name="label">What is measured along it.</param>
    /// <param name="values">The values.</param>
    /// <param name="floor">Share of the largest below which values have no place on it.</param>
    public static PageAxis Logarithmic(string label, IEnumerable<double> values, double floor = Floor)
    {
        double[] positive = [.. values.Where(static value => value > 0.0 && double.IsFinite(value))];
        if (positive.Length == 0)
            return new PageAxis(label, IsLogarithmic: true, 0.1, 10.0);
        double largest = positive.Max();
        double smallest = positive.Where(value => value >= floor * largest).Min();
        int top = (int)Math.Ceiling(Math.Log10(largest) - 1e-9);
        int decades = Math.Max(1, top - (int)Math.Floor(Math.Log10(smallest) + 1e-9));
        int step = (decades + MostTicks - 1) / MostTicks;
        int bottom = top - (step * ((decades + step - 1) / step));
        return new PageAxis(label, IsLogarithmic: true, Math.Pow(10.0, bottom), Math.Pow(10.0, top)) { TickDecades = step };
    }

    /// <summary>A linear axis around the values and two ends that it has in any case, widened to round numbers.</summary>
    public static PageAxis Linear(string label, IEnumerable<double> values, double from, double to)
    {
        double[] finite = [.. values.Where(double.IsFinite), from, to];
        double min = finite.Min(), max = finite.Max();
        double step = RoundStep(max - min);
        return new PageAxis(label, IsLogarithmic: false, Math.Floor((min / step) + 1e-9) * step, Math.Ceiling((max / step) - 1e-9) * step);
    }

    /// <summary>An axis of ranks from 1 on.</summary>
    public static PageAxis Ranks(string label, int last)
    {
        const int MostLinear = 160;
        return last <= MostLinear
            ? new PageAxis(label, IsLogarithmic: false, 0.0, Math.Max(2, last + 1))
            : new PageAxis(label, IsLogarithmic: true, 0.8, 1.25 * last);
    }

    /// <summary>An axis of named positions 0, 1, ….</summary>
    public static PageAxis Named(string label, IReadOnlyList<string> names) => new(label, IsLogarithmic: false, 0.0, Math.Max(1, names.Count - 1)) { Names = names };

    /// <summary>An axis of epochs.</summary>
    public static PageAxis Epochs(IReadOnlyList<double> epochs) => new("epoch", IsLogarithmic: false, 0.0, Math.Max(1.0, epochs[^1]));

    /// <summary>A power of ten times 1, 2 or 5 of which about five make up the range.</summary>
    private static double RoundStep(double range)
    {
        if (range <= 0.0)
            return 1.0;
        double power = Math.Pow(10.0, Math.Floor(Math.Log10(range / 5.0)));
        double share = range / 5.0 / power;
        return power * (share <= 1.0 ? 1.0 : share <= 2.0 ? 2.0 : share <= 5.0 ? 5.0 : 10.0);
    }

    /// <summary>"1 value" or "3 values".</summary>
    public static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
