namespace Eigenscope.Learning.Kernels;

/// <summary>What conjugate gradients do with the memory they are given.</summary>
/// <param name="BlockRows">Rows of the kernel matrix that a thread computes at a time.</param>
/// <param name="KeptEntries">Entries of its lower triangle that are kept in single precision.</param>
/// <param name="Landmarks">Landmarks of the preconditioner.</param>
internal sealed record RidgeBudget(int BlockRows, long KeptEntries, int Landmarks)
{
    // Of a block of rows each thread holds the values and, where they are not kept, their copy in the precision multiplied in.
    private const int BytesOfABlocksEntry = 2 * sizeof(double);

    // Blocks take at most this share.
    private const int BlockShare = 4;

    // Beyond a quarter of the points, building the preconditioner costs as much as the factorisation.
    private const int LandmarkShare = 4;
    private const int FewestLandmarks = 256;

    /// <summary>Blocks of all threads are taken off first, then the matrix in single precision where all of it fits beside some landmarks, else half of what is left; landmarks take the rest.</summary>
    /// <exception cref="ArgumentException">Not even blocks of one row fit.</exception>
    public static RidgeBudget Of(int points, RidgeOptions options, int threads)
    {
        long row = (long)BytesOfABlocksEntry * points * threads;
        if (options.MemoryBytes < RidgeOptions.LeastMemory(points, threads))
            throw new ArgumentException($"expected memory of at least {RidgeOptions.LeastMemory(points, threads)} bytes for {points} points on {threads} threads, one row of the kernel matrix for each, got {options.MemoryBytes}", nameof(options));
        int blockRows = (int)Math.Clamp(options.MemoryBytes / BlockShare / row, 1, KernelGeometry.BlockRows);
        long left = options.MemoryBytes - (row * blockRows), whole = sizeof(float) * KernelOperator<float>.Entries(points, blockRows);
        long kept = whole + (sizeof(double) * (long)points * FewestLandmarks) <= left && whole / sizeof(float) <= Array.MaxLength ? whole : Math.Min(left / 2, sizeof(float) * (long)Array.MaxLength);
        return new RidgeBudget(blockRows, kept / sizeof(float), Math.Min(options.Landmarks ?? MostLandmarks(points, left - kept), points));
    }

    // m with n·m numbers of the preconditioner's factor and 2 m² of its two small matrices in so many bytes.
    private static int MostLandmarks(int points, long bytes)
    {
        double room = bytes / (double)sizeof(double), n = points;
        double most = (Math.Sqrt((n * n) + (8.0 * room)) - n) / 4.0;
        return (int)Math.Clamp(most, 1.0, Math.Max(1.0, points / LandmarkShare));
    }
}
