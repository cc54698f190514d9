using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.DataListing;

/// <summary>The result of <c>data verify</c>.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Location">Where it is: a folder, "embedded" or "synthetic".</param>
/// <param name="Status">"ok", "partial" (well formed, but less than what was published) or "wrong".</param>
/// <param name="Files">Its files; none for synthetic data.</param>
public sealed record DataVerifyResult(string Name, string Location, string Status, IReadOnlyList<DataVerifyEntry> Files);

/// <summary>A file of a data set.</summary>
public sealed record DataVerifyEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its length; null when it is not there.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Why there is no length.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? BytesReason { get; init; }

    /// <summary>"ok", "partial", "wrong" or "missing".</summary>
    public required string Status { get; init; }

    /// <summary>What was compared.</summary>
    public required string Detail { get; init; }
}
