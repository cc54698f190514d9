using Eigenscope.Analysis;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Measures one row after another with the same clock, loads and loops.</summary>
internal sealed class BenchSession
{
    private const double EigenTolerance = 1e-6;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly WindowSampler _sampler;
    private readonly int _windows;
    private readonly Dictionary<Precision, GemmLoad> _loads;
    private readonly Dictionary<Precision, List<Window>> _seen = new() { [Precision.Float32] = [], [Precision.Float64] = [] };

    public BenchSession(Compute compute, TimeProvider time, RandomStream random, int windows)
    {
        _compute = compute;
        _random = random;
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
        WindowSummary summary = Sample(row.Precision, workload, workload.Prepare(row), row.Block, cancellation);
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
            RatioToGradient = Number.Of(summary.RatioToGradient),
            PeakBytes = bytes,
            ActivationBytes = row.Model.ActivationCount * size,
            ParameterBytes = (long)workload.ParameterCount * size,
            WindowsKept = summary.Kept,
            WindowsDiscarded = summary.Discarded,
        };
    }

    /// <summary>Measures a kernel machine.</summary>
    public BenchRow Measure(KernelBenchCase row, CancellationToken cancellation)
    {
        KernelWorkload workload = new(row, _compute, _random.Split(row.Model));
        long bytes = workload.MeasureMemory();
        GemmLoad load = _loads[Precision.Float64];
        IReadOnlyList<Window> windows = _sampler.Sample(load.Run, load.Flops, static () => { }, () => workload.Run(), 1, _windows, cancellation);
        _seen[Precision.Float64].AddRange(windows);
        WindowSummary summary = new(windows);
        return new BenchRow
        {
            Model = row.Model,
            Operator = KernelBenchCase.Operator,
            Precision = KernelBenchCase.Precision,
            Block = 1,
            Milliseconds = 1e3 * summary.Seconds,
            FloorMilliseconds = 1e3 * summary.FloorSeconds(row.Flops),
            RatioToFloor = summary.RatioToFloor(row.Flops),
            RatioToGradient = Number.Undefined("a kernel machine is not fitted by gradients"),
            PeakBytes = bytes,
            ActivationBytes = sizeof(double) * (long)row.Points * row.Points,
            ParameterBytes = sizeof(double) * (long)row.Points * row.Outputs,
            WindowsKept = summary.Kept,
            WindowsDiscarded = summary.Discarded,
        };
    }

    /// <summary>Measures how a cost grows.</summary>
    public BenchScaling Measure(ScalingSeries series, CancellationToken cancellation)
    {
        BenchScalingPoint[] points = [.. series.Points.Select(point => Measure(series, point, cancellation))];
        PowerLaw law = PowerLaw.Fit([.. points.Select(static point => (point.Value, point.Milliseconds))]);
        return new BenchScaling
        {
            Model = series.Name,
            Operator = series.Operator,
            Precision = series.Precision.ToString().ToLowerInvariant(),
            Quantity = series.Quantity,
            Points = points,
            Exponent = law.Exponent,
            StandardError = law.StandardError,
        };
    }

    private BenchScalingPoint Measure(ScalingSeries series, ScalingCase point, CancellationToken cancellation)
    {
        BenchWorkload workload = new(point.Model, series.Precision, _compute, _random);
        Action run = series.Quantity is ScalingSeries.Eigenpairs
            ? workload.PrepareSolve(new EigenOptions { Top = point.Value, Tolerance = EigenTolerance })
            : workload.Prepare(new BenchCase(point.Model, series.Precision, BenchCase.Hessian, point.Block, point.Model.HessianFlops));
        WindowSummary summary = Sample(series.Precision, workload, run, 1, cancellation);
        return new BenchScalingPoint(point.Value, 1e3 * summary.Seconds, summary.Kept);
    }

    private WindowSummary Sample(Precision precision, BenchWorkload workload, Action run, int block, CancellationToken cancellation)
    {
        GemmLoad load = _loads[precision];
        IReadOnlyList<Window> windows = _sampler.Sample(load.Run, load.Flops, workload.Gradient, run, block, _windows, cancellation);
        _seen[precision].AddRange(windows);
        return new WindowSummary(windows);
    }

    private double Rate(Precision precision) => 1e-9 * new WindowSummary(_seen[precision]).GemmRate;
}
