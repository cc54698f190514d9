using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>The block a warm solve starts from: what the caller gave, and a little of everything else.</summary>
internal static class StartBlock
{
    // A direction the caller did not give is amplified from the first step on, and what was given is hardly disturbed.
    private const double RandomShare = 1e-3;

    // Neighbours closer than this share of the largest |value| take many steps to tell apart within one vector.
    private const double ClusterShare = 1e-2;

    public static bool HasVectors(EigenPairs pairs) =>
        (pairs.Values.Count == 0 || pairs.Vectors is not null) && (pairs.Smallest.Count == 0 || pairs.SmallestVectors is not null);

    /// <summary>
    /// Sums the given vectors with random signs into as few as the block size, or as many as the largest cluster of values has members: a Krylov space from b vectors sees b copies of an eigenvalue. Vector i, in the order of the
    /// values, goes into sum i mod their number, so that neighbours are kept apart. Each sum has a random part of relative length 10⁻³.
    /// </summary>
    /// <returns>The sums as rows, or null when no pair was given.</returns>
    public static Tensor<double>? From(EigenPairs? given, LanczosPlan plan, RandomStream random)
    {
        if (given is null || given.Values.Count + given.Smallest.Count == 0)
            return null;
        int members = Math.Max(LargestCluster(given.Values), LargestCluster(given.Smallest));
        int wanted = Math.Clamp(members, plan.BlockSize, plan.MaxPending + plan.WideBlock);
        int count = Math.Min(wanted, Math.Min(given.Values.Count + given.Smallest.Count, given.Dimension));
        Tensor<double> block = new(count, given.Dimension);
        random.FillNormal(block.Span, RandomShare / Math.Sqrt(given.Dimension));
        int next = 0;
        for (int i = 0; i < given.Values.Count; i++)
            Add(given.Vectors!.Row(i), block.Row(next++ % count), random);
        for (int i = 0; i < given.Smallest.Count; i++)
            Add(given.SmallestVectors!.Row(i), block.Row(next++ % count), random);
        return block;
    }

    private static void Add(ReadOnlySpan<double> vector, Span<double> sum, RandomStream random) =>
        Primitives.MultiplyAdd(vector, (random.NextUInt64() >> 63) == 0 ? 1.0 : -1.0, sum, sum);

    private static int LargestCluster(IReadOnlyList<double> sorted)
    {
        double distance = ClusterShare * sorted.Select(Math.Abs).DefaultIfEmpty(0.0).Max();
        int largest = 0;
        int size = 0;
        for (int i = 0; i < sorted.Count; i++)
        {
            size = i > 0 && Math.Abs(sorted[i] - sorted[i - 1]) <= distance ? size + 1 : 1;
            largest = Math.Max(largest, size);
        }
        return largest;
    }
}
