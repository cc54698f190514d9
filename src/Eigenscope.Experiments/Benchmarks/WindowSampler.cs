namespace Eigenscope.Experiments.Benchmarks;

/// <summary>
/// Measures windows: pair of loops, matrix product, gradient, the product in question, gradient, matrix product, pair of loops. A window counts when the pair scaled before and after it; the
/// scaling after one window is the one before the next.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="scaling">Measures how much work a pair of loops does; see <see cref="CoreScaling.Measure"/>. Null where there is no second core to lose.</param>
internal sealed class WindowSampler(TimeProvider time, Func<double>? scaling)
{
    private const double ProductSeconds = 0.1;
    private const double GradientSeconds = 0.05;
    private const int MostRepetitions = 500;
    private const int TriesPerWindow = 3;

    /// <summary>Measures until enough windows count, or thrice as many were tried.</summary>
    /// <param name="gemm">One large matrix product.</param>
    /// <param name="gemmFlops">Its flops.</param>
    /// <param name="gradient">One gradient.</param>
    /// <param name="product">One run of the product in question.</param>
    /// <param name="block">Products in one run.</param>
    /// <param name="wanted">Windows that should count.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>Every window.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Window> Sample(Action gemm, double gemmFlops, Action gradient, Action product, int block, int wanted, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int products = Repetitions(product, ProductSeconds);
        int gradients = Repetitions(gradient, GradientSeconds);
        gemm();
        List<Window> windows = [];
        double before = Scaling();
        for (int kept = 0; kept < wanted && windows.Count < TriesPerWindow * wanted;)
        {
            cancellation.ThrowIfCancellationRequested();
            double gemmSeconds = Seconds(gemm, 1);
            double gradientSeconds = Seconds(gradient, gradients);
            double productSeconds = Seconds(product, products);
            gradientSeconds = 0.5 * (gradientSeconds + Seconds(gradient, gradients));
            gemmSeconds = 0.5 * (gemmSeconds + Seconds(gemm, 1));
            double after = Scaling();
            windows.Add(new Window(gemmFlops / gemmSeconds, gradientSeconds, productSeconds / block, Math.Min(before, after)));
            before = after;
            kept += windows[^1].IsKept ? 1 : 0;
        }
        return windows;
    }

    // The first run warms up: compiles, touches memory for the first time.
    private int Repetitions(Action run, double seconds)
    {
        run();
        double once = Seconds(run, 1);
        return (int)Math.Clamp(Math.Ceiling(seconds / Math.Max(once, 1e-9)), 1.0, MostRepetitions);
    }

    private double Seconds(Action run, int repetitions)
    {
        long start = time.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
            run();
        return time.GetElapsedTime(start).TotalSeconds / repetitions;
    }

    private double Scaling() => scaling?.Invoke() ?? double.PositiveInfinity;
}
