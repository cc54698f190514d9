using BenchmarkDotNet.Attributes;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Benchmarks;

/// <summary>Dense symmetric eigendecomposition with vectors; the copy of the matrix it destroys is part of the time.</summary>
public class SymmetricEigenBenchmarks
{
    private BlasBackend _blas = null!;
    private Tensor<double> _matrix = null!;
    private Tensor<double> _scratch = null!;
    private double[] _values = [];

    [Params(BlasChoice.OpenBlas, BlasChoice.Managed)]
    public BlasChoice Blas { get; set; }

    [Params(100, 500)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _blas = BlasBackends.Load(Blas).Backend;
        _matrix = Workload.Matrix<double>(Size, Size, "symmetric");
        _scratch = new Tensor<double>(Size, Size);
        _values = new double[Size];
    }

    // Only the lower triangle is read: the random matrix need not be made symmetric.
    [Benchmark]
    public double[] Decompose()
    {
        _matrix.Span.CopyTo(_scratch.Span);
        _blas.SymmetricEigen(_scratch.AsMatrix(), _values);
        return _values;
    }
}
