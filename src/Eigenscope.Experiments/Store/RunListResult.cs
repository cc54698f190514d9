using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Store;

/// <summary>Runs of a store.</summary>
/// <param name="Store">Its folder.</param>
/// <param name="Count">How many.</param>
/// <param name="Runs">The runs, the latest first.</param>
public sealed record RunListResult(string Store, int Count, IReadOnlyList<RunListEntry> Runs);

/// <summary>One run.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Command">The command.</param>
/// <param name="Name">The sweep that it was first part of.</param>
/// <param name="Options">Its options.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Status">done or failed.</param>
/// <param name="Error">Why it failed; null, and not written, otherwise.</param>
/// <param name="Loss">The objective at the end; null where there is none.</param>
/// <param name="Accuracy">Share of the measured samples that are classified correctly; null, and not written, where there is none.</param>
/// <param name="TestAccuracy">Share of the held-out samples that are; null, and not written, where there is none.</param>
/// <param name="Seconds">How long it took; null where it is not known.</param>
/// <param name="Finished">When it ended.</param>
public sealed record RunListEntry(
    string Id,
    string Command,
    string Name,
    IReadOnlyDictionary<string, string> Options,
    ulong Seed,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    double? Loss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Accuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TestAccuracy,
    double? Seconds,
    DateTimeOffset Finished)
{
    /// <summary>Why there is no objective; null, and not written, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LossReason => Loss is not null ? null : Status is RunRecord.Done ? "the command minimises no objective, or it is not finite" : Status is RunRecord.Failed ? "the run failed" : "the run is missing";

    /// <summary>Why it is not known how long it took; null, and not written, where it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecondsReason => Seconds is null ? "its folder is damaged" : null;

    internal static RunListEntry Of(IndexedRun run) =>
        new(run.Id, run.Command, run.Name, run.Options, run.Seed, run.Status, run.Error, run.Loss, run.Accuracy, run.TestAccuracy, run.Seconds, run.Finished);
}

/// <summary>One run in full.</summary>
/// <param name="Run">What the store says of it.</param>
/// <param name="Path">Where it is.</param>
public sealed record RunShowResult(RunRecord Run, string Path);

/// <summary>Runs side by side.</summary>
/// <param name="Store">The store's folder.</param>
/// <param name="Differing">The options, and the seed, in which they differ.</param>
/// <param name="Runs">The runs.</param>
public sealed record RunCompareResult(string Store, IReadOnlyList<string> Differing, IReadOnlyList<RunCompareEntry> Runs);

/// <summary>One of them.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Command">The command.</param>
/// <param name="Name">The sweep that it was first part of.</param>
/// <param name="Differing">Its values of the options in which they differ; without those that it leaves to the default.</param>
/// <param name="Status">done or failed.</param>
/// <param name="Seconds">How long it took; null, and not written, where it is not known.</param>
/// <param name="Facts">Its numbers.</param>
public sealed record RunCompareEntry(string Id, string Command, string Name, IReadOnlyDictionary<string, string> Differing, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds, RunFacts Facts);
