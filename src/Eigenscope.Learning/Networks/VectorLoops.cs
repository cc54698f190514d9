using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Learning.Networks;

/// <summary>A scalar function of two numbers, in one definition for vectors and for the tail.</summary>
internal interface IBinary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract Vector<T> Apply(Vector<T> a, Vector<T> b);

    static abstract T Apply(T a, T b);
}

/// <summary>The loop that runs an <see cref="IBinary{T}"/> over spans; <c>r[i] = f(a[i], b[i])</c>, r may be either of the two.</summary>
internal static class VectorLoops
{
    public static void Run<T, TFunction>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : IBinary<T>
    {
        int length = r.Length;
        if (a.Length < length || b.Length < length)
            throw new ArgumentException($"operands of {a.Length} and {b.Length} entries are shorter than the result of {length}", nameof(r));
        ref T ra = ref MemoryMarshal.GetReference(a);
        ref T rb = ref MemoryMarshal.GetReference(b);
        ref T rr = ref MemoryMarshal.GetReference(r);
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
            TFunction.Apply(Load(ref ra, i), Load(ref rb, i)).StoreUnsafe(ref rr, (nuint)i);
        for (; i < length; i++)
            Unsafe.Add(ref rr, i) = TFunction.Apply(Unsafe.Add(ref ra, i), Unsafe.Add(ref rb, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ref T start, int index)
        where T : unmanaged => Vector.LoadUnsafe(ref start, (nuint)index);
}
