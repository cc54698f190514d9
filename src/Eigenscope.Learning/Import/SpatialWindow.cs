namespace Eigenscope.Learning.Import;

/// <summary>Kernel, stride, dilation and padding along two axes, as the attributes of a convolution or pooling give them; a signal of one axis is an image of one row.</summary>
internal sealed record SpatialWindow(int[] Kernel, int[] Stride, int[] Dilation, int[] Before, int[] After)
{
    private const int Axes = 2;

    /// <summary>Reads the attributes of a node whose input has the given extents along one or two axes.</summary>
    public static SpatialWindow Read(NodeContext node, int[] extents, int[] kernel)
    {
        int axes = extents.Length;
        if (axes is < 1 or > Axes)
            throw new NodeNotSupportedException($"{node.Operator} over {axes} axes; expected 1 or 2");
        int[] stride = Positive(node, "strides", axes), dilation = Positive(node, "dilations", axes);
        if (kernel.Length != axes || kernel.Any(static extent => extent < 1))
            throw new NodeNotSupportedException($"its kernel [{Extents.Text(kernel)}] does not fit {axes} axes");
        long[] pads = node.Integers("pads") ?? new long[2 * axes];
        if (pads.Length != 2 * axes || pads.Any(static pad => pad is < 0 or > int.MaxValue / 4))
            throw new NodeNotSupportedException($"pads [{string.Join(", ", pads)}] do not fit {axes} axes, or are negative");
        int[] before = [.. pads[..axes].Select(static pad => (int)pad)], after = [.. pads[axes..].Select(static pad => (int)pad)];
        AutoPad(node, extents, kernel, stride, dilation, before, after);
        return new SpatialWindow(Wide(kernel, 1), Wide(stride, 1), Wide(dilation, 1), Wide(before, 0), Wide(after, 0));
    }

    // As many outputs as ⌈extent / stride⌉; the odd entry of padding goes to the end ("upper") or the beginning.
    private static void AutoPad(NodeContext node, int[] extents, int[] kernel, int[] stride, int[] dilation, int[] before, int[] after)
    {
        string mode = node.Text("auto_pad", "NOTSET");
        if (mode is "NOTSET" or "")
            return;
        if (mode is not ("SAME_UPPER" or "SAME_LOWER" or "VALID"))
            throw new NodeNotSupportedException($"auto_pad = '{mode}'");
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long outputs = (extents[axis] + (long)stride[axis] - 1) / stride[axis];
            long total = mode == "VALID" ? 0 : Math.Max(((outputs - 1) * stride[axis]) + ((kernel[axis] - 1L) * dilation[axis]) + 1 - extents[axis], 0);
            if (total > int.MaxValue / 4)
                throw new NodeNotSupportedException("its padding is out of range");
            before[axis] = (int)(mode == "SAME_LOWER" ? total - (total / 2) : total / 2);
            after[axis] = (int)total - before[axis];
        }
    }

    private static int[] Positive(NodeContext node, string name, int axes)
    {
        long[] values = node.Integers(name) ?? [.. Enumerable.Repeat(1L, axes)];
        return values.Length == axes && values.All(static value => value is >= 1 and <= int.MaxValue / 4)
            ? [.. values.Select(static value => (int)value)]
            : throw new NodeNotSupportedException($"{name} [{string.Join(", ", values)}] do not fit {axes} axes");
    }

    private static int[] Wide(int[] values, int filler) => values.Length == Axes ? values : [filler, values[0]];
}
