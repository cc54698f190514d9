using System.Text.Json.Serialization;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>What a sweep came to.</summary>
public sealed record SweepResult
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The command that every run carries out.</summary>
    public required string Command { get; init; }

    /// <summary>The store's folder.</summary>
    public required string Store { get; init; }

    /// <summary>Number of runs that are done.</summary>
    public required int Done { get; init; }

    /// <summary>Number of runs that ended with a message.</summary>
    public required int Failed { get; init; }

    /// <summary>Number of runs that the store has nothing of.</summary>
    public required int Missing { get; init; }

    /// <summary>Number of runs that this command carried out, the failed ones included.</summary>
    public required int CarriedOut { get; init; }

    /// <summary>The options that differ between runs, in the order of the recipe, with their values.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>How the derived TCV bound fared; null, and not written, where no run has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepBound? TcvBound { get; init; }

    /// <summary>What was submitted or cancelled; null, and not written, where no cluster was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlurmReport? Slurm { get; init; }

    /// <summary>Every combination of options that differ, in the order of the plan.</summary>
    public required IReadOnlyList<SweepCellReport> Cells { get; init; }

    /// <summary>The runs, in the order of the plan.</summary>
    public required IReadOnlyList<SweepRunReport> Runs { get; init; }

    /// <summary>Whether it was interrupted.</summary>
    public required bool Partial { get; init; }
}

/// <summary>The derived TCV bound over all layers of all runs that have one: distance to rank K ≤ middle + slack.</summary>
/// <param name="Layers">Number of layers that it was measured at.</param>
/// <param name="Held">Number of them at which distance ≤ middle + slack, up to rounding.</param>
/// <param name="HeldWithoutSlack">Number of them at which distance ≤ middle.</param>
/// <param name="RightHeld">Number of them at which middle ≤ right, up to rounding.</param>
/// <param name="LargestShare">Largest distance over (middle + slack).</param>
/// <param name="LargestSlack">Largest slack over middle: how far from stationary the runs are.</param>
public sealed record SweepBound(int Layers, int Held, int HeldWithoutSlack, int RightHeld, double LargestShare, double LargestSlack);

/// <summary>One run of a sweep.</summary>
public sealed record SweepRunReport
{
    /// <summary>Its identity in the store.</summary>
    public required string Id { get; init; }

    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its options, by name without dashes.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Its seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>done, failed or missing.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed; null, and not written, otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What the cluster's queue says of a run that the store has nothing of; null, and not written, otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlurmRun? Slurm { get; init; }

    /// <summary>The objective at the end; null where there is none.</summary>
    public double? Loss { get; init; }

    /// <summary>Why there is no objective; null, and not written, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LossReason => Loss is not null ? null : Status is RunRecord.Done ? "the command minimises no objective, or it is not finite" : Status is RunRecord.Failed ? "the run failed" : "the run is missing";

    /// <summary>How long it took; null for a missing run.</summary>
    public double? Seconds { get; init; }

    /// <summary>Why it is not known how long it took; null, and not written, where it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecondsReason => Seconds is null ? Status is RunRecord.Failed ? "the run failed" : "the run is missing" : null;

    /// <summary>Its other numbers; null, and not written, for a run that is not done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunFacts? Facts { get; init; }
}
