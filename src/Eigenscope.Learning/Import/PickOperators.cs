namespace Eigenscope.Learning.Import;

/// <summary>Operators that pick entries along axes: Slice, Split, Gather, Pad.</summary>
internal static class PickOperators
{
    public static GraphValue Slice(NodeContext node)
    {
        GraphValue value = node.Input(0);
        long[] starts = node.IntegersOrInput("starts", 1) ?? throw new NodeNotSupportedException("its starts are missing");
        long[] ends = node.IntegersOrInput("ends", 2) ?? throw new NodeNotSupportedException("its ends are missing");
        long[] axes = node.IntegersOrInput("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(static axis => (long)axis)];
        long[] steps = node.IntegersOrInput("steps", 4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new NodeNotSupportedException("its starts, ends, axes and steps are not equally many");
        for (int i = 0; i < starts.Length; i++)
            value = Sliced(node, value, Extents.Axis(axes[i], value.Rank), starts[i], ends[i], steps[i]);
        return value;
    }

    public static GraphValue[] Split(NodeContext node)
    {
        GraphValue value = node.Input(0);
        int axis = Extents.Axis(node.Integer("axis", 0), value.Rank);
        long[] sizes = node.IntegersOrInput("split", 1) ?? EqualParts(value.Shape[axis], (int)node.Integer("num_outputs", node.OutputCount));
        if (sizes.Any(static size => size < 0) || sizes.Sum() != value.Shape[axis])
            throw new NodeNotSupportedException($"parts of [{string.Join(", ", sizes)}] do not make up an extent of {value.Shape[axis]}");
        GraphValue[] parts = new GraphValue[sizes.Length];
        long start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Along(node, value, axis, [.. Enumerable.Range((int)start, (int)sizes[i])], $"{node.Name}/{i}");
            start += sizes[i];
        }
        return parts;
    }

    public static GraphValue Gather(NodeContext node)
    {
        GraphValue value = node.Input(0);
        ConstantValue chosen = node.Constant(1, "indices");
        int axis = Extents.Axis(node.Integer("axis", 0), value.Rank);
        int[] indices = [.. NodeContext.WholeNumbers(chosen).Select(index => Index(index, value.Shape[axis]))];
        GraphValue picked = Along(node, value, axis, indices, node.Name);
        int[] shape = [.. value.Shape[..axis], .. chosen.Shape, .. value.Shape[(axis + 1)..]];
        if (picked is ConstantValue constant)
            return constant.Reshaped(shape);
        ActivationValue x = node.Builder.Standard((ActivationValue)picked, node.Name);
        return new ActivationValue(x.Boundary, shape, Extents.Ascending(shape.Length), x.Samples.At(x.BatchAxis > axis ? x.BatchAxis + chosen.Rank - 1 : x.BatchAxis));
    }

    /// <summary>A constant around a result: y = pad(x − v) + v with zeros.</summary>
    public static GraphValue Pad(NodeContext node)
    {
        if (node.Text("mode", "constant") is not "constant" and var mode)
            throw new NodeNotSupportedException($"mode = '{mode}'; expected constant");
        GraphValue value = node.Input(0);
        long[] pads = node.IntegersOrInput("pads", 1) ?? throw new NodeNotSupportedException("its pads are missing");
        long[] axes = node.Has(3) ? NodeContext.WholeNumbers(node.Constant(3, "axes")) : [.. Enumerable.Range(0, value.Rank).Select(static axis => (long)axis)];
        if (pads.Length != 2 * axes.Length)
            throw new NodeNotSupportedException($"{pads.Length} pads were given; expected two for each of {axes.Length} axes");
        double filled = PadValue(node);
        ActivationValue? shifted = filled != 0.0 ? node.Builder.Affine(node.Activation(0), 1.0, -filled, $"{node.Name}/less") : null;
        value = shifted ?? value;
        for (int i = 0; i < axes.Length; i++)
            value = Padded(node, value, Extents.Axis(axes[i], value.Rank), pads[i], pads[i + axes.Length]);
        return shifted is null ? value : node.Builder.Affine((ActivationValue)value, 1.0, filled, $"{node.Name}/more");
    }

    private static double PadValue(NodeContext node)
    {
        const int FirstWithInput = 11;
        if (node.Opset < FirstWithInput)
            return node.Number("value", 0.0);
        double value = node.OptionalConstant(2, "value") is { Data: [var given] } ? given : 0.0;
        return double.IsFinite(value) ? value : throw new NodeNotSupportedException("it pads with a number that is not finite");
    }

    private static GraphValue Padded(NodeContext node, GraphValue value, int axis, long before, long after)
    {
        if (before == 0 && after == 0)
            return value;
        long extent = value.Shape[axis] + before + after;
        if (extent is < 0 or > int.MaxValue)
            throw new NodeNotSupportedException($"pads of {before} and {after} leave nothing, or too much");
        node.Builder.Reserve(extent);
        return Along(node, value, axis, [.. Enumerable.Range(0, (int)extent).Select(i => i - before >= 0 && i - before < value.Shape[axis] ? (int)(i - before) : -1)], node.Name);
    }

    private static GraphValue Sliced(NodeContext node, GraphValue value, int axis, long start, long end, long step)
    {
        if (step is 0 or > int.MaxValue or < -int.MaxValue)
            throw new NodeNotSupportedException($"its step is {step}");
        int extent = value.Shape[axis];
        bool isForward = step > 0;
        long from = Math.Clamp(start < 0 ? start + extent : start, isForward ? 0 : -1, isForward ? extent : extent - 1);
        long to = Math.Clamp(end < 0 && end >= -extent ? end + extent : end < 0 ? -1 : end, isForward ? 0 : -1, extent);
        List<int> indices = [];
        for (long i = from; isForward ? i < to : i > to; i += step)
            indices.Add((int)i);
        if (value is ActivationValue x && axis == x.BatchAxis && indices.Count != extent)
            throw new NodeNotSupportedException("it picks some of the samples");
        return Along(node, value, axis, [.. indices], node.Name);
    }

    /// <summary>Entries at the given places along one axis; −1 gives zeros.</summary>
    private static GraphValue Along(NodeContext node, GraphValue value, int axis, int[] indices, string name)
    {
        if (indices.AsSpan().SequenceEqual(Extents.Ascending(value.Shape[axis])))
            return value;
        int[] shape = [.. value.Shape];
        shape[axis] = indices.Length;
        node.Builder.Reserve(Extents.Product(shape));
        int[] map = Map(value.Shape, axis, indices);
        if (value is ConstantValue constant)
            return constant.Picked(shape, map);
        ActivationValue x = (ActivationValue)value;
        node.RequireWithinSample(x, axis);
        return node.Builder.Pick(x, shape, map, x.Samples, name);
    }

    private static int[] Map(int[] shape, int axis, int[] indices)
    {
        int inner = Extents.Product(shape.AsSpan(axis + 1)), outer = Extents.Product(shape.AsSpan(0, axis));
        int[] map = new int[Extents.Product([outer, indices.Length, inner])];
        int next = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (int index in indices)
            {
                for (int j = 0; j < inner; j++)
                    map[next++] = index < 0 ? -1 : (((i * shape[axis]) + index) * inner) + j;
            }
        }
        return map;
    }

    // Equal parts; the last is smaller where they do not go in.
    private static long[] EqualParts(int extent, int count)
    {
        if (count < 1 || count > Math.Max(extent, 1))
            throw new NodeNotSupportedException($"an extent of {extent} is split into {count}");
        int size = (extent + count - 1) / count;
        return [.. Enumerable.Range(0, count).Select(i => (long)Math.Clamp(extent - (i * size), 0, size))];
    }

    private static int Index(long index, int extent) =>
        index >= -extent && index < extent ? (int)(index < 0 ? index + extent : index) : throw new NodeNotSupportedException($"index {index} is outside an extent of {extent}");
}
