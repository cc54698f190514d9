using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Claims;

/// <summary>Claims in words.</summary>
internal static class ClaimText
{
    private const int MostNumbers = 6;

    /// <summary>Numbers as a list, the middle of a long one left out.</summary>
    public static string List(IReadOnlyList<double?> values)
    {
        IEnumerable<string> texts = values.Count <= MostNumbers ? values.Select(Text) : [.. values.Take(MostNumbers / 2).Select(Text), "…", .. values.TakeLast(MostNumbers / 2).Select(Text)];
        return string.Join(", ", texts);
    }

    /// <summary>One number, two, or the first and the last of more.</summary>
    public static string Short(IReadOnlyList<double?> values) => values.Count <= 2 ? List(values) : $"{Text(values[0])} … {Text(values[^1])}";

    /// <summary>What of a check does not hold.</summary>
    public static string Shortfall(CheckResult check)
    {
        int[] wrong = [.. Enumerable.Range(0, check.HoldsEach.Count).Where(i => !check.HoldsEach[i])];
        if (wrong.Length == 0)
            return "nothing was measured";
        int first = wrong[0];
        string where = check.Places[first].Length > 0 ? $" at {(check.Along.Length > 0 ? $"{check.Along} " : "")}{check.Places[first]}" : "";
        string others = wrong.Length > 1 ? $", and {Axis(wrong.Length - 1)}" : "";
        return $"{Text(check.Measured[first])}{where}, expected {Expected(check, first)}{others}";
    }

    // Of many ranges or values, the one of the number that is told.
    private static string Expected(CheckResult check, int i) => check switch
    {
        { ExpectedValues: { Count: > 1 } values } when i < values.Count => Format.Exact(values[i]),
        { ExpectedValues: null, Low: { } low, High: { } high } => low[i] is { } from ? high[i] is { } to ? $"{Format.Exact(from)} … {Format.Exact(to)}" : $"at least {Format.Exact(from)}" : $"at most {Text(high[i])}",
        _ => check.Expected,
    };

    private static string Axis(int count) => count == 1 ? "one more" : $"{Format.Text(count)} more";

    private static string Text(double? value) => value is { } number ? Format.Exact(number) : "undefined";

    /// <summary>Changes as the command line takes them.</summary>
    public static string Changes(IReadOnlyDictionary<string, string> changes) => string.Join(' ', changes.Select(static change => $"--set {change.Key}={change.Value}"));
}
