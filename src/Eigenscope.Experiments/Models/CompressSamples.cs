using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;

namespace Eigenscope.Experiments.Models;

/// <summary>Samples as they enter a network that is made smaller.</summary>
internal sealed record CompressSamples
{
    /// <summary>The name or path that was read.</summary>
    public required string Name { get; init; }

    /// <summary>The samples.</summary>
    public required DataSplit Data { get; init; }

    /// <summary>Whether the training samples are, bit by bit, those that the model was trained on; null where nobody knows.</summary>
    public required bool? IsTrainingData { get; init; }

    /// <summary>The loss of the network on them.</summary>
    public required Loss Loss { get; init; }

    /// <summary>What a reader of the results should know of how they were taken, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
