using System.Globalization;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Axes around numbers.</summary>
internal static class Axes
{
    /// <summary>Values below this share of the largest are noise of rounding, and would only stretch a logarithmic axis.</summary>
    public const double Floor = 1e-14;

    /// <summary>A logarithmic axis from one power of ten to another, around the positive values.</summary>
    public static PageAxis Logarithmic(string label, IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(static value => value > 0.0 && double.IsFinite(value))];
        if (positive.Length == 0)
            return new PageAxis(label, IsLogarithmic: true, 0.1, 10.0);
        double largest = positive.Max();
        double smallest = positive.Where(value => value >= Floor * largest).Min();
        double top = Math.Ceiling(Math.Log10(largest) - 1e-9);
        double bottom = Math.Floor(Math.Log10(smallest) + 1e-9);
        return new PageAxis(label, IsLogarithmic: true, Math.Pow(10.0, Math.Min(bottom, top - 1.0)), Math.Pow(10.0, top));
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
            : new PageAxis(label, IsLogarithmic: true, 1.0, Math.Pow(10.0, Math.Ceiling(Math.Log10(last))));
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
