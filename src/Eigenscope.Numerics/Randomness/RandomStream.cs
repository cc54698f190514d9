using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Eigenscope.Numerics.Randomness;

/// <summary>State of a <see cref="RandomStream"/>: enough to go on to the same bits.</summary>
/// <param name="Key">The stream's key.</param>
/// <param name="Position">Number of 64-bit words drawn.</param>
public sealed record RandomStreamState(ulong Key, ulong Position);

/// <summary>
/// A seeded, splittable stream of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), a counter-based generator whose
/// state is a key and a position. A child made by <see cref="Split"/> depends on the parent's key and the label only, not on how much the parent has drawn:
/// adding a draw in one place never changes another. Not safe for use from several threads; give each its own child.
/// </summary>
public sealed class RandomStream
{
    private readonly ulong _key;
    private ulong _position;
    private ulong _spare;

    /// <summary>Creates the stream of a seed.</summary>
    /// <param name="seed">Any number; equal seeds give equal streams.</param>
    public RandomStream(ulong seed)
        : this(new RandomStreamState(seed, 0))
    {
    }

    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">A state from <see cref="State"/>.</param>
    public RandomStream(RandomStreamState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _key = state.Key;
        _position = state.Position;
        if ((_position & 1) == 1)
            _spare = Philox.Block(_key, _position >> 1).High;
    }

    /// <summary>The state now.</summary>
    public RandomStreamState State => new(_key, _position);

    /// <summary>An independent stream named by a label.</summary>
    /// <param name="label">What the child is for: "initialisation", "batches".</param>
    /// <returns>A child at position 0, the same whatever this stream has drawn.</returns>
    public RandomStream Split(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        byte[] name = Encoding.UTF8.GetBytes(label);
        byte[] material = new byte[8 + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(material, _key);
        name.CopyTo(material, 8);
        return new RandomStream(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(material)));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong position = _position++;
        if ((position & 1) == 1)
            return _spare;
        (ulong low, _spare) = Philox.Block(_key, position >> 1);
        return low;
    }

    /// <summary>Uniform on [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 … <paramref name="exclusiveMaximum"/> − 1, without bias.</summary>
    /// <param name="exclusiveMaximum">Number of outcomes, ≥ 1.</param>
    public int NextInt32(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        ulong range = (ulong)exclusiveMaximum;
        ulong limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong draw = NextUInt64();
        while (draw >= limit)
            draw = NextUInt64();
        return (int)(draw % range);
    }

    /// <summary>Standard normal by Box–Muller; each draw uses two words, so that the position alone is the state.</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>Fills a span with independent normals of mean 0.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="standardDeviation">Standard deviation, ≥ 0.</param>
    public void FillNormal(Span<double> destination, double standardDeviation = 1.0)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = standardDeviation * NextNormal();
    }

    /// <summary>Fills a span with independent signs, ±1 (Rademacher).</summary>
    /// <param name="destination">Where to write.</param>
    public void FillSigns(Span<double> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (NextUInt64() >> 63) == 0 ? 1.0 : -1.0;
    }

    /// <summary>A uniformly random order (Fisher–Yates).</summary>
    /// <typeparam name="TItem">Item type.</typeparam>
    /// <param name="items">Reordered in place.</param>
    public void Shuffle<TItem>(Span<TItem> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
