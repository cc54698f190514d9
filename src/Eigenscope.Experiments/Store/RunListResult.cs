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
/// <param name="Accuracy">Share of the measured samples that are classified correctly, or null.</param>
/// <param name="TestAccuracy">Share of the held-out samples that are, or null.</param>
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
    double? Accuracy,
    double? TestAccuracy,
    double? Seconds,
    DateTimeOffset Finished)
{
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
/// <param name="Differing">Its values of the options in which they differ; null where it leaves one to the default.</param>
/// <param name="Status">done or failed.</param>
/// <param name="Seconds">How long it took; null where it is not known.</param>
/// <param name="Facts">Its numbers.</param>
public sealed record RunCompareEntry(string Id, string Command, string Name, IReadOnlyDictionary<string, string?> Differing, string Status, double? Seconds, RunFacts Facts);
