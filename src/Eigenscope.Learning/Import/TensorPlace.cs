namespace Eigenscope.Learning.Import;

/// <summary>Where the file has the numbers of a parameter: the node that reads them, and how they lie there.</summary>
/// <param name="Reader">First result of the node.</param>
/// <param name="Input">Which of its inputs.</param>
/// <param name="Shape">Their shape.</param>
/// <param name="Order">Their order beside that of the network.</param>
internal sealed record TensorPlace(string Reader, int Input, IReadOnlyList<int> Shape, TensorOrder Order);

/// <summary>How numbers lie in a file beside how they lie in the network.</summary>
internal enum TensorOrder
{
    /// <summary>The same.</summary>
    AsIs,

    /// <summary>(inputs, outputs) for (outputs, inputs).</summary>
    Turned,

    /// <summary>(outputs, inputs, rows, columns) for (outputs, rows, columns, inputs).</summary>
    ChannelsFirst,
}

/// <summary>The way from the one order to the other.</summary>
internal static class TensorOrders
{
    /// <summary>For every number as the file has them, its place in the network's weight of the given shape; empty where the orders are the same.</summary>
    public static int[] Places(TensorOrder order, IReadOnlyList<int> shape) => order switch
    {
        TensorOrder.Turned => Extents.Walk([shape[1], shape[0]], [1, shape[1]], 0),
        TensorOrder.ChannelsFirst => Extents.Walk([shape[0], shape[3], shape[1] * shape[2]], [shape[1] * shape[2] * shape[3], 1, shape[3]], 0),
        _ => [],
    };
}
