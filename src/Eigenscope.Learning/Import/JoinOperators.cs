namespace Eigenscope.Learning.Import;

/// <summary>Concat: results side by side, with constants among them put in their places.</summary>
internal static class JoinOperators
{
    public static GraphValue Concat(NodeContext node)
    {
        GraphValue[] parts = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        int axis = parts.Length > 0 ? Extents.Axis(node.Integer("axis", 1), parts[0].Rank) : throw new NodeNotSupportedException("it joins nothing");
        if (Array.Find(parts, static part => part is ActivationValue) is ActivationValue beside)
            parts = [.. parts.Select(part => part is ConstantValue constant ? node.Builder.Once(constant, beside) : part)];
        int[] shape = JoinedShape(parts, axis);
        int[] map = JoinMap(parts, shape, axis);
        return parts.All(static part => part is ConstantValue) ? Joined([.. parts.Cast<ConstantValue>()], shape, map) : Joined(node, parts, shape, axis, map);
    }

    private static int[] JoinedShape(GraphValue[] parts, int axis)
    {
        int[] shape = [.. parts[0].Shape];
        if (Array.Exists(parts, part => part.Rank != shape.Length || Extents.Ascending(shape.Length).Any(other => other != axis && part.Shape[other] != shape[other])))
            throw new NodeNotSupportedException($"it joins results of shapes {string.Join(" and ", parts.Select(static part => $"[{Extents.Text(part.Shape)}]"))} along axis {axis} (samples counted as one)");
        shape[axis] = (int)Math.Min(parts.Sum(part => (long)part.Shape[axis]), int.MaxValue);
        return shape;
    }

    private static ConstantValue Joined(ConstantValue[] parts, int[] shape, int[] map)
    {
        bool[] perSample = [.. parts.SelectMany(static part => part.PerSample ?? new bool[part.Length])];
        ConstantValue joined = new([map.Length], [.. parts.SelectMany(static part => part.Data)])
        {
            IsInteger = parts.All(static part => part.IsInteger),
            PerSample = perSample.Contains(true) ? perSample : null,
        };
        return joined.Picked(shape, map);
    }

    // What depends on samples is joined as it lies; one table then puts every entry in its place, and leaves room for constants.
    private static ActivationValue Joined(NodeContext node, GraphValue[] parts, int[] shape, int axis, int[] map)
    {
        ActivationValue[] results = [.. parts.OfType<ActivationValue>()];
        ActivationValue first = results[0];
        if (Array.Exists(results, result => result.Samples != first.Samples) || axis == first.BatchAxis)
            throw new NodeNotSupportedException("it joins along the axis of the samples");
        ImportBuilder builder = node.Builder;
        builder.Reserve(3L * map.Length);
        int boundary = results.Length > 1 ? builder.Concatenate(results, node.Name) : first.Boundary;
        int[] flat = [.. Enumerable.Repeat(1, shape.Length)];
        flat[^1] = results.Sum(static part => part.Length);
        int[] places = Places(parts);
        ActivationValue joined = builder.Pick(new ActivationValue(boundary, flat, first.Order, first.Samples), shape, [.. map.Select(index => places[index])], first.Samples, node.Name);
        if (results.Length == parts.Length)
            return joined;
        double[] constants = [.. parts.SelectMany(static part => part is ConstantValue constant ? constant.Data : new double[part.Length])];
        return builder.Affine(joined, [.. Enumerable.Repeat(1.0, map.Length)], [.. map.Select(index => constants[index])], $"{node.Name}/constant");
    }

    // For every entry of all parts in turn, where it lies among those that depend on samples, or −1.
    private static int[] Places(GraphValue[] parts)
    {
        List<int> places = [];
        int next = 0;
        foreach (GraphValue part in parts)
        {
            if (part is ActivationValue x)
            {
                places.AddRange(Extents.Walk(x.Shape, Extents.Strides(x.Shape, x.Order), next));
                next += x.Length;
            }
            else
            {
                places.AddRange(Enumerable.Repeat(-1, part.Length));
            }
        }
        return [.. places];
    }

    // For every entry of the joined shape, its number among the entries of all parts in turn.
    private static int[] JoinMap(GraphValue[] parts, int[] shape, int axis)
    {
        int[] map = new int[Extents.Product(shape)];
        int[] strides = Extents.Strides(shape, Extents.Ascending(shape.Length));
        int start = 0, along = 0;
        foreach (GraphValue part in parts)
        {
            int[] targets = Extents.Walk(part.Shape, strides, along * strides[axis]);
            for (int i = 0; i < targets.Length; i++)
                map[targets[i]] = start + i;
            start += part.Length;
            along += part.Shape[axis];
        }
        return map;
    }
}
