using System.Globalization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Numbers as people read them: three significant digits, invariant culture.</summary>
internal static class Format
{
    /// <summary>What stands for a number that does not exist; its reason is in the table's notes.</summary>
    public const string Undefined = "–";

    public static string Text(double value)
    {
        if (value == 0.0)
            return "0";
        double size = Math.Abs(value);
        string format = size is >= 1e-3 and < 1e5 ? "G3" : "0.0e+0";
        if (size is >= 1e3 and < 1e5)
            format = "F0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Eight significant digits, for what is compared with a closed form.</summary>
    public static string Exact(double value) => value.ToString("g8", CultureInfo.InvariantCulture);

    public static string Text(Number number) => number.Value is { } value ? Text(value) : Undefined;

    /// <summary>A number with its standard error behind it: "0.012 ± 0.0004"; alone where either does not exist.</summary>
    public static string Text(Number number, Number? error) => number.IsDefined && error?.Value is { } doubt ? $"{Text(number)} ± {Text(doubt)}" : Text(number);

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A share in percent with two digits after the point: half a percent of ten thousand samples is fifty of them.</summary>
    public static string Accuracy(double share) => (100.0 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    public static string Percent(double share) => (100.0 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";
}
