using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Layer normalisation, softmax, and sums and means along axes.</summary>
internal static class NormalizationOperators
{
    public static GraphValue[] LayerNormalization(NodeContext node)
    {
        ActivationValue x = node.Activation(0);
        int axis = Extents.Axis(node.Integer("axis", -1), x.Rank);
        ConstantValue scale = node.Constant(1, "scale");
        ConstantValue? shift = node.OptionalConstant(2, "shift");
        int width = Extents.Product(x.Shape.AsSpan(axis));
        if (x.BatchAxis >= axis)
            node.RequireWithinSample(x, x.BatchAxis);
        if (scale.Length != width || (shift is not null && shift.Length != width))
            throw new NodeNotSupportedException($"its scale and shift do not have the {width} entries that it normalises over");
        ImportBuilder builder = node.Builder;
        x = builder.InOrder(x, [.. x.Order.Where(other => other < axis), .. Enumerable.Range(axis, x.Rank - axis)], node.Name);
        string layer = builder.LayerName(DenseOperators.LayerName(scale.Origin, node.Name));
        BlockNames names = new()
        {
            Scale = builder.BlockName(scale.Origin, layer, "scale", scale.Data, node.Place(1, scale.Shape)),
            Shift = shift is null ? null : builder.BlockName(shift.Origin, layer, "shift", shift.Data, node.Place(2, shift.Shape)),
        };
        builder.Reserve(x.Length);
        return [new ActivationValue(builder.Network.LayerNorm(x.Boundary, layer, x.Length, width, node.Number("epsilon", 1e-5), names, shift is not null), x.Shape, x.Order, x.Samples)];
    }

    public static GraphValue Softmax(NodeContext node, bool isLogarithm)
    {
        const int FirstAlongOneAxis = 13;
        ActivationValue x = node.Activation(0);
        bool isJoint = node.Opset < FirstAlongOneAxis;
        int axis = Extents.Axis(node.Integer("axis", isJoint ? 1 : -1), x.Rank);
        // Older versions take all axes from the given one on together.
        int[] along = isJoint ? [.. Enumerable.Range(axis, x.Rank - axis)] : [axis];
        if (along.Contains(x.BatchAxis))
            node.RequireWithinSample(x, x.BatchAxis);
        ImportBuilder builder = node.Builder;
        x = builder.InOrder(x, [.. x.Order.Where(other => !along.Contains(other)), .. along], node.Name);
        int width = along.Aggregate(1, (product, other) => product * x.Shape[other]);
        string name = builder.LayerName(node.Name);
        return builder.Map(x, isLogarithm ? new LogSoftmaxLayer(name, x.Length, width) : new SoftmaxLayer(name, x.Length, width));
    }

    /// <summary>Rows to unit norm: the Euclidean one, of a whole sample.</summary>
    public static GraphValue LpNormalization(NodeContext node)
    {
        ActivationValue x = node.Activation(0);
        int axis = Extents.Axis(node.Integer("axis", -1), x.Rank);
        node.RequireWithinSample(x, axis);
        if (node.Integer("p", 2) != 2 || x.Shape[axis] != x.Length)
            throw new NodeNotSupportedException("only the Euclidean norm of a whole sample is divided by");
        return node.Builder.Map(x, new UnitNormLayer(node.Builder.LayerName(node.Name), x.Length));
    }

    public static GraphValue Reduce(NodeContext node, bool isMean)
    {
        ActivationValue x = node.Activation(0);
        long[] given = node.IntegersOrInput("axes", 1) ?? [];
        if (given.Length == 0 && node.Integer("noop_with_empty_axes", 0) != 0)
            return x;
        int[] axes = given.Length == 0 ? Extents.Ascending(x.Rank) : [.. given.Select(axis => Extents.Axis(axis, x.Rank)).Distinct().Order()];
        if (axes.Contains(x.BatchAxis))
            node.RequireWithinSample(x, x.BatchAxis);
        ActivationValue reduced = Reduced(node, x, axes, isMean);
        if (node.Integer("keepdims", 1) != 0)
            return reduced;
        foreach (int axis in axes.Reverse())
            reduced = ShapeOperators.WithoutAxis(reduced, axis);
        return reduced;
    }

    private static ActivationValue Reduced(NodeContext node, ActivationValue x, int[] axes, bool isMean)
    {
        int[] shape = [.. x.Shape.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)];
        int[] strides = Extents.Strides(shape, x.Order);
        foreach (int axis in axes)
            strides[axis] = 0;
        node.Builder.Reserve(x.Length);
        int[] targets = Extents.Walk([.. x.Order.Select(axis => x.Shape[axis])], [.. x.Order.Select(axis => strides[axis])], 0);
        int outputs = Extents.Product(shape);
        double factor = isMean ? (double)outputs / x.Length : 1.0;
        return node.Builder.Add(x, new ReduceLayer(node.Builder.LayerName(node.Name), x.Length, outputs, targets, factor), shape, x.Order, x.Samples);
    }
}
