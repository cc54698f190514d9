using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;

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

    /// <summary>The cluster of <c>--engine slurm</c>. Default: the one that Slurm's programs on the PATH belong to.</summary>
    public SlurmClient Slurm { get; init; } = new(new SystemProcessRunner(), new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>Variables that workers on other machines are to see, by name. Default: none beside those that the engine passes on by itself.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether <c>sweep --report</c> can be asked for. Default: false.</summary>
    public bool WritesPages { get; init; }
}
