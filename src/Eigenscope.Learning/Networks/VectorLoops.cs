using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Learning.Networks;

/// <summary>A scalar function of three numbers, in one definition for vectors and for the tail.</summary>
internal interface ITernary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract Vector<T> Apply(Vector<T> a, Vector<T> b, Vector<T> c);

    static abstract T Apply(T a, T b, T c);
}

/// <summary>The loop that runs an <see cref="ITernary{T}"/> over spans; <c>r[i] = f(a[i], b[i], c[i])</c>, r may be any of the three.</summary>
internal static class VectorLoops
{
    public static void Run<T, TFunction>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : ITernary<T>
    {
        int length = r.Length;
        if (a.Length < length || b.Length < length || c.Length < length)
            throw new ArgumentException($"operands of {a.Length}, {b.Length} and {c.Length} entries are shorter than the result of {length}", nameof(r));
        ref T ra = ref MemoryMarshal.GetReference(a);
        ref T rb = ref MemoryMarshal.GetReference(b);
        ref T rc = ref MemoryMarshal.GetReference(c);
        ref T rr = ref MemoryMarshal.GetReference(r);
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
            TFunction.Apply(Load(ref ra, i), Load(ref rb, i), Load(ref rc, i)).StoreUnsafe(ref rr, (nuint)i);
        for (; i < length; i++)
            Unsafe.Add(ref rr, i) = TFunction.Apply(Unsafe.Add(ref ra, i), Unsafe.Add(ref rb, i), Unsafe.Add(ref rc, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ref T start, int index)
        where T : unmanaged => Vector.LoadUnsafe(ref start, (nuint)index);
}
