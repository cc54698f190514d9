using System.Globalization;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>The measurements as a report.</summary>
internal static class BenchReport
{
    private const double Mebibyte = 1 << 20;

    private static readonly SummaryColumn[] Columns =
    [
        new("operator", false), new("b", true), new("ms", true), new("floor", true), new("/floor", true), new("/grad", true), new("MiB", true), new("/act", true), new("kept", true),
    ];

    /// <summary>Creates the report.</summary>
    public static Report Create(BenchOptions options, RunSettings settings, RunHost host, BenchSession session, IReadOnlyList<BenchRow> rows, IReadOnlyList<BenchScaling>? scaling, bool isPartial) => new()
    {
        Command = "bench",
        Version = RunHost.Version,
        Environment = host.Describe(settings),
        Config = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["rows"] = options.Rows,
            ["precision"] = options.Precision,
            ["scaling"] = options.Scaling,
            ["windows"] = options.Windows,
            ["seed"] = settings.Seed,
            ["threads"] = host.Compute.Threads,
        },
        Result = new BenchResult(session.Rates, rows, scaling, isPartial),
        IsConverged = rows.All(static row => row.WindowsKept > 0) && (scaling ?? []).All(static series => series.Points.All(static point => point.WindowsKept > 0)),
        IsPartial = isPartial,
        Findings = [.. Findings(session, host, rows), .. BenchScalingReport.Findings(scaling ?? [])],
        Tables = [.. Tables(session.ChecksCores, rows), .. BenchScalingReport.Tables(scaling ?? [])],
    };

    private static List<string> Findings(BenchSession session, RunHost host, IReadOnlyList<BenchRow> rows)
    {
        GemmRates rates = session.Rates;
        List<string> findings = [string.Create(CultureInfo.InvariantCulture, $"{host.Compute.Blas.Description} on {host.Compute.Threads} threads multiplies large matrices at {rates.Float32:F0} GFLOP/s in float32 and {rates.Float64:F0} in float64.")];
        foreach (BenchRow row in rows.Where(static row => row.Operator is BenchCase.Hessian && row.Block == 1))
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"A Hessian product of {row.Model} in {row.Precision} takes {row.Milliseconds:F1} ms: {row.RatioToFloor:F2} times its matrix products alone, {row.RatioToGradient.Value:F2} gradients; it needs {(double)row.PeakBytes / row.ActivationBytes:F1} times the memory of the activations."));
        foreach (BenchRow row in rows.Where(static row => row.Operator is KernelBenchCase.Operator))
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"A kernel machine {row.Model} with its average gradient outer product takes {1e-3 * row.Milliseconds:F1} s: {row.RatioToFloor:F2} times its matrix products and its factorisation alone."));
        int disturbed = rows.Count(static row => row.WindowsKept == 0);
        if (disturbed > 0)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{disturbed} of {rows.Count} rows had no undisturbed window: their numbers are those of a machine that was busy or had lost a core."));
        return findings;
    }

    private static List<SummaryTable> Tables(bool checksCores, IReadOnlyList<BenchRow> rows)
    {
        List<SummaryTable> tables = [.. rows.GroupBy(static row => $"{row.Model}, {row.Precision}", StringComparer.Ordinal).Select(static group => new SummaryTable(group.Key, Columns, [.. group.Select(Row)], []))];
        if (tables.Count > 0)
            tables[^1] = tables[^1] with { Notes = Notes(checksCores) };
        return tables;
    }

    private static string[] Notes(bool checksCores) =>
    [
        "ms: milliseconds of one product; floor: the flops of its matrix products at the rate measured in the same windows; /grad: in gradients; MiB: managed memory of objective, linearisation and scratch, beyond the samples and vectors the caller holds; /act: the same over the activations, of a kernel machine over the kernel matrix.",
        "Convolutions count in the floor as matrix products of their unfolded patches. Those of whole vectors of channels are computed without unfolding where 512-bit vectors are there, faster than plain matrix products: ratios below 1 are right.",
        checksCores
            ? string.Create(CultureInfo.InvariantCulture, $"kept: windows that count, of those tried; in the others two single-threaded loops did less than {CoreScaling.Required} times the work of one. Numbers are medians.")
            : "kept: windows; whether a core was lost cannot be told with one thread or one core. Numbers are medians.",
    ];

    private static string[] Row(BenchRow row) =>
    [
        row.Operator,
        Format.Text(row.Block),
        Format.Text(row.Milliseconds),
        Format.Text(row.FloorMilliseconds),
        Fixed(row.RatioToFloor),
        row.RatioToGradient.Value is { } gradients ? Fixed(gradients) : "–",
        (row.PeakBytes / Mebibyte).ToString("F1", CultureInfo.InvariantCulture),
        ((double)row.PeakBytes / row.ActivationBytes).ToString("F1", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{row.WindowsKept}/{row.WindowsKept + row.WindowsDiscarded}"),
    ];

    private static string Fixed(double ratio) => ratio.ToString("F2", CultureInfo.InvariantCulture);
}
