using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked run of a recursive feature machine.</summary>
internal sealed record RfmPlan
{
    public required RfmRunOptions Options { get; init; }

    /// <summary>Name of the data.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is from and how it was scaled.</summary>
    public required string Source { get; init; }

    public required RfmData Train { get; init; }

    public required RfmData? Validation { get; init; }

    public required RfmData? Test { get; init; }

    /// <summary>Names of the classes; null for regression.</summary>
    public required IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Shape of a sample: an image where it has three axes.</summary>
    public required IReadOnlyList<int> SampleShape { get; init; }

    /// <summary>Share of each class that was held out; null where the test samples are the data's own.</summary>
    public required double? TestFraction { get; init; }

    /// <summary>How inputs were scaled; null where they were not.</summary>
    public required Standardization? Scaling { get; init; }

    public required RfmOptions Rfm { get; init; }
}
