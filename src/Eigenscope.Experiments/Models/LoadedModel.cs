using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Models;

/// <summary>A trained network from a file, whoever wrote it.</summary>
internal sealed record LoadedModel
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>Its state: the parameters, then the statistics.</summary>
    public required double[] State { get; init; }

    /// <summary>Shape of one sample as the file declares it: [784], or [3, 32, 32].</summary>
    public required IReadOnlyList<int> SampleShape { get; init; }

    /// <summary>What kind of file it was, as results name it.</summary>
    public required string Format { get; init; }

    /// <summary>What a reader of the results should know of how the file was read, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Names of the classes, one a logit; null where the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The model as a study saved it, with its data, loss and scaling; null for a file of others.</summary>
    public TrainedModel? Trained { get; init; }

    /// <summary>The model as it was imported from ONNX; null for a file of another kind.</summary>
    public ImportedModel? Imported { get; init; }
}
