using BenchmarkDotNet.Attributes;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Benchmarks;

/// <summary>One n × n matrix product, 2n³ flops: the floor every network product is measured against.</summary>
public class GemmBenchmarks
{
    private Compute _compute = null!;
    private (Tensor<double> A, Tensor<double> B, Tensor<double> C) _double;
    private (Tensor<float> A, Tensor<float> B, Tensor<float> C) _single;

    [Params(BlasChoice.OpenBlas, BlasChoice.Managed)]
    public BlasChoice Blas { get; set; }

    [Params(64, 512)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(BlasBackends.Load(Blas).Backend, Environment.ProcessorCount);
        _double = (Workload.Matrix<double>(Size, Size, "a"), Workload.Matrix<double>(Size, Size, "b"), new Tensor<double>(Size, Size));
        _single = (Workload.Matrix<float>(Size, Size, "a"), Workload.Matrix<float>(Size, Size, "b"), new Tensor<float>(Size, Size));
    }

    [Benchmark]
    public void Float64() => _compute.Multiply(1.0, _double.A.AsMatrix(), MatrixOp.None, _double.B.AsMatrix(), MatrixOp.None, 0.0, _double.C.AsMatrix());

    [Benchmark]
    public void Float32() => _compute.Multiply(1.0f, _single.A.AsMatrix(), MatrixOp.None, _single.B.AsMatrix(), MatrixOp.None, 0.0f, _single.C.AsMatrix());
}
