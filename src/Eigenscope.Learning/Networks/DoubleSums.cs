using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Eigenscope.Learning.Networks;

/// <summary>Sums of numbers of either precision, accumulated in double.</summary>
internal static class DoubleSums
{
    /// <summary>sums[i] += values[i].</summary>
    public static void Add<T>(ReadOnlySpan<T> values, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            Add(MemoryMarshal.Cast<T, float>(values), sums);
        else
            TensorPrimitives.Add(sums, MemoryMarshal.Cast<T, double>(values), sums);
    }

    // Not TensorPrimitives' sums: their order depends on where the numbers lie in memory.

    /// <summary>Σ values[i], in an order that depends on the length alone.</summary>
    public static double Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Sum(MemoryMarshal.Cast<T, float>(values)) : Sum(MemoryMarshal.Cast<T, double>(values));

    /// <summary>Σ a[i] b[i], in an order that depends on the length alone.</summary>
    public static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Dot(MemoryMarshal.Cast<T, float>(a), MemoryMarshal.Cast<T, float>(b)) : Dot(MemoryMarshal.Cast<T, double>(a), MemoryMarshal.Cast<T, double>(b));

    /// <summary>range[i] += single[i].</summary>
    public static void Add(ReadOnlySpan<float> single, Span<double> range)
    {
        int i = 0;
        for (; i <= range.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(single[i..]), out Vector<double> low, out Vector<double> high);
            (new Vector<double>(range[i..]) + low).CopyTo(range[i..]);
            (new Vector<double>(range[(i + Vector<double>.Count)..]) + high).CopyTo(range[(i + Vector<double>.Count)..]);
        }
        for (; i < range.Length; i++)
            range[i] += single[i];
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> low, out Vector<double> high);
            sums += low + high;
        }
        double sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i];
        return sum;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> lowA, out Vector<double> highA);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> lowB, out Vector<double> highB);
            sums += (lowA * lowB) + (highA * highB);
        }
        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(values[i..]);
        double sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i];
        return sum;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
