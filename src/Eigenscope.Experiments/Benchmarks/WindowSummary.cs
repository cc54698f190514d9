namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Medians over the windows that count: those in which the cores were there, or all of them when there is none.</summary>
internal sealed class WindowSummary
{
    private readonly IReadOnlyList<Window> _windows;

    public WindowSummary(IReadOnlyList<Window> windows)
    {
        if (windows.Count == 0)
            throw new ArgumentException("expected at least one window, got none", nameof(windows));
        Kept = windows.Count(static window => window.IsKept);
        Discarded = windows.Count - Kept;
        _windows = Kept > 0 ? [.. windows.Where(static window => window.IsKept)] : windows;
    }

    /// <summary>Windows in which the cores were there.</summary>
    public int Kept { get; }

    /// <summary>The others.</summary>
    public int Discarded { get; }

    /// <summary>Rate of the large matrix product, flops a second.</summary>
    public double GemmRate => Median(static window => window.GemmRate);

    /// <summary>Seconds for one product.</summary>
    public double Seconds => Median(static window => window.ProductSeconds);

    /// <summary>Time of a product over that of a gradient.</summary>
    public double RatioToGradient => Median(static window => window.ProductSeconds / window.GradientSeconds);

    /// <summary>Seconds that so many flops take at the rate.</summary>
    public double FloorSeconds(double flops) => Median(window => flops / window.GemmRate);

    /// <summary>Time of a product over its floor.</summary>
    public double RatioToFloor(double flops) => Median(window => window.ProductSeconds * window.GemmRate / flops);

    private double Median(Func<Window, double> value)
    {
        double[] sorted = [.. _windows.Select(value).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }
}
