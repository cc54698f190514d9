using System.Buffers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>The output positions of a slice of samples, a few at a time, and the scratch that holds the patches of those few.</summary>
internal readonly ref struct PatchChunks<T>
    where T : unmanaged
{
    // Bytes of patches at a time: they must stay in the second-level cache beside the result and the weight.
    private const int ChunkBytes = 128 * 1024;

    // With fewer rows, or with fewer than half as many as the weight has, reading the weight costs more than multiplying with it.
    private const int MinimumRows = 64;

    // Beyond this a product gets no faster, and patches only larger.
    private const int EnoughRows = 256;

    private readonly int _total;
    private readonly int _perSample;
    private readonly int _capacity;
    private readonly int _patchSize;
    private readonly T[] _scratch;

    /// <summary>Rents the scratch.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="samples">Samples of the slice.</param>
    /// <param name="contiguous">Whether samples follow each other without a gap, so that a chunk may reach over several.</param>
    public PatchChunks(ConvolutionShape shape, int samples, bool contiguous)
    {
        int positions = shape.Output.Positions;
        _total = checked(samples * positions);
        _perSample = contiguous ? int.MaxValue : positions;
        _patchSize = shape.PatchSize;
        int longest = Math.Min(_total, _perSample);
        _capacity = shape.IsPointwise ? longest : Math.Min(longest, Math.Max(Math.Clamp(shape.GroupOutputChannels / 2, MinimumRows, EnoughRows), ChunkBytes / (_patchSize * Size)));
        _scratch = shape.IsPointwise ? [] : ArrayPool<T>.Shared.Rent(_capacity * _patchSize);
    }

    private static unsafe int Size => sizeof(T);

    /// <summary>Positions of the chunk that starts at position <paramref name="first"/>; 0 after the last.</summary>
    public int Count(int first) => Math.Min(_capacity, Math.Min(_total - first, _perSample - (first % _perSample)));

    /// <summary>The scratch as a matrix with one patch a row.</summary>
    public MatrixSpan<T> Rows(int count) => new(_scratch, count, _patchSize);

    /// <summary>Gives the scratch back.</summary>
    public void Dispose()
    {
        if (_scratch.Length > 0)
            ArrayPool<T>.Shared.Return(_scratch);
    }
}
