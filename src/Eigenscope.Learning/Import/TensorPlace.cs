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
