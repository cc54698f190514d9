namespace Eigenscope.Learning.Import;

/// <summary>What an import is told beside the model.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Extents of one sample, for models whose input leaves some of them open; null (default) to take the model's own.</summary>
    public IReadOnlyList<int>? SampleShape { get; init; }

    /// <summary>The output to follow where the graph has several; null (default) for the first of floating-point numbers.</summary>
    public string? Output { get; init; }

    /// <summary>Whether a Softmax or LogSoftmax at the very end stays in the network. By default it is left off, so that the outputs are logits, and a note says so.</summary>
    public bool KeepSoftmax { get; init; }

    /// <summary>Ranks of layers by name: such a layer becomes two, a right factor and a left one. Null (default) for none.</summary>
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }

    /// <summary>The most entries that all the results for one sample, constants and index tables together may have. Default 2²⁸: a model that asks for more is refused before memory is taken.</summary>
    public long MostEntries { get; init; } = 1L << 28;
}
