using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep with everything decided: which runs, and with what command line each. Written to the store; never changed.</summary>
public sealed record SweepPlan
{
    /// <summary>Version of the file's shape.</summary>
    public int Format { get; init; } = RunStore.Format;

    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary>The command that every run carries out; <c>reproduce</c> where each has its own.</summary>
    public required string Command { get; init; }

    /// <summary>Threads of every run.</summary>
    public required int Threads { get; init; }

    /// <summary>Folder that paths in the options are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether arrays are kept.</summary>
    public required bool KeepsArrays { get; init; }

    /// <summary>Whether trained models are kept.</summary>
    public required bool KeepsModels { get; init; }

    /// <summary>Seconds between two checkpoints of a run.</summary>
    public required double CheckpointSeconds { get; init; }

    /// <summary>The options that differ between runs, in the order of the recipe, with their values.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>The runs; a run's place is its index.</summary>
    public required IReadOnlyList<SweepRun> Runs { get; init; }

    /// <summary>What a store says of one of the runs when it is over.</summary>
    internal RunRecord Record(SweepRun run, string? error, DateTimeOffset finished, double seconds) => new()
    {
        Id = run.Id,
        Command = run.Command,
        Name = Name,
        Options = run.Options,
        Seed = run.Seed,
        Threads = Threads,
        Status = error is null ? RunRecord.Done : RunRecord.Failed,
        Error = error,
        Version = RunHost.Version,
        Finished = finished,
        Seconds = seconds,
    };
}

/// <summary>One run of a sweep.</summary>
public sealed record SweepRun
{
    /// <summary>Its identity in the store.</summary>
    public required string Id { get; init; }

    /// <summary>Its options, by name without dashes.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Its seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The command line: the command, then its options.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The command.</summary>
    internal string Command => Arguments[0];
}
