using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// The level-1 loops of the managed kernels. Own loops rather than TensorPrimitives where the order of summation must depend on the length alone: never on the address of the data.
/// </summary>
internal static class VectorLoops
{
    /// <summary>x · y + z in one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return Vector.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();
        return Vector.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>();
    }

    /// <summary>The i-th vector of a span's storage; the caller keeps the index in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Vector<T> At<T>(ref T origin, int index)
        where T : unmanaged => ref Unsafe.As<T, Vector<T>>(ref Unsafe.Add(ref origin, index));

    /// <summary>Σ xᵢ yᵢ over four partial sums per lane.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y[..x.Length]);
        int lanes = Vector<T>.Count, i = 0;
        Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; i <= x.Length - (4 * lanes); i += 4 * lanes)
        {
            s0 = MultiplyAdd(At(ref px, i), At(ref py, i), s0);
            s1 = MultiplyAdd(At(ref px, i + lanes), At(ref py, i + lanes), s1);
            s2 = MultiplyAdd(At(ref px, i + (2 * lanes)), At(ref py, i + (2 * lanes)), s2);
            s3 = MultiplyAdd(At(ref px, i + (3 * lanes)), At(ref py, i + (3 * lanes)), s3);
        }
        for (; i <= x.Length - lanes; i += lanes)
            s0 = MultiplyAdd(At(ref px, i), At(ref py, i), s0);
        T sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; i < x.Length; i++)
            sum = T.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>y ← y + α x.</summary>
    public static void AddScaled<T>(T alpha, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y[..x.Length]);
        int lanes = Vector<T>.Count, i = 0;
        Vector<T> factor = new(alpha);
        for (; i <= x.Length - lanes; i += lanes)
            At(ref py, i) = MultiplyAdd(factor, At(ref px, i), At(ref py, i));
        for (; i < x.Length; i++)
            y[i] = T.FusedMultiplyAdd(alpha, x[i], y[i]);
    }

    /// <summary>One pass over a row for two uses: returns row · x, and y ← y + α row.</summary>
    public static double DotAndAddScaled(ReadOnlySpan<double> row, ReadOnlySpan<double> x, double alpha, Span<double> y)
    {
        ref double pr = ref MemoryMarshal.GetReference(row), px = ref MemoryMarshal.GetReference(x[..row.Length]), py = ref MemoryMarshal.GetReference(y[..row.Length]);
        int lanes = Vector<double>.Count, i = 0;
        Vector<double> factor = new(alpha), s0 = default, s1 = default;
        for (; i <= row.Length - (2 * lanes); i += 2 * lanes)
        {
            Vector<double> r0 = At(ref pr, i), r1 = At(ref pr, i + lanes);
            s0 = MultiplyAdd(r0, At(ref px, i), s0);
            s1 = MultiplyAdd(r1, At(ref px, i + lanes), s1);
            At(ref py, i) = MultiplyAdd(factor, r0, At(ref py, i));
            At(ref py, i + lanes) = MultiplyAdd(factor, r1, At(ref py, i + lanes));
        }
        double sum = Vector.Sum(s0 + s1);
        for (; i < row.Length; i++)
        {
            sum = double.FusedMultiplyAdd(row[i], x[i], sum);
            y[i] = double.FusedMultiplyAdd(alpha, row[i], y[i]);
        }
        return sum;
    }

    /// <summary>y ← y + α x + β z.</summary>
    public static void AddScaledTwo(double alpha, ReadOnlySpan<double> x, double beta, ReadOnlySpan<double> z, Span<double> y)
    {
        ref double px = ref MemoryMarshal.GetReference(x[..y.Length]), pz = ref MemoryMarshal.GetReference(z[..y.Length]), py = ref MemoryMarshal.GetReference(y);
        int lanes = Vector<double>.Count, i = 0;
        Vector<double> a = new(alpha), b = new(beta);
        for (; i <= y.Length - lanes; i += lanes)
            At(ref py, i) = MultiplyAdd(a, At(ref px, i), MultiplyAdd(b, At(ref pz, i), At(ref py, i)));
        for (; i < y.Length; i++)
            y[i] = double.FusedMultiplyAdd(alpha, x[i], double.FusedMultiplyAdd(beta, z[i], y[i]));
    }

    /// <summary>The plane rotation (x, y) ← (c x − s y, s x + c y).</summary>
    public static void Rotate(double cosine, double sine, Span<double> x, Span<double> y)
    {
        ref double px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y[..x.Length]);
        int lanes = Vector<double>.Count, i = 0;
        Vector<double> c = new(cosine), s = new(sine);
        for (; i <= x.Length - lanes; i += lanes)
        {
            Vector<double> vx = At(ref px, i), vy = At(ref py, i);
            At(ref px, i) = (c * vx) - (s * vy);
            At(ref py, i) = MultiplyAdd(s, vx, c * vy);
        }
        for (; i < x.Length; i++)
            (x[i], y[i]) = ((cosine * x[i]) - (sine * y[i]), double.FusedMultiplyAdd(sine, x[i], cosine * y[i]));
    }

    /// <summary>Swaps two spans of one length.</summary>
    public static void Swap(Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }
}
