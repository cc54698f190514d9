using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Cuts N samples into mini-batches. The last batch holds what is left and may be smaller; each batch is averaged over its own samples.
/// The order of an epoch depends on the stream's key and the epoch's number only, so that a resumed run goes on in the same order.
/// </summary>
public sealed class BatchPlan
{
    /// <summary>Creates a plan.</summary>
    /// <param name="sampleCount">N ≥ 1.</param>
    /// <param name="batchSize">Samples in a batch, ≥ 1; a batch never holds more than N.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public BatchPlan(int sampleCount, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        SampleCount = sampleCount;
        BatchSize = Math.Min(batchSize, sampleCount);
    }

    /// <summary>Number of samples, N.</summary>
    public int SampleCount { get; }

    /// <summary>Samples in every batch but the last.</summary>
    public int BatchSize { get; }

    /// <summary>Number of batches in an epoch.</summary>
    public int BatchCount => ((SampleCount - 1) / BatchSize) + 1;

    /// <summary>Where a batch lies in an epoch's order.</summary>
    /// <param name="batch">The batch, 0 … <see cref="BatchCount"/> − 1.</param>
    /// <returns>First position and number of samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such batch.</exception>
    public (int Start, int Count) Range(int batch)
    {
        if ((uint)batch >= (uint)BatchCount)
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"expected a batch in 0 … {BatchCount - 1}");
        int start = batch * BatchSize;
        return (start, Math.Min(BatchSize, SampleCount - start));
    }

    /// <summary>Writes the order of an epoch: a uniformly random permutation of 0 … N − 1.</summary>
    /// <param name="order">Where to write, N entries.</param>
    /// <param name="epoch">The epoch's number, ≥ 0.</param>
    /// <param name="random">The stream of the run's batches; only its key is used, nothing is drawn from it.</param>
    /// <exception cref="ArgumentException"><paramref name="order"/> has another length than N.</exception>
    public void Shuffle(Span<int> order, int epoch, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (order.Length != SampleCount)
            throw new ArgumentException($"expected {SampleCount} entries, got {order.Length}", nameof(order));
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        random.Split(FormattableString.Invariant($"epoch {epoch}")).Shuffle(order);
    }
}
