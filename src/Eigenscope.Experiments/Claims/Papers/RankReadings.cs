namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>What the claims about low ranks read off reports and do with it.</summary>
internal static class RankReadings
{
    /// <summary>Options and some more, or others.</summary>
    public static Dictionary<string, string> With(this IReadOnlyDictionary<string, string> options, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> all = new(options, StringComparer.Ordinal);
        foreach ((string name, string value) in more)
            all[name] = value;
        return all;
    }

    /// <summary>A small LeNet-5 trained on 500 images with cross-entropy: what is trained long enough for weight decay to act is not large.</summary>
    public static Dictionary<string, string> SmallLeNet(string data) => ClaimValues.Options(
        ("data", data), ("samples", "500"), ("model", "lenet5"), ("channels", "8"), ("loss", "cross-entropy"), ("batch-size", "32"), ("learning-rate", "0.05"),
        ("operators", "none"), ("restarts", "0"), ("measure-every", "0"));

    /// <summary>A number of a layer, counted from 0.</summary>
    public static double? Layer(this RunReport report, int layer, string path) => report.Number(FormattableString.Invariant($"layers[{layer}].{path}"));

    /// <summary>A number of every start of a <c>ufm</c> run.</summary>
    public static IReadOnlyList<double?> Attempts(this RunReport report, string path) =>
        [.. Enumerable.Range(0, report.Count("attempts")).Select(i => report.Number(FormattableString.Invariant($"attempts[{i}].{path}")))];

    /// <summary>The same over a number of the report, by place.</summary>
    public static IEnumerable<(string Place, double? Value)> AttemptsOver(this RunReport report, string path, double? over) =>
        report.Attempts(path).Select((value, i) => (FormattableString.Invariant($"{i + 1}"), value / over));

    /// <summary>Loss of a known solution; null where it does not exist.</summary>
    public static double? Candidate(this RunReport report, string name) => report.Number($"{Named(report, "theory.candidates", name)}.loss");

    /// <summary>Share of the starts that ended in a solution, with its standard error; null where none did.</summary>
    public static (double Share, double Error)? Ending(this RunReport report, string name) =>
        Named(report, "endings", name) is { } path && report.Number($"{path}.share") is { } share && report.Number($"{path}.standardError") is { } error ? (share, error) : null;

    /// <summary>Pearson's correlation of pairs; null where one is undefined or nothing varies.</summary>
    public static double? Correlation(IReadOnlyList<(double? X, double? Y)> pairs)
    {
        if (pairs.Count < 2 || pairs.Any(static pair => pair.X is null || pair.Y is null))
            return null;
        double meanX = pairs.Average(static pair => pair.X!.Value), meanY = pairs.Average(static pair => pair.Y!.Value);
        double squares = Math.Sqrt(pairs.Sum(pair => Square(pair.X!.Value - meanX)) * pairs.Sum(pair => Square(pair.Y!.Value - meanY)));
        return squares > 0.0 ? pairs.Sum(pair => (pair.X!.Value - meanX) * (pair.Y!.Value - meanY)) / squares : null;
    }

    /// <summary>The largest of some numbers; null where one is undefined.</summary>
    public static double? Largest(IEnumerable<double?> values)
    {
        double?[] all = [.. values];
        return all.Length == 0 || all.Any(static value => value is null) ? null : all.Max();
    }

    private static string? Named(RunReport report, string list, string name) =>
        Enumerable.Range(0, report.Count(list)).Select(i => FormattableString.Invariant($"{list}[{i}]")).FirstOrDefault(path => string.Equals(report.Text($"{path}.name"), name, StringComparison.Ordinal));

    private static double Square(double value) => value * value;
}
