using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>A network that was read from a file, with its parameters and what the reader should be told about it.</summary>
public sealed record ImportedModel
{
    /// <summary>The network. Parameters have the file's own names; a layer is named after its weight, without a trailing ".weight".</summary>
    public required Network Network { get; init; }

    /// <summary>The parameters, then the statistics: <see cref="Network.StateLength"/> entries.</summary>
    public required double[] State { get; init; }

    /// <summary>Name of the input.</summary>
    public required string InputName { get; init; }

    /// <summary>Extents of one sample as the file orders them, the batch left out: [3, 32, 32].</summary>
    public required IReadOnlyList<int> InputShape { get; init; }

    /// <summary>Name of the output that the logits are.</summary>
    public required string OutputName { get; init; }

    /// <summary>What was done that a reader might not expect, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
