using System.Numerics;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Dropout (Srivastava et al., JMLR 15, 2014), "inverted": in a training step each entry is zeroed with probability <see cref="Rate"/> and the others are divided by 1 − rate, so that the mean stays.
/// Wherever a network is measured or differentiated it is the identity. The mask is a function of the run's key, the step, the layer and the entry's place in the batch: the number of threads does not change it.
/// </summary>
public sealed class DropoutLayer : ElementwiseLayer
{
    private readonly uint _threshold;

    internal DropoutLayer(string name, int size, double rate)
        : base(name, size)
    {
        RequireRate(rate, nameof(rate));
        Rate = rate;
        _threshold = (uint)(rate * (1UL << 32));
    }

    /// <summary>Probability that an entry is zeroed in a training step, in [0, 1); resolved to 2⁻³².</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => true;

    internal override int StashSize => 0;

    internal static void RequireRate(double rate, string name)
    {
        if (rate is not (>= 0.0 and < 1.0))
            throw new ArgumentOutOfRangeException(name, rate, "expected the share of entries to drop, a number in [0, 1)");
    }

    /// <summary>r ← mask ⊙ v / (1 − rate) for whole rows, the first of which is row <paramref name="firstRow"/> of the batch; r may be v. The mask is symmetric: this is the pullback too.</summary>
    internal void ApplyMask<T>(ulong key, long firstRow, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Two entries to a word of the stream, and a row starts at a word: so any row can be drawn by itself.
        ulong wordsPerRow = (ulong)((OutputSize + 1) / 2);
        RandomStream random = new(new RandomStreamState(key, (ulong)firstRow * wordsPerRow));
        T scale = T.CreateTruncating(1.0 / (1.0 - Rate));
        for (int row = 0; row < v.Length; row += OutputSize)
        {
            ReadOnlySpan<T> source = v.Slice(row, OutputSize);
            Span<T> target = r.Slice(row, OutputSize);
            for (int i = 0; i < source.Length; i += 2)
            {
                ulong word = random.NextUInt64();
                target[i] = (uint)word < _threshold ? T.Zero : scale * source[i];
                if (i + 1 < source.Length)
                    target[i + 1] = (uint)(word >> 32) < _threshold ? T.Zero : scale * source[i + 1];
            }
        }
    }

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) => x.CopyTo(y);

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) => v.CopyTo(r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
    {
        // The identity has no curvature.
    }
}
