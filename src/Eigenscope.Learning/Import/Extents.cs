namespace Eigenscope.Learning.Import;

/// <summary>Arithmetic on shapes: lists of extents, row-major.</summary>
internal static class Extents
{
    // Far above any result of one sample; what a hostile file asks for beyond it is never allocated.
    private const long MostEntries = 1L << 27;

    public static int Product(ReadOnlySpan<int> extents)
    {
        long product = 1;
        foreach (int extent in extents)
        {
            product *= extent;
            if (product > MostEntries)
                throw new NodeNotSupportedException($"a result of shape [{Text(extents)}] has too many entries");
        }
        return (int)product;
    }

    public static int[] Ascending(int rank) => [.. Enumerable.Range(0, rank)];

    public static string Text(ReadOnlySpan<int> extents) => string.Join(", ", extents.ToArray());

    /// <summary>How far apart entries lie that differ by one along each axis, where axes lie in an order.</summary>
    public static int[] Strides(ReadOnlySpan<int> shape, ReadOnlySpan<int> order)
    {
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            strides[order[i]] = stride;
            stride *= shape[order[i]];
        }
        return strides;
    }

    /// <summary>An axis counted from the front; negative ones count from the back.</summary>
    public static int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new NodeNotSupportedException($"axis {axis} does not exist in a result of {rank} axes");

    /// <summary>The shape that two make together: missing leading axes and extents of 1 are repeated.</summary>
    public static int[] Broadcast(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        int[] first = Aligned(a, rank), second = Aligned(b, rank), both = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            if (first[i] != second[i] && first[i] != 1 && second[i] != 1)
                throw new NodeNotSupportedException($"shapes [{Text(a)}] and [{Text(b)}] do not fit together (samples counted as one)");
            both[i] = first[i] == 1 ? second[i] : first[i];
        }
        return both;
    }

    /// <summary>The shape with leading axes of extent 1.</summary>
    public static int[] Aligned(int[] shape, int rank) => [.. Enumerable.Repeat(1, rank - shape.Length), .. shape];

    /// <summary>For each entry of the broadcast shape, row-major, the entry of the narrower one.</summary>
    public static int[] BroadcastMap(int[] from, int[] to)
    {
        int[] aligned = Aligned(from, to.Length);
        int[] strides = Strides(aligned, Ascending(aligned.Length));
        for (int axis = 0; axis < strides.Length; axis++)
        {
            if (aligned[axis] == 1)
                strides[axis] = 0;
        }
        return Walk(to, strides, 0);
    }

    /// <summary>Start + Σ index · stride for every entry of a shape, row-major.</summary>
    public static int[] Walk(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, int start)
    {
        int[] offsets = new int[Product(shape)];
        if (offsets.Length == 0)
            return offsets;
        offsets[0] = start;
        int filled = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            int block = filled;
            for (int index = 1; index < shape[axis]; index++)
            {
                for (int i = 0; i < block; i++)
                    offsets[filled++] = offsets[i] + (index * strides[axis]);
            }
        }
        return offsets;
    }
}
