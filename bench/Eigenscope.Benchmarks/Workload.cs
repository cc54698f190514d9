using System.Numerics;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Benchmarks;

/// <summary>The random matrices the benchmarks work on; the same in every run.</summary>
internal static class Workload
{
    private const ulong Seed = 20240613;

    public static Tensor<T> Matrix<T>(int rows, int columns, string label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<double> matrix = new(rows, columns);
        new RandomStream(Seed).Split(label).FillNormal(matrix.Span);
        return matrix.Convert<T>();
    }
}
