using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// The inner loops of <see cref="DirectConvolution"/>: tiles of the result that stay in registers of 512 bits while everything that is added to them streams past. Written out, because
/// only named variables are kept in registers. Callers see to it that every address is inside its buffer.
/// </summary>
internal static unsafe class ConvolutionKernels
{
    /// <summary>Positions of a tile of <see cref="CorrelateWide"/>, and of one of the two runs of <see cref="CorrelateNarrow"/>.</summary>
    public const int Positions = 8;

    /// <summary>Patch entries of a tile of <see cref="CorrelateWeightWide"/>.</summary>
    public const int WideEntries = 12;

    /// <summary>Patch entries of a tile of <see cref="CorrelateWeightNarrow"/>.</summary>
    public const int NarrowEntries = 16;

    /// <summary>Eight positions times two vectors of channels: sums of lines × depth products each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CorrelateWide<T>(in Correlation<T> map, T* source, T* weight, PositionRun<T> run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint step = map.SourceStep;
        Vector512<T> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<T> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int line = 0; line < map.Lines; line++, source += map.SourceLine)
        {
            T* x = source;
            for (T* end = x + map.Depth; x < end; x++, weight += 2 * Vector512<T>.Count)
            {
                Vector512<T> wa = Vector512.Load(weight), wb = Vector512.Load(weight + Vector512<T>.Count);
                Vector512<T> x0 = Vector512.Create(x[0 * step]);
                (a0, b0) = (Add(x0, wa, a0), Add(x0, wb, b0));
                Vector512<T> x1 = Vector512.Create(x[1 * step]);
                (a1, b1) = (Add(x1, wa, a1), Add(x1, wb, b1));
                Vector512<T> x2 = Vector512.Create(x[2 * step]);
                (a2, b2) = (Add(x2, wa, a2), Add(x2, wb, b2));
                Vector512<T> x3 = Vector512.Create(x[3 * step]);
                (a3, b3) = (Add(x3, wa, a3), Add(x3, wb, b3));
                Vector512<T> x4 = Vector512.Create(x[4 * step]);
                (a4, b4) = (Add(x4, wa, a4), Add(x4, wb, b4));
                Vector512<T> x5 = Vector512.Create(x[5 * step]);
                (a5, b5) = (Add(x5, wa, a5), Add(x5, wb, b5));
                Vector512<T> x6 = Vector512.Create(x[6 * step]);
                (a6, b6) = (Add(x6, wa, a6), Add(x6, wb, b6));
                Vector512<T> x7 = Vector512.Create(x[7 * step]);
                (a7, b7) = (Add(x7, wa, a7), Add(x7, wb, b7));
            }
        }
        run.Store2(0, a0, b0);
        run.Store2(1, a1, b1);
        run.Store2(2, a2, b2);
        run.Store2(3, a3, b3);
        run.Store2(4, a4, b4);
        run.Store2(5, a5, b5);
        run.Store2(6, a6, b6);
        run.Store2(7, a7, b7);
    }

    /// <summary>Twice eight positions times one vector of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CorrelateNarrow<T>(in Correlation<T> map, T* first, T* second, T* weight, PositionRun<T> firstRun, PositionRun<T> secondRun)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint step = map.SourceStep, apart = (nint)(second - first);
        Vector512<T> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<T> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int line = 0; line < map.Lines; line++, first += map.SourceLine)
        {
            T* x = first;
            for (T* end = x + map.Depth; x < end; x++, weight += Vector512<T>.Count)
            {
                T* y = x + apart;
                Vector512<T> w = Vector512.Load(weight);
                (a0, b0) = (Add(Vector512.Create(x[0 * step]), w, a0), Add(Vector512.Create(y[0 * step]), w, b0));
                (a1, b1) = (Add(Vector512.Create(x[1 * step]), w, a1), Add(Vector512.Create(y[1 * step]), w, b1));
                (a2, b2) = (Add(Vector512.Create(x[2 * step]), w, a2), Add(Vector512.Create(y[2 * step]), w, b2));
                (a3, b3) = (Add(Vector512.Create(x[3 * step]), w, a3), Add(Vector512.Create(y[3 * step]), w, b3));
                (a4, b4) = (Add(Vector512.Create(x[4 * step]), w, a4), Add(Vector512.Create(y[4 * step]), w, b4));
                (a5, b5) = (Add(Vector512.Create(x[5 * step]), w, a5), Add(Vector512.Create(y[5 * step]), w, b5));
                (a6, b6) = (Add(Vector512.Create(x[6 * step]), w, a6), Add(Vector512.Create(y[6 * step]), w, b6));
                (a7, b7) = (Add(Vector512.Create(x[7 * step]), w, a7), Add(Vector512.Create(y[7 * step]), w, b7));
            }
        }
        firstRun.Store(0, a0);
        secondRun.Store(0, b0);
        firstRun.Store(1, a1);
        secondRun.Store(1, b1);
        firstRun.Store(2, a2);
        secondRun.Store(2, b2);
        firstRun.Store(3, a3);
        secondRun.Store(3, b3);
        firstRun.Store(4, a4);
        secondRun.Store(4, b4);
        firstRun.Store(5, a5);
        secondRun.Store(5, b5);
        firstRun.Store(6, a6);
        secondRun.Store(6, b6);
        firstRun.Store(7, a7);
        secondRun.Store(7, b7);
    }

    /// <summary>Target (entries × channels) += the sum over positions of patch entry times two vectors of cotangents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CorrelateWeightWide<T>(in Correlation<T> map, T* source, T* cotangent, T* target, int entries)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<T> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        for (int row = 0; row < map.Rows; row++, source += map.SourceRow, cotangent += map.TargetRow)
        {
            T* x = source, y = cotangent;
            for (T* end = x + (map.Columns * map.SourceStep); x < end; x += map.SourceStep, y += map.TargetStep)
            {
                Vector512<T> ya = Vector512.Load(y), yb = Vector512.Load(y + Vector512<T>.Count);
                Vector512<T> x0 = Vector512.Create(x[0]);
                (a0, b0) = (Add(x0, ya, a0), Add(x0, yb, b0));
                Vector512<T> x1 = Vector512.Create(x[1]);
                (a1, b1) = (Add(x1, ya, a1), Add(x1, yb, b1));
                Vector512<T> x2 = Vector512.Create(x[2]);
                (a2, b2) = (Add(x2, ya, a2), Add(x2, yb, b2));
                Vector512<T> x3 = Vector512.Create(x[3]);
                (a3, b3) = (Add(x3, ya, a3), Add(x3, yb, b3));
                Vector512<T> x4 = Vector512.Create(x[4]);
                (a4, b4) = (Add(x4, ya, a4), Add(x4, yb, b4));
                Vector512<T> x5 = Vector512.Create(x[5]);
                (a5, b5) = (Add(x5, ya, a5), Add(x5, yb, b5));
                Vector512<T> x6 = Vector512.Create(x[6]);
                (a6, b6) = (Add(x6, ya, a6), Add(x6, yb, b6));
                Vector512<T> x7 = Vector512.Create(x[7]);
                (a7, b7) = (Add(x7, ya, a7), Add(x7, yb, b7));
                Vector512<T> x8 = Vector512.Create(x[8]);
                (a8, b8) = (Add(x8, ya, a8), Add(x8, yb, b8));
                Vector512<T> x9 = Vector512.Create(x[9]);
                (a9, b9) = (Add(x9, ya, a9), Add(x9, yb, b9));
                Vector512<T> x10 = Vector512.Create(x[10]);
                (a10, b10) = (Add(x10, ya, a10), Add(x10, yb, b10));
                Vector512<T> x11 = Vector512.Create(x[11]);
                (a11, b11) = (Add(x11, ya, a11), Add(x11, yb, b11));
            }
        }
        PositionRun<T> run = new(target, map.Channels, 0, entries, T.One);
        run.Store2(0, a0, b0);
        run.Store2(1, a1, b1);
        run.Store2(2, a2, b2);
        run.Store2(3, a3, b3);
        run.Store2(4, a4, b4);
        run.Store2(5, a5, b5);
        run.Store2(6, a6, b6);
        run.Store2(7, a7, b7);
        run.Store2(8, a8, b8);
        run.Store2(9, a9, b9);
        run.Store2(10, a10, b10);
        run.Store2(11, a11, b11);
    }

    /// <summary>As <see cref="CorrelateWeightWide"/>, more entries of one vector of cotangents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CorrelateWeightNarrow<T>(in Correlation<T> map, T* source, T* cotangent, T* target, int entries)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<T> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int row = 0; row < map.Rows; row++, source += map.SourceRow, cotangent += map.TargetRow)
        {
            T* x = source, y = cotangent;
            for (T* end = x + (map.Columns * map.SourceStep); x < end; x += map.SourceStep, y += map.TargetStep)
            {
                Vector512<T> v = Vector512.Load(y);
                (a0, b0) = (Add(Vector512.Create(x[0]), v, a0), Add(Vector512.Create(x[8]), v, b0));
                (a1, b1) = (Add(Vector512.Create(x[1]), v, a1), Add(Vector512.Create(x[9]), v, b1));
                (a2, b2) = (Add(Vector512.Create(x[2]), v, a2), Add(Vector512.Create(x[10]), v, b2));
                (a3, b3) = (Add(Vector512.Create(x[3]), v, a3), Add(Vector512.Create(x[11]), v, b3));
                (a4, b4) = (Add(Vector512.Create(x[4]), v, a4), Add(Vector512.Create(x[12]), v, b4));
                (a5, b5) = (Add(Vector512.Create(x[5]), v, a5), Add(Vector512.Create(x[13]), v, b5));
                (a6, b6) = (Add(Vector512.Create(x[6]), v, a6), Add(Vector512.Create(x[14]), v, b6));
                (a7, b7) = (Add(Vector512.Create(x[7]), v, a7), Add(Vector512.Create(x[15]), v, b7));
            }
        }
        PositionRun<T> run = new(target, map.Channels, 0, entries, T.One);
        run.Store(0, a0);
        run.Store(8, b0);
        run.Store(1, a1);
        run.Store(9, b1);
        run.Store(2, a2);
        run.Store(10, b2);
        run.Store(3, a3);
        run.Store(11, b3);
        run.Store(4, a4);
        run.Store(12, b4);
        run.Store(5, a5);
        run.Store(13, b5);
        run.Store(6, a6);
        run.Store(14, b6);
        run.Store(7, a7);
        run.Store(15, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Add<T>(Vector512<T> a, Vector512<T> b, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();
}
