using System.Globalization;

namespace Eigenscope.Analysis;

/// <summary>
/// A metric that may be undefined: either a finite value or the reason why there is none. Never NaN, never an infinity, never 0 for "unknown".
/// </summary>
public readonly record struct Number
{
    private const string NotMeasured = "not measured";
    private readonly string? _reason;

    private Number(double? value, string? reason)
    {
        Value = value;
        _reason = reason;
    }

    /// <summary>The value, finite; null when undefined.</summary>
    public double? Value { get; }

    /// <summary>Why there is no value; null exactly when there is one.</summary>
    public string? Reason => Value is null ? _reason ?? NotMeasured : null;

    /// <summary>Whether there is a value.</summary>
    public bool IsDefined => Value is not null;

    /// <summary>A number that was computed. An infinity or a NaN becomes undefined: finite data overflowed on the way.</summary>
    /// <param name="value">The number.</param>
    public static Number Of(double value) =>
        double.IsFinite(value) ? new(value, null) : Undefined("the result overflows float64");

    /// <summary>A number that does not exist.</summary>
    /// <param name="reason">Why, in words a user understands; not empty.</param>
    /// <exception cref="ArgumentException">The reason is empty.</exception>
    public static Number Undefined(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(null, reason);
    }

    /// <summary>The value in the invariant culture, or "undefined" with the reason.</summary>
    public override string ToString() =>
        Value is double value ? value.ToString("R", CultureInfo.InvariantCulture) : $"undefined ({Reason})";
}
