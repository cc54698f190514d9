using System.Globalization;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The combinations of a sweep by their axes: which axis comes first, what its values are as numbers, and which combinations lie along it.</summary>
internal sealed class SweepGrid
{
    private const string WeightDecay = "weight-decay";
    private readonly Dictionary<string, SweepCell> _byKey;

    public SweepGrid(SweepResult result)
    {
        Result = result;
        Cells = [.. SweepCell.Group(result)];
        Axes = [.. result.Axes.Select(static (axis, index) => SweepGridAxis.Of(axis, index))];
        _byKey = Cells.ToDictionary(static cell => Key(cell.Values), StringComparer.Ordinal);
        Main = Axes.FirstOrDefault(static axis => axis.Option is WeightDecay && axis.IsNumeric) ?? Axes.Where(static axis => axis.IsNumeric).MaxBy(static axis => axis.Values.Count) ?? Axes.FirstOrDefault();
    }

    public SweepResult Result { get; }

    public IReadOnlyList<SweepCell> Cells { get; }

    public IReadOnlyList<SweepGridAxis> Axes { get; }

    /// <summary>Weight decay where it differs; else the axis of numbers with most values, else the first; null where nothing differs.</summary>
    public SweepGridAxis? Main { get; }

    /// <summary>The combination with some values, in the order of the axes.</summary>
    public SweepCell At(IReadOnlyList<string> values) => _byKey[Key(values)];

    /// <summary>The combinations along an axis, once for every combination of the other axes.</summary>
    public IReadOnlyList<SweepFamily> Families(SweepGridAxis along) =>
        [.. Others(along).Select(fixedValues => new SweepFamily(Name(fixedValues), [.. along.Values.Select(value => At(Whole([.. fixedValues, (along, value)])))]))];

    /// <summary>All combinations of values of the axes other than some.</summary>
    public IEnumerable<(SweepGridAxis Axis, string Value)[]> Others(params SweepGridAxis[] without)
    {
        IEnumerable<(SweepGridAxis Axis, string Value)[]> all = [[]];
        foreach (SweepGridAxis axis in Axes.Except(without))
            all = all.SelectMany(before => axis.Values.Select(value => ((SweepGridAxis Axis, string Value)[])[.. before, (axis, value)]));
        return all;
    }

    /// <summary>Values of all axes, in their order.</summary>
    public static string[] Whole(IEnumerable<(SweepGridAxis Axis, string Value)> values) => [.. values.OrderBy(static entry => entry.Axis.Index).Select(static entry => entry.Value)];

    /// <summary>"depth 2, width 8"; empty where nothing is fixed.</summary>
    public static string Name(IEnumerable<(SweepGridAxis Axis, string Value)> values) => string.Join(", ", values.Select(static entry => $"{entry.Axis.Option} {SweepGridAxis.Text(entry.Value)}"));

    /// <summary>A combination in words; "the one combination" where nothing differs.</summary>
    public string Name(SweepCell cell) => Axes.Count == 0 ? "the one combination" : Name(Axes.Select(axis => (axis, cell.Values[axis.Index])));

    private static string Key(IEnumerable<string> values) => string.Join('\n', values);
}

/// <summary>Combinations along one axis.</summary>
/// <param name="Name">What they share: "depth 2"; empty where there is no other axis.</param>
/// <param name="Cells">One for each value of the axis, in its order.</param>
internal sealed record SweepFamily(string Name, IReadOnlyList<SweepCell> Cells);

/// <summary>An axis of a sweep.</summary>
/// <param name="Option">The option.</param>
/// <param name="Index">Its place among the axes.</param>
/// <param name="Values">Its values; numbers ascending, others in the order of the recipe.</param>
/// <param name="Numbers">The values as numbers; empty where one of them is none.</param>
internal sealed record SweepGridAxis(string Option, int Index, IReadOnlyList<string> Values, IReadOnlyList<double> Numbers)
{
    private const double LeastSpread = 10.0;
    private const double LeastGap = 0.02;

    public bool IsNumeric => Numbers.Count > 0;

    /// <summary>Whether the values are spread over powers of ten.</summary>
    public bool IsLogarithmic => IsNumeric && Numbers[0] > 0.0 && Numbers[^1] >= LeastSpread * Numbers[0];

    /// <summary>Whether the values stand on an axis of numbers without falling together, as 0, 1e-4, 1 would.</summary>
    public bool IsScaled => IsLogarithmic || (IsNumeric && Numbers.Zip(Numbers.Skip(1), static (a, b) => b - a).All(gap => gap >= LeastGap * (Numbers[^1] - Numbers[0])));

    /// <summary>The values as people read them.</summary>
    public IReadOnlyList<string> Names => [.. Values.Select(Text)];

    public static SweepGridAxis Of(SweepAxis axis, int index)
    {
        double?[] numbers = [.. axis.Values.Select(Number)];
        if (numbers.Any(static number => number is null))
            return new SweepGridAxis(axis.Option, index, axis.Values, []);
        (string Value, double Number)[] sorted = [.. axis.Values.Zip(numbers, static (value, number) => (value, number!.Value)).OrderBy(static entry => entry.Value)];
        return new SweepGridAxis(axis.Option, index, [.. sorted.Select(static entry => entry.Value)], [.. sorted.Select(static entry => entry.Number)]);
    }

    /// <summary>A value as people read it: "1E-05" is 1e-5, and of 0.000215443469003 three digits say enough.</summary>
    public static string Text(string value) => Number(value) is not { } number ? value : number == 0.0 ? "0" : Math.Abs(number) is >= 1e-3 and < 1e5 ? Digits(number) : Power(number);

    private static string Digits(double number) => double.IsInteger(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : number.ToString("G3", CultureInfo.InvariantCulture);

    private static string Power(double number)
    {
        string[] parts = number.ToString("0.##e+0", CultureInfo.InvariantCulture).Split('e');
        return $"{parts[0]}e{parts[1].TrimStart('+')}";
    }

    private static double? Number(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
