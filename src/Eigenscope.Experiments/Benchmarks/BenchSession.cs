using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Measures one row after another with the same clock, loads and loops.</summary>
internal sealed class BenchSession
{
    private readonly WindowSampler _sampler;
    private readonly int _windows;
    private readonly Dictionary<Precision, GemmLoad> _loads;
    private readonly Dictionary<Precision, List<Window>> _seen = new() { [Precision.Float32] = [], [Precision.Float64] = [] };

    public BenchSession(Compute compute, TimeProvider time, RandomStream random, int windows)
    {
        ChecksCores = compute.Threads > 1 && PhysicalCores.Count() > 1;
        _sampler = new WindowSampler(time, ChecksCores ? new CoreScaling(compute.Blas, time).Measure : null);
        _windows = windows;
        _loads = _seen.Keys.ToDictionary(static precision => precision, precision => GemmLoad.Create(precision, compute, random));
    }

    /// <summary>Whether windows are checked for a lost core: there is a second one, and it is used.</summary>
    public bool ChecksCores { get; }

    /// <summary>The rates over every window so far, in GFLOP/s.</summary>
    public GemmRates Rates => new(Rate(Precision.Float32), Rate(Precision.Float64));

    /// <summary>Measures the rates alone, so that they are there whatever rows are asked for.</summary>
    public void MeasureRates(CancellationToken cancellation)
    {
        foreach ((Precision precision, GemmLoad load) in _loads)
            _seen[precision].AddRange(_sampler.Sample(load.Run, load.Flops, load.Run, load.Run, 1, 1, cancellation));
    }

    /// <summary>Measures a row.</summary>
    public BenchRow Measure(BenchWorkload workload, BenchCase row, CancellationToken cancellation)
    {
        long bytes = workload.MeasureMemory(row);
        GemmLoad load = _loads[row.Precision];
        IReadOnlyList<Window> windows = _sampler.Sample(load.Run, load.Flops, workload.Gradient, workload.Prepare(row), row.Block, _windows, cancellation);
        _seen[row.Precision].AddRange(windows);
        WindowSummary summary = new(windows);
        int size = row.Precision == Precision.Float32 ? sizeof(float) : sizeof(double);
        return new BenchRow
        {
            Model = row.Model.Name,
            Operator = row.Operator,
            Precision = row.PrecisionName,
            Block = row.Block,
            Milliseconds = 1e3 * summary.Seconds,
            FloorMilliseconds = 1e3 * summary.FloorSeconds(row.Flops),
            RatioToFloor = summary.RatioToFloor(row.Flops),
            RatioToGradient = summary.RatioToGradient,
            PeakBytes = bytes,
            ActivationBytes = row.Model.ActivationCount * size,
            ParameterBytes = (long)workload.ParameterCount * size,
            WindowsKept = summary.Kept,
            WindowsDiscarded = summary.Discarded,
        };
    }

    private double Rate(Precision precision) => 1e-9 * new WindowSummary(_seen[precision]).GemmRate;
}
