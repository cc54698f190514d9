using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>A large matrix product over all threads, split as every product of the program is: its rate is the floor's.</summary>
internal sealed class GemmLoad
{
    private const int NativeSize = 2000;

    // The managed kernels reach their rate at this size already, and would take seconds at the other.
    private const int ManagedSize = 768;

    private GemmLoad(Action run, int size)
    {
        Run = run;
        Flops = 2.0 * size * size * size;
    }

    /// <summary>Multiplies once.</summary>
    public Action Run { get; }

    /// <summary>Flops of one product.</summary>
    public double Flops { get; }

    /// <summary>Creates the load.</summary>
    public static GemmLoad Create(Precision precision, Compute compute, RandomStream random)
    {
        int size = compute.Blas.Kind == BlasKind.OpenBlas ? NativeSize : ManagedSize;
        return new GemmLoad(precision == Precision.Float32 ? Product<float>(compute, size, random) : Product<double>(compute, size, random), size);
    }

    private static Action Product<T>(Compute compute, int size, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<double> draw = new(size, size);
        random.Split("gemm").FillNormal(draw.Span);
        Tensor<T> a = draw.Convert<T>();
        Tensor<T> b = a.Clone();
        Tensor<T> c = new(size, size);
        return () => compute.Multiply(T.One, a.AsMatrix(), MatrixOp.None, b.AsMatrix(), MatrixOp.None, T.Zero, c.AsMatrix());
    }
}
