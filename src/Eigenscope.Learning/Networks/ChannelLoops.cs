using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Loops over entries that lie channel after channel, position after position, with coefficients per channel. Coefficients come as tiles, a channel vector repeated until it fills
/// a few hardware vectors; data is walked tile by tile. Sums are taken in double.
/// </summary>
internal static class ChannelLoops
{
    private const int ShortestTile = 64;
    private const int WidestVector = 16;

    /// <summary>Entries of a tile: a multiple of the channels, and of the hardware's vector where channels are few.</summary>
    public static int TileLength(int channels)
    {
        if (channels >= ShortestTile)
            return channels;
        int repeats = (ShortestTile + channels - 1) / channels;
        return channels * ((repeats + WidestVector - 1) / WidestVector * WidestVector);
    }

    /// <summary>Repeats the first <paramref name="channels"/> entries over the whole tile.</summary>
    public static void Repeat<T>(Span<T> tile, int channels)
    {
        for (int start = channels; start < tile.Length; start += channels)
            tile[..channels].CopyTo(tile[start..]);
    }

    /// <summary>r ← (x − mean) slope + shift.</summary>
    public static void Affine<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> slope, ReadOnlySpan<T> shift, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T rm = ref MemoryMarshal.GetReference(mean), rg = ref MemoryMarshal.GetReference(slope), rs = ref MemoryMarshal.GetReference(shift);
        for (int start = 0; start < x.Length; start += mean.Length)
        {
            int count = Math.Min(mean.Length, x.Length - start);
            ref T rx = ref Unsafe.AsRef(in x[start]);
            ref T rr = ref r[start];
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
                (((Load(ref rx, i) - Load(ref rm, i)) * Load(ref rg, i)) + Load(ref rs, i)).StoreUnsafe(ref rr, (nuint)i);
            for (; i < count; i++)
                Unsafe.Add(ref rr, i) = ((Unsafe.Add(ref rx, i) - Unsafe.Add(ref rm, i)) * Unsafe.Add(ref rg, i)) + Unsafe.Add(ref rs, i);
        }
    }

    /// <summary>r ← v scale + (x − mean) slope + shift; r may be v.</summary>
    public static void Combine<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> x, ReadOnlySpan<T> scale, ReadOnlySpan<T> mean, ReadOnlySpan<T> slope, ReadOnlySpan<T> shift, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T ra = ref MemoryMarshal.GetReference(scale), rm = ref MemoryMarshal.GetReference(mean);
        ref T rg = ref MemoryMarshal.GetReference(slope), rs = ref MemoryMarshal.GetReference(shift);
        for (int start = 0; start < x.Length; start += mean.Length)
        {
            int count = Math.Min(mean.Length, x.Length - start);
            ref T rv = ref Unsafe.AsRef(in v[start]);
            ref T rx = ref Unsafe.AsRef(in x[start]);
            ref T rr = ref r[start];
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> affine = ((Load(ref rx, i) - Load(ref rm, i)) * Load(ref rg, i)) + Load(ref rs, i);
                (affine + (Load(ref rv, i) * Load(ref ra, i))).StoreUnsafe(ref rr, (nuint)i);
            }
            for (; i < count; i++)
            {
                T affine = ((Unsafe.Add(ref rx, i) - Unsafe.Add(ref rm, i)) * Unsafe.Add(ref rg, i)) + Unsafe.Add(ref rs, i);
                Unsafe.Add(ref rr, i) = affine + (Unsafe.Add(ref rv, i) * Unsafe.Add(ref ra, i));
            }
        }
    }

    /// <summary>r ← v scale + shift; r may be v.</summary>
    public static void Scale<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < v.Length; start += scale.Length)
        {
            int count = Math.Min(scale.Length, v.Length - start);
            TensorPrimitives.MultiplyAdd(v.Slice(start, count), scale[..count], shift[..count], r.Slice(start, count));
        }
    }

    /// <summary>r ← r + v scale.</summary>
    public static void AddScaled<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> scale, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < v.Length; start += scale.Length)
        {
            int count = Math.Min(scale.Length, v.Length - start);
            Span<T> target = r.Slice(start, count);
            TensorPrimitives.MultiplyAdd(v.Slice(start, count), scale[..count], target, target);
        }
    }

    /// <summary>Per channel, first ← Σ v and second ← Σ v (x − mean), over all positions; the tiles of sums are folded into their first <paramref name="channels"/> entries.</summary>
    public static void Correlate<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, int channels, Span<double> first, Span<double> second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        first.Clear();
        second.Clear();
        ref T rm = ref MemoryMarshal.GetReference(mean);
        for (int start = 0; start < x.Length; start += mean.Length)
        {
            int count = Math.Min(mean.Length, x.Length - start);
            ref T rv = ref Unsafe.AsRef(in v[start]);
            ref T rx = ref Unsafe.AsRef(in x[start]);
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> value = Load(ref rv, i);
                Accumulate(value, first, i);
                Accumulate(value * (Load(ref rx, i) - Load(ref rm, i)), second, i);
            }
            for (; i < count; i++)
            {
                T value = Unsafe.Add(ref rv, i);
                first[i] += double.CreateTruncating(value);
                second[i] += double.CreateTruncating(value * (Unsafe.Add(ref rx, i) - Unsafe.Add(ref rm, i)));
            }
        }
        Fold(first, channels);
        Fold(second, channels);
    }

    /// <summary>Per channel, first ← Σ (x − origin) and second ← Σ (x − origin)², the differences taken in double; folded as in <see cref="Correlate"/>.</summary>
    public static void Moments<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> origin, int channels, Span<double> first, Span<double> second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        first.Clear();
        second.Clear();
        ref T ro = ref MemoryMarshal.GetReference(origin);
        for (int start = 0; start < x.Length; start += origin.Length)
        {
            int count = Math.Min(origin.Length, x.Length - start);
            ref T rx = ref Unsafe.AsRef(in x[start]);
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                if (typeof(T) == typeof(float))
                {
                    Vector.Widen(Load(ref Unsafe.As<T, float>(ref rx), i), out Vector<double> low, out Vector<double> high);
                    Vector.Widen(Load(ref Unsafe.As<T, float>(ref ro), i), out Vector<double> lowOrigin, out Vector<double> highOrigin);
                    AddMoments(low - lowOrigin, first, second, i);
                    AddMoments(high - highOrigin, first, second, i + Vector<double>.Count);
                }
                else
                {
                    AddMoments(Load(ref Unsafe.As<T, double>(ref rx), i) - Load(ref Unsafe.As<T, double>(ref ro), i), first, second, i);
                }
            }
            for (; i < count; i++)
            {
                double difference = double.CreateTruncating(Unsafe.Add(ref rx, i)) - double.CreateTruncating(Unsafe.Add(ref ro, i));
                first[i] += difference;
                second[i] += difference * difference;
            }
        }
        Fold(first, channels);
        Fold(second, channels);
    }

    private static void Fold(Span<double> tile, int channels)
    {
        for (int start = channels; start < tile.Length; start += channels)
            TensorPrimitives.Add(tile[..channels], tile.Slice(start, channels), tile[..channels]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMoments(Vector<double> difference, Span<double> first, Span<double> second, int i)
    {
        Add(difference, first, i);
        Add(difference * difference, second, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(Vector<T> value, Span<double> sums, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(Vector.AsVectorSingle(value), out Vector<double> low, out Vector<double> high);
            Add(low, sums, i);
            Add(high, sums, i + Vector<double>.Count);
        }
        else
        {
            Add(Vector.AsVectorDouble(value), sums, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector<double> value, Span<double> sums, int i)
    {
        ref double target = ref sums[i];
        (Vector.LoadUnsafe(ref target) + value).StoreUnsafe(ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ref T start, int index)
        where T : unmanaged => Vector.LoadUnsafe(ref start, (nuint)index);
}
