using BenchmarkDotNet.Attributes;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Benchmarks;

/// <summary>The eigensolver's own cost: a diagonal operator's product costs next to nothing.</summary>
public class LanczosBenchmarks
{
    private const int Dimension = 20_000;
    private Compute _compute = null!;
    private DiagonalOperator _operator = null!;

    [Params(10, 50)]
    public int Top { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, Environment.ProcessorCount);
        // A few outliers over a bulk, as a Hessian has them.
        _operator = new DiagonalOperator([.. Enumerable.Range(0, Dimension).Select(i => i < 100 ? 10.0 / (i + 1) : 0.05 * i / Dimension)]);
    }

    [Benchmark]
    public EigenPairs Solve() =>
        SymmetricEigensolver.Solve(_operator, new EigenOptions { Top = Top, KeepVectors = false }, _compute, new RandomStream(1));
}
