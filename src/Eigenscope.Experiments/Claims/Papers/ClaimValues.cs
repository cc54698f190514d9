using System.Globalization;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>Pieces that claims are declared with.</summary>
internal static class ClaimValues
{
    /// <summary>Options by name.</summary>
    public static Dictionary<string, string> Options(params (string Name, string Value)[] options) =>
        options.ToDictionary(static option => option.Name, static option => option.Value, StringComparer.Ordinal);

    /// <summary>A whole number as a name.</summary>
    public static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
