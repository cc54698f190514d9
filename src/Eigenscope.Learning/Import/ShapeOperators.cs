namespace Eigenscope.Learning.Import;

/// <summary>Operators that only move, pick or repeat entries. What reorders axes is remembered and costs nothing; what picks becomes one index table.</summary>
internal static class ShapeOperators
{
    public static GraphValue Transpose(NodeContext node)
    {
        GraphValue value = node.Input(0);
        int[] axes = node.Integers("perm") is { } given ? [.. given.Select(axis => Extents.Axis(axis, value.Rank))] : [.. Extents.Ascending(value.Rank).Reverse()];
        if (!axes.Order().SequenceEqual(Extents.Ascending(value.Rank)))
            throw new NodeNotSupportedException($"perm [{Extents.Text(axes)}] is no permutation of {value.Rank} axes");
        if (value is ActivationValue x)
            return Transposed(x, axes);
        int[] strides = Extents.Strides(value.Shape, Extents.Ascending(value.Rank));
        int[] shape = [.. axes.Select(axis => value.Shape[axis])];
        return ((ConstantValue)value).Picked(shape, Extents.Walk(shape, [.. axes.Select(axis => strides[axis])], 0), keepsOrigin: true);
    }

    /// <summary>New axis i is old axis <paramref name="axes"/>[i].</summary>
    public static ActivationValue Transposed(ActivationValue x, int[] axes) =>
        new(x.Boundary, [.. axes.Select(axis => x.Shape[axis])], [.. x.Order.Select(axis => Array.IndexOf(axes, axis))], x.Samples.At(Array.IndexOf(axes, x.BatchAxis)));

    /// <summary>Without an axis of extent 1.</summary>
    public static ActivationValue WithoutAxis(ActivationValue x, int axis)
    {
        if (axis == x.BatchAxis)
            throw new NodeNotSupportedException("it takes away the axis of the samples");
        return new ActivationValue(x.Boundary, [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]], [.. x.Order.Where(other => other != axis).Select(other => other > axis ? other - 1 : other)], x.Samples.At(x.BatchAxis - (x.BatchAxis > axis ? 1 : 0)));
    }

    public static GraphValue Squeeze(NodeContext node)
    {
        GraphValue value = node.Input(0);
        int batch = (value as ActivationValue)?.BatchAxis ?? -1;
        IEnumerable<int> axes = node.IntegersOrInput("axes", 1)?.Select(axis => Extents.Axis(axis, value.Rank)) ?? Extents.Ascending(value.Rank).Where(axis => value.Shape[axis] == 1 && axis != batch);
        foreach (int axis in axes.Distinct().OrderDescending())
        {
            if (value.Shape[axis] != 1)
                throw new NodeNotSupportedException($"axis {axis} has extent {value.Shape[axis]}, not 1");
            value = value is ActivationValue x ? WithoutAxis(x, axis) : ((ConstantValue)value).Reshaped([.. value.Shape[..axis], .. value.Shape[(axis + 1)..]]);
        }
        return value;
    }

    public static GraphValue Unsqueeze(NodeContext node)
    {
        GraphValue value = node.Input(0);
        long[] given = node.IntegersOrInput("axes", 1) ?? throw new NodeNotSupportedException("its axes are missing");
        int[] axes = [.. given.Select(axis => Extents.Axis(axis, value.Rank + given.Length)).Distinct().Order()];
        foreach (int axis in axes)
            value = WithAxis(value, axis);
        return value;
    }

    public static GraphValue Reshape(NodeContext node)
    {
        ConstantValue target = node.Has(1) ? node.Constant(1, "shape") : throw new NodeNotSupportedException("its shape is missing");
        return Reshaped(node, node.Input(0), target, keepsZeros: node.Integer("allowzero", 0) != 0);
    }

    public static GraphValue Flatten(NodeContext node)
    {
        GraphValue value = node.Input(0);
        long given = node.Integer("axis", 1);
        int axis = given == value.Rank ? value.Rank : Extents.Axis(given, value.Rank);
        int[] shape = [Extents.Product(value.Shape.AsSpan(0, axis)), Extents.Product(value.Shape.AsSpan(axis))];
        if (value is ConstantValue constant)
            return constant.Reshaped(shape);
        ActivationValue x = node.Activation(0);
        return InShape(node, x, shape, ReshapedBatch.In(x, shape, x.BatchAxis < axis ? 0 : 1));
    }

    public static GraphValue Expand(NodeContext node)
    {
        ConstantValue target = node.Constant(1, "shape");
        int[] asked = [.. NodeContext.WholeNumbers(target).Select(Extent)];
        GraphValue value = node.Input(0);
        int[] shape = Extents.Broadcast(value.Shape, asked);
        node.Builder.Reserve(Extents.Product(shape));
        return value is ConstantValue constant ? constant.Picked(shape, Extents.BroadcastMap(constant.Shape, shape)) : node.Builder.Broadcast(node.Activation(0), shape, node.Name);
    }

    private static GraphValue WithAxis(GraphValue value, int axis)
    {
        int[] shape = [.. value.Shape[..axis], 1, .. value.Shape[axis..]];
        if (value is ConstantValue constant)
            return constant.Reshaped(shape);
        ActivationValue x = (ActivationValue)value;
        return new ActivationValue(x.Boundary, shape, [.. x.Order.Select(other => other >= axis ? other + 1 : other), axis], x.Samples.At(x.BatchAxis + (x.BatchAxis >= axis ? 1 : 0)));
    }

    private static GraphValue Reshaped(NodeContext node, GraphValue value, ConstantValue target, bool keepsZeros)
    {
        long[] asked = NodeContext.WholeNumbers(target);
        for (int i = 0; i < asked.Length; i++)
        {
            if (asked[i] == 0 && !keepsZeros)
                asked[i] = i < value.Rank ? value.Shape[i] : throw new NodeNotSupportedException($"entry {i} of its shape stands for an axis that the input does not have");
        }
        if (value is ConstantValue constant)
            return constant.Reshaped(Completed(asked, constant.Length));
        ActivationValue x = node.Activation(0);
        int axis = ReshapedBatch.Axis(x, target, asked, node.Builder.FixedBatch);
        int[] shape = Completed(asked, x.Length);
        return InShape(node, x, shape, ReshapedBatch.In(x, shape, axis));
    }

    private static int[] Completed(long[] asked, int length)
    {
        int open = Array.IndexOf(asked, -1L);
        int[] shape = [.. asked.Select((extent, index) => index == open ? 1 : Extent(extent))];
        int rest = Extents.Product(shape);
        if (open >= 0)
            shape[open] = rest > 0 && length % rest == 0 ? length / rest : throw NoFit(length, asked);
        return Extents.Product(shape) == length ? shape : throw NoFit(length, asked);
    }

    private static NodeNotSupportedException NoFit(int length, long[] asked) => new($"{length} entries of a sample cannot take the shape [{string.Join(", ", asked)}] (samples counted as one)");

    private static ActivationValue InShape(NodeContext node, ActivationValue x, int[] shape, SampleAxis samples)
    {
        ActivationValue standard = node.Builder.Standard(x, node.Name);
        return new ActivationValue(standard.Boundary, shape, Extents.Ascending(shape.Length), samples);
    }

    private static int Extent(long extent) => extent is >= 0 and <= int.MaxValue ? (int)extent : throw new NodeNotSupportedException($"an extent of {extent} was asked for");
}
