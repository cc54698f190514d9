namespace Eigenscope.Learning.Data;

/// <summary>How stored bytes become numbers: (byte / <see cref="Divisor"/> − mean of the channel) / deviation of the channel.</summary>
public sealed record PixelScaling
{
    /// <summary>Default 255: pixels in 0 … 1.</summary>
    public double Divisor { get; init; } = 255.0;

    /// <summary>Subtracted after the division, one for each channel; null (default) subtracts nothing.</summary>
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>Divided by last, one for each channel, each positive; null (default) divides by nothing.</summary>
    public IReadOnlyList<double>? Deviations { get; init; }

    /// <summary>What each of the 256 bytes becomes in each channel.</summary>
    internal double[][] Tables(int channels, string argument)
    {
        Require(Divisor > 0.0 && double.IsFinite(Divisor), $"expected a positive divisor, got {Divisor}", argument);
        Require(Means is null || (Means.Count == channels && Means.All(double.IsFinite)), $"expected a finite mean for each of {channels} channels", argument);
        Require(Deviations is null || (Deviations.Count == channels && Deviations.All(static value => value > 0.0 && double.IsFinite(value))), $"expected a positive deviation for each of {channels} channels", argument);
        return [.. Enumerable.Range(0, channels).Select(channel => Enumerable.Range(0, 256).Select(value => Scale(value, channel)).ToArray())];
    }

    private double Scale(int value, int channel)
    {
        double scaled = value / Divisor;
        if (Means is not null)
            scaled -= Means[channel];
        return Deviations is null ? scaled : scaled / Deviations[channel];
    }

    private static void Require(bool condition, string problem, string argument)
    {
        if (!condition)
            throw new ArgumentException(problem, argument);
    }
}
