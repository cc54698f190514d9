using System.Globalization;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Rendering;

/// <summary>What a progress line says; the time left follows from the time since the start and the share that is done.</summary>
internal sealed class ProgressText(TimeProvider time)
{
    // Earlier than this the share is too small to divide by.
    private const double SmallestFraction = 0.02;
    private readonly long _start = time.GetTimestamp();

    /// <summary>The line: "0:42 left · training · loss 0.0123 · NC1 0.045", with its end cut off where it is longer than <paramref name="width"/>.</summary>
    public string Describe(RunProgress progress, int width)
    {
        string detail = progress.Detail.Length == 0 ? progress.Phase : $"{progress.Phase} · {progress.Detail}";
        string line = progress.Fraction is >= SmallestFraction and <= 1.0 ? $"{Left(progress.Fraction)} left · {detail}" : detail;
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, Math.Max(0, width - 1)), "…");
    }

    private string Left(double fraction)
    {
        TimeSpan left = time.GetElapsedTime(_start) * ((1.0 - fraction) / fraction);
        return left.TotalHours >= 1.0
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:00}");
    }
}
