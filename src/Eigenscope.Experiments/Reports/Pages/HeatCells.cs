namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Cells of pictures in eight bits.</summary>
internal static class HeatCells
{
    /// <summary>Values between two ends as bytes in base 64; what lies outside is drawn as the end.</summary>
    public static string Encode(ReadOnlySpan<double> values, double low, double high)
    {
        byte[] bytes = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
            bytes[i] = (byte)Math.Round(255.0 * (Math.Clamp(values[i], low, high) - low) / (high - low));
        return Convert.ToBase64String(bytes);
    }
}
