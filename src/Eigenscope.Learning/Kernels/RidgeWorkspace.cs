using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// The large arrays of one ridge regression after another: a fit takes over those of the fit before it, of the same sizes, so that a chain of fits holds them once however late the garbage collector comes. Not for two fits at a time.
/// </summary>
internal sealed class RidgeWorkspace
{
    private double[] _matrix = [];
    private double[] _factor = [];
    private float[] _kept = [];
    private double[][] _blocks = [];

    /// <summary>The kernel matrix of n points; content undefined.</summary>
    public Tensor<double> Matrix(int points) => new(Take(ref _matrix, (long)points * points), points, points);

    /// <summary>The preconditioner's factor for n points and m landmarks; content undefined.</summary>
    public Tensor<double> Factor(int points, int landmarks) => new(Take(ref _factor, (long)points * landmarks), points, landmarks);

    /// <summary>What is kept of the kernel matrix in single precision; content undefined.</summary>
    public float[] Kept(long entries) => Take(ref _kept, entries);

    /// <summary>A block of kernel values for each thread; content undefined.</summary>
    public double[][] Blocks(int threads, long entries)
    {
        if (_blocks.Length != threads || _blocks[0].Length != entries)
            _blocks = [.. Enumerable.Range(0, threads).Select(_ => GC.AllocateUninitializedArray<double>(checked((int)entries)))];
        return _blocks;
    }

    private static T[] Take<T>(ref T[] array, long length)
    {
        if (array.Length != length)
            array = [];
        return array.Length == length ? array : array = GC.AllocateUninitializedArray<T>(checked((int)length));
    }
}
