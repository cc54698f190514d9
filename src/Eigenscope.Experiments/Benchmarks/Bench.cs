using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>
/// Measures products of curvature operators, and fits of kernel machines, against their floor: the time that their matrix products alone take at this machine's rate, measured in the same windows of time.
/// </summary>
public static class Bench
{
    /// <summary>Checks the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Where to compute; its precision is not used.</param>
    /// <exception cref="UsageException">Something is wrong; the message names it.</exception>
    public static void Validate(BenchOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        RunSettingsCheck.Validate(settings);
        if (options.Precision is not (null or "float32" or "float64"))
            throw new UsageException($"--precision must be float32 or float64, got '{options.Precision}'");
        if (options.Windows < 1)
            throw new UsageException(FormattableString.Invariant($"--windows must be at least 1, got {options.Windows}"));
        if (Select(BenchModel.All, options).Count == 0 && Select(KernelBenchCase.All, options).Count == 0)
            throw new UsageException($"--rows: no row has the words '{options.Rows}' in its name; rows have names like '{BenchCase.All(BenchModel.All)[2].Name}'");
    }

    /// <summary>Measures.</summary>
    /// <param name="options">Which rows, and how many windows.</param>
    /// <param name="settings">Seed, threads and kernels.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops between windows; the rows that are done are reported as partial.</param>
    /// <returns>The report; its result is a <see cref="BenchResult"/>.</returns>
    /// <exception cref="UsageException">Something is wrong with the options.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the rate of matrix products was known.</exception>
    public static Report Run(BenchOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        Validate(options, settings);
        Precision precision = options.Precision is "float64" ? Precision.Float64 : Precision.Float32;
        return Run(BenchModel.All, KernelBenchCase.All, options.Scaling ? ScalingSeries.All(precision) : null, options, settings, time, progress, cancellation);
    }

    /// <summary>Measures given models and, unless null, series.</summary>
    internal static Report Run(
        IReadOnlyList<BenchModel> models, IReadOnlyList<KernelBenchCase> kernels, IReadOnlyList<ScalingSeries>? series, BenchOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RunHost host = RunHost.Start(settings);
        RandomStream random = new RandomStream(settings.Seed).Split("bench");
        BenchSession session = new(host.Compute, time, random, options.Windows);
        session.MeasureRates(cancellation);
        Measurements done = new();
        bool isPartial = false;
        try
        {
            MeasureRows(session, Select(models, options), host.Compute, random, progress, done, cancellation);
            foreach (KernelBenchCase next in Select(kernels, options))
            {
                progress?.Report(new RunProgress(next.Name, done.Rows.Count / (done.Rows.Count + 1.0), ""));
                done.Rows.Add(session.Measure(next, cancellation));
            }
            foreach (ScalingSeries next in series ?? [])
            {
                progress?.Report(new RunProgress($"scaling with {next.Quantity}, {next.Name}", (double)done.Scaling.Count / (series?.Count ?? 1), ""));
                done.Scaling.Add(session.Measure(next, cancellation));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isPartial = true;
        }
        return BenchReport.Create(options, settings, host, session, done.Rows, series is null ? null : done.Scaling, isPartial);
    }

    private static void MeasureRows(BenchSession session, IReadOnlyList<BenchCase> cases, Compute compute, RandomStream random, IProgress<RunProgress>? progress, Measurements done, CancellationToken cancellation)
    {
        foreach (IGrouping<(BenchModel, Precision), BenchCase> group in cases.GroupBy(static row => (row.Model, row.Precision)))
        {
            BenchWorkload workload = new(group.Key.Item1, group.Key.Item2, compute, random);
            foreach (BenchCase row in group)
            {
                progress?.Report(new RunProgress(row.Name, (double)done.Rows.Count / cases.Count, ""));
                done.Rows.Add(session.Measure(workload, row, cancellation));
            }
        }
    }

    private static List<BenchCase> Select(IReadOnlyList<BenchModel> models, BenchOptions options) => [.. BenchCase.All(models).Where(row => row.Matches(options))];

    private static List<KernelBenchCase> Select(IReadOnlyList<KernelBenchCase> kernels, BenchOptions options) => [.. kernels.Where(row => options.Asks(row.Name, KernelBenchCase.Precision))];

    /// <summary>What is measured so far.</summary>
    private sealed class Measurements
    {
        public List<BenchRow> Rows { get; } = [];

        public List<BenchScaling> Scaling { get; } = [];
    }
}
