using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eigenscope.Learning.Networks;

/// <summary>Where a tile of results goes: rows start … end − 1 of those that lie a step apart; y ← result + β y.</summary>
internal readonly unsafe struct PositionRun<T>(T* target, nint step, int start, int end, T beta)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int row, Vector512<T> result)
    {
        if (row < start || row >= end)
            return;
        T* y = target + (row * step);
        if (beta != T.Zero)
            result += Vector512.Load(y) * beta;
        result.Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store2(int row, Vector512<T> low, Vector512<T> high)
    {
        if (row < start || row >= end)
            return;
        T* y = target + (row * step);
        if (beta != T.Zero)
        {
            low += Vector512.Load(y) * beta;
            high += Vector512.Load(y + Vector512<T>.Count) * beta;
        }
        low.Store(y);
        high.Store(y + Vector512<T>.Count);
    }
}
