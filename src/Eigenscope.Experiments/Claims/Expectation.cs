using System.Globalization;

namespace Eigenscope.Experiments.Claims;

/// <summary>What measured numbers are compared with. A tolerance is part of the claim, and written before the run.</summary>
public abstract record Expectation
{
    /// <summary>Whether the numbers are as expected, one by one; an undefined number never is.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>As many answers.</returns>
    public abstract IReadOnlyList<bool> Hold(IReadOnlyList<double?> values);

    /// <summary>Where each of so many numbers may lie; infinite ends where there are none.</summary>
    /// <param name="count">Number of numbers.</param>
    /// <returns>As many intervals; null where a number is compared with its neighbours.</returns>
    public abstract IReadOnlyList<(double Low, double High)>? Bands(int count);

    /// <summary>Values that are expected themselves, one for all or one each; null where only a range is.</summary>
    public abstract IReadOnlyList<double>? Values { get; }

    /// <summary>Largest distance from the expected values, absolute; null where there is none.</summary>
    public abstract double? Tolerance { get; }

    /// <summary>In words.</summary>
    public abstract string Describe();

    /// <summary>One value for all numbers, or one for each.</summary>
    /// <param name="values">The values.</param>
    /// <param name="relative">Largest distance, over the size of the value.</param>
    /// <param name="absolute">Largest distance besides.</param>
    public static Expectation Near(IReadOnlyList<double> values, double relative = 0.0, double absolute = 0.0) => new ExpectedValues(values, relative, absolute);

    /// <inheritdoc cref="Near(IReadOnlyList{double}, double, double)"/>
    public static Expectation Near(double value, double relative = 0.0, double absolute = 0.0) => new ExpectedValues([value], relative, absolute);

    /// <summary>No number below the end.</summary>
    public static Expectation AtLeast(double end) => new ExpectedRange([(end, double.PositiveInfinity)]);

    /// <summary>No number above the end.</summary>
    public static Expectation AtMost(double end) => new ExpectedRange([(double.NegativeInfinity, end)]);

    /// <summary>All numbers in one range.</summary>
    public static Expectation Within(double low, double high) => new ExpectedRange([(low, high)]);

    /// <summary>Every number in its range.</summary>
    public static Expectation Within(IReadOnlyList<(double Low, double High)> ranges) => new ExpectedRange(ranges);

    /// <summary>Every number at least the one before it, less a slack.</summary>
    public static Expectation Rising(double slack = 0.0) => new ExpectedOrder(true, slack);

    /// <summary>Every number at most the one before it, and a slack.</summary>
    public static Expectation Falling(double slack = 0.0) => new ExpectedOrder(false, slack);

    private protected static T At<T>(IReadOnlyList<T> values, int i) => values.Count == 1 ? values[0] : values[i];

    private protected static string Text(double value) => value.ToString(value != 0.0 && Math.Abs(value) is < 1e-3 or >= 1e8 ? "0.#######e-0" : "G8", CultureInfo.InvariantCulture);
}

/// <summary>Values up to a tolerance.</summary>
internal sealed record ExpectedValues(IReadOnlyList<double> Expected, double Relative, double Absolute) : Expectation
{
    /// <inheritdoc/>
    public override IReadOnlyList<double>? Values => Expected;

    /// <inheritdoc/>
    public override double? Tolerance => Expected.Max(Reach);

    /// <inheritdoc/>
    public override IReadOnlyList<(double Low, double High)> Bands(int count) => [.. Enumerable.Range(0, count).Select(i => (At(Expected, i) - Reach(At(Expected, i)), At(Expected, i) + Reach(At(Expected, i))))];

    /// <inheritdoc/>
    public override IReadOnlyList<bool> Hold(IReadOnlyList<double?> values) =>
        Expected.Count > 1 && Expected.Count != values.Count
            ? [.. values.Select(static _ => false)]
            : [.. values.Select((value, i) => value is { } number && Math.Abs(number - At(Expected, i)) <= Reach(At(Expected, i)))];

    /// <inheritdoc/>
    public override string Describe() =>
        $"{string.Join(", ", Expected.Select(Text))}{(Relative > 0.0 ? $" ± {Text(Relative)} relative" : "")}{(Absolute > 0.0 ? $" ± {Text(Absolute)}" : "")}{(Relative == 0.0 && Absolute == 0.0 ? " exactly" : "")}";

    private double Reach(double value) => (Relative * Math.Abs(value)) + Absolute;
}

/// <summary>One range for all numbers, or one for each.</summary>
internal sealed record ExpectedRange(IReadOnlyList<(double Low, double High)> Ranges) : Expectation
{
    /// <inheritdoc/>
    public override IReadOnlyList<double>? Values => null;

    /// <inheritdoc/>
    public override double? Tolerance => null;

    /// <inheritdoc/>
    public override IReadOnlyList<(double Low, double High)> Bands(int count) => [.. Enumerable.Range(0, count).Select(i => At(Ranges, i))];

    /// <inheritdoc/>
    public override IReadOnlyList<bool> Hold(IReadOnlyList<double?> values) =>
        Ranges.Count > 1 && Ranges.Count != values.Count
            ? [.. values.Select(static _ => false)]
            : [.. values.Select((value, i) => value is { } number && number >= At(Ranges, i).Low && number <= At(Ranges, i).High)];

    /// <inheritdoc/>
    public override string Describe() => string.Join(", ", Ranges.Select(static range =>
        double.IsNegativeInfinity(range.Low) ? $"at most {Text(range.High)}" : double.IsPositiveInfinity(range.High) ? $"at least {Text(range.Low)}" : $"{Text(range.Low)} … {Text(range.High)}"));
}

/// <summary>Numbers in order.</summary>
internal sealed record ExpectedOrder(bool Rises, double Slack) : Expectation
{
    /// <inheritdoc/>
    public override IReadOnlyList<double>? Values => null;

    /// <inheritdoc/>
    public override double? Tolerance => Slack;

    /// <inheritdoc/>
    public override IReadOnlyList<(double Low, double High)>? Bands(int count) => null;

    /// <inheritdoc/>
    public override IReadOnlyList<bool> Hold(IReadOnlyList<double?> values) =>
        values.Count < 2 ? [.. values.Select(static _ => false)] : [.. values.Select((value, i) => value is { } number && (i == 0 || (values[i - 1] is { } before && (Rises ? number >= before - Slack : number <= before + Slack))))];

    /// <inheritdoc/>
    public override string Describe() => $"{(Rises ? "rising" : "falling")}{(Slack > 0.0 ? $", each step up to {Text(Slack)} against it" : "")}";
}
