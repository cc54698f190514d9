using System.Numerics;

namespace Eigenscope.Learning.Networks;

/// <summary>Sums of single-precision numbers, accumulated in double.</summary>
internal static class DoubleSums
{
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
}
