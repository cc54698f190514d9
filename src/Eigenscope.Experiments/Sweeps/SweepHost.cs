using Eigenscope.Experiments.Engines;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>What a sweep needs of the face that starts it.</summary>
public sealed record SweepHost
{
    /// <summary>Understands the command lines of runs.</summary>
    public required RunPreparation Prepare { get; init; }

    /// <summary>How workers are started.</summary>
    public required WorkerProgram Program { get; init; }

    /// <summary>Folder that paths are relative to.</summary>
    public required string Folder { get; init; }
}
