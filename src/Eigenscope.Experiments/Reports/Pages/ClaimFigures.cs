using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What a claim's check measured, beside what was expected.</summary>
internal static class ClaimFigures
{
    // Of an upper end: far below it values can be told apart on a logarithmic axis only.
    private const double Negligible = 1e-3;

    // What places can be along that neighbours have a line between them; seeds, starts or solutions have none.
    private static readonly string[] Orders = ["layer", "weight", "weight decay", "width", "matrices", "step", "iteration", "eigenvalue", "group", "mode"];

    /// <summary>The figures of a claim: of all checks of several numbers, and where it has none, of those of a single one, which the table tells else.</summary>
    public static IReadOnlyList<PageFigure> All(ClaimResult claim)
    {
        bool hasLists = claim.Checks.Any(static check => check.Measured.Count > 1);
        return [.. claim.Checks.Select((check, i) => (Check: check, Index: i)).Where(one => !hasLists || one.Check.Measured.Count > 1).Select(one => Build(claim.Id, one.Check, one.Index))];
    }

    /// <summary>The figure of one check.</summary>
    /// <param name="claim">The claim's name.</param>
    /// <param name="check">The check.</param>
    /// <param name="index">Its place among the claim's, from 0.</param>
    public static PageFigure Build(string claim, CheckResult check, int index)
    {
        double?[] measured = [.. check.Measured];
        double[] all = [.. measured.OfType<double>(), .. check.ExpectedValues ?? [], .. (check.Low ?? []).OfType<double>(), .. (check.High ?? []).OfType<double>(), .. Ends(check)];
        bool isLogarithmic = (check.IsLogarithmic || IsFarBelow(check)) && measured.Any(static value => value > 0.0);
        PageAxis y = isLogarithmic ? Axes.Logarithmic(check.Name, all.Where(static value => value > 0.0), floor: 0.0) : Linear(check.Name, all);
        double[] x = [.. Enumerable.Range(0, measured.Length).Select(static i => (double)i)];
        int hidden = isLogarithmic ? measured.Count(value => value is { } number && number < y.Min) : 0;
        return new LineFigure
        {
            Id = $"{Anchors.Of(claim)}-{Format.Text(index + 1)}",
            Title = check.Name,
            Sentence = Sentence(check),
            Formula = check.Low is null ? @"m_1 \lessgtr m_2 \lessgtr \dots" : check.ExpectedValues is null ? @"a_i \le m_i \le b_i" : @"|m_i - e_i| \le \tau_i",
            Note = hidden == 0 ? null : $"{Axes.Count(hidden, "value")} at 0 or below cannot stand on a logarithmic axis.",
            X = Axes.Named(check.Along, check.Places),
            Y = y,
            Lines = [Measured(check, x, measured, y), .. Expected(check, x, y)],
            IsLevelled = true,
            IsUnjoined = check.Low is not null && !Orders.Contains(check.Along, StringComparer.Ordinal),
        };
    }

    private static bool IsFarBelow(CheckResult check) =>
        check is { ExpectedValues: null, Low: { } low, High: { } high } && low.All(static end => end is null) && high.OfType<double>().DefaultIfEmpty(0.0).Min() is > 0.0 and var end
        && check.Measured.OfType<double>().All(value => value >= 0.0 && value < Negligible * end);

    // With room about numbers that agree to all digits, which would else have no axis.
    private static PageAxis Linear(string label, double[] all)
    {
        double least = all.DefaultIfEmpty(0.0).Min(), most = all.DefaultIfEmpty(1.0).Max(), room = 0.05 * Math.Max(Math.Abs(least), Math.Abs(most));
        return most - least > room || room == 0.0 ? Axes.Linear(label, all, least, most) : Axes.Linear(label, all, least - room, most + room);
    }

    private static string Sentence(CheckResult check) =>
        $"{(check.Holds ? "As expected" : $"Not as expected ({ClaimText.Shortfall(check)})")}: measured {ClaimText.List(check.Measured)}; expected {check.Expected}, by {check.Source}.";

    private static IEnumerable<double> Ends(CheckResult check) =>
        check.StandardErrors is not { } errors ? [] : check.Measured.Zip(errors).SelectMany(static pair => pair is { First: { } value, Second: { } error } ? (double[])[value - error, value + error] : []);

    private static LineSeries Measured(CheckResult check, double[] x, double?[] measured, PageAxis y)
    {
        double?[] shown = [.. measured.Select(value => Shown(value, y))];
        if (check.StandardErrors is not { } errors || errors.All(static error => error is null))
            return new LineSeries("measured", x, shown);
        return new LineSeries("measured", x, shown)
        {
            Low = [.. shown.Zip(errors).Select(pair => pair is { First: { } value, Second: { } error } ? Math.Max(y.Min, value - error) : (double?)null)],
            High = [.. shown.Zip(errors).Select(pair => pair is { First: { } value, Second: { } error } ? Math.Min(y.Max, value + error) : (double?)null)],
        };
    }

    // Values that are expected are one level each; a range has its two ends.
    private static IEnumerable<LineSeries> Expected(CheckResult check, double[] x, PageAxis y)
    {
        if (check.ExpectedValues is { } values)
            yield return new LineSeries("expected", x, [.. x.Select((_, i) => Shown(values.Count == 1 ? values[0] : i < values.Count ? values[i] : null, y))], IsPredicted: true);
        else if (check is { Low: { } low, High: { } high })
        {
            if (low.Any(static end => end is not null))
                yield return new LineSeries("expected at least", x, [.. low.Select(end => Shown(end, y))], IsPredicted: true) { Side = "above" };
            if (high.Any(static end => end is not null))
                yield return new LineSeries("expected at most", x, [.. high.Select(end => Shown(end, y))], IsPredicted: true) { Side = "below" };
        }
    }

    private static double? Shown(double? value, PageAxis y) => value is { } number && (!y.IsLogarithmic || number >= y.Min) ? number : null;
}
