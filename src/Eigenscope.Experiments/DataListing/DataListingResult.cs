using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.DataListing;

/// <summary>The result of <c>data list</c>.</summary>
/// <param name="Datasets">One entry for each known name.</param>
public sealed record DataListingResult(IReadOnlyList<DataListingEntry> Datasets);

/// <summary>A data set known by name.</summary>
public sealed record DataListingEntry
{
    /// <summary>The name that <c>--data</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is on this machine.</summary>
    public required bool Available { get; init; }

    /// <summary>A folder, "embedded" or "synthetic"; null when it is not on this machine.</summary>
    public required string? Location { get; init; }

    /// <summary>What to do to have it, when it is not on this machine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? LocationReason { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Detail { get; init; }

    /// <summary>Training samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Test samples that come with it.</summary>
    public required int TestSamples { get; init; }

    /// <summary>Shape of one sample.</summary>
    public required IReadOnlyList<int> SampleShape { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }
}
