using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>
/// Whether two cores are really there: a virtual machine loses one now and then without any counter showing it. A loop of small single-threaded matrix products is timed alone and
/// then beside a second one; undisturbed, the pair does nearly twice the work in the same time.
/// </summary>
internal sealed class CoreScaling
{
    /// <summary>Below this two loops were not running at once.</summary>
    public const double Required = 1.8;

    private const int Size = 192;
    private const double LoopSeconds = 0.025;

    // Reached only with a clock that stands still.
    private const int MostRepetitions = 10_000;
    private readonly BlasBackend _blas;
    private readonly Compute _pair;
    private readonly TimeProvider _time;
    private readonly double[] _a = [.. Enumerable.Repeat(1.0 / Size, Size * Size)];
    private readonly double[][] _results = [new double[Size * Size], new double[Size * Size]];

    public CoreScaling(BlasBackend blas, TimeProvider time)
    {
        _blas = blas;
        _pair = new Compute(blas, 2);
        _time = time;
    }

    /// <summary>Measures once, in about twice <see cref="LoopSeconds"/>.</summary>
    /// <returns>Work done by two loops at once over that of one in the same time, near 2 or near 1; 0 when the clock does not tell.</returns>
    public double Measure()
    {
        (int count, double alone) = RunFor(LoopSeconds);
        long start = _time.GetTimestamp();
        _pair.ForEachPart(2, part => Repeat(part, count));
        double together = _time.GetElapsedTime(start).TotalSeconds;
        return together > 0.0 ? 2.0 * alone / together : 0.0;
    }

    private (int Count, double Seconds) RunFor(double seconds)
    {
        Repeat(0, 1);
        int count = 0;
        long start = _time.GetTimestamp();
        double elapsed;
        do
        {
            Repeat(0, 1);
            count++;
            elapsed = _time.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds && count < MostRepetitions);
        return (count, elapsed);
    }

    private void Repeat(int part, int count)
    {
        ReadOnlyMatrixSpan<double> a = new(_a, Size, Size);
        for (int i = 0; i < count; i++)
            _blas.Multiply(1.0, a, MatrixOp.None, a, MatrixOp.None, 0.0, new MatrixSpan<double>(_results[part], Size, Size));
    }
}
