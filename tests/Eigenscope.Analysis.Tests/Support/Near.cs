namespace Eigenscope.Analysis.Tests.Support;

/// <summary>Comparisons with a tolerance in units of eps times a scale.</summary>
internal static class Near
{
    /// <summary>|actual − expected| ≤ units · eps · scale; the scale is |expected| unless given.</summary>
    public static void Equal(double expected, double actual, double units, double? scale = null)
    {
        double tolerance = units * Textbook.Epsilon * (scale ?? Math.Abs(expected));
        Assert.True(Math.Abs(actual - expected) <= tolerance, $"expected {expected:R}, got {actual:R}: off by {Math.Abs(actual - expected):E2}, allowed {tolerance:E2}");
    }

    public static void Equal(double expected, Number actual, double units, double? scale = null)
    {
        Assert.True(actual.IsDefined, $"expected {expected:R}, got {actual}");
        Equal(expected, actual.Value!.Value, units, scale);
    }

    public static void Undefined(string reason, Number actual)
    {
        Assert.Null(actual.Value);
        Assert.Equal(reason, actual.Reason);
    }
}
