using System.Globalization;

namespace Eigenscope.Experiments.Claims;

/// <summary>A length of time as users write it: "90s", "10m", "2h".</summary>
internal static class TimeSpanText
{
    private static readonly (char Unit, double Seconds)[] Units = [('s', 1.0), ('m', 60.0), ('h', 3600.0)];

    /// <summary>Reads it.</summary>
    /// <returns>The time, above zero; null where the text is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        string trimmed = text.Trim();
        foreach ((char unit, double seconds) in Units)
        {
            if (trimmed.Length > 1 && trimmed[^1] == unit && double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count > 0.0 && count * seconds < TimeSpan.MaxValue.TotalSeconds / 2.0)
                return TimeSpan.FromSeconds(count * seconds);
        }
        return null;
    }
}
