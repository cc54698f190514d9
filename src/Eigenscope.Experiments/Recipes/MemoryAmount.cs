using System.Globalization;

namespace Eigenscope.Experiments.Recipes;

/// <summary>An amount of memory as users write it: "4GB", "512 MB", "1.5GiB", or plain bytes. Units are powers of 1024 with or without the i.</summary>
internal static class MemoryAmount
{
    private static readonly (string Unit, int Power)[] Units = [("k", 10), ("m", 20), ("g", 30), ("t", 40)];

    /// <summary>Reads an amount.</summary>
    /// <returns>Bytes ≥ 1, or null where the text is no amount of memory.</returns>
    public static long? Parse(string text)
    {
        string lower = text.Trim().ToLowerInvariant();
        string number = lower.EndsWith('b') ? lower[..^1] : lower;
        number = number.EndsWith('i') ? number[..^1] : number;
        int power = 0;
        foreach ((string unit, int exponent) in Units)
        {
            if (!number.EndsWith(unit, StringComparison.Ordinal))
                continue;
            power = exponent;
            number = number[..^unit.Length];
        }
        bool isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double value);
        double bytes = value * Math.Pow(2.0, power);
        return isNumber && bytes >= 1.0 && bytes < long.MaxValue ? (long)bytes : null;
    }
}
