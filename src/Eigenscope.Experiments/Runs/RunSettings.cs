namespace Eigenscope.Experiments.Runs;

/// <summary>What every command shares: where and how to compute. Nothing is read from the environment here; the face does that.</summary>
public sealed record RunSettings
{
    /// <summary>Seed of every random choice. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>float32 or float64. Default float64.</summary>
    public string Precision { get; init; } = "float64";

    /// <summary>Number of threads, ≥ 1; null takes the number of physical cores.</summary>
    public int? Threads { get; init; }

    /// <summary>auto, openblas or managed; null and empty mean auto. The value of EIGENSCOPE_BLAS.</summary>
    public string? Blas { get; init; }

    /// <summary>Folder for cache, runs and checkpoints (EIGENSCOPE_HOME); null takes the user's data folder.</summary>
    public string? Home { get; init; }

    /// <summary>Folder with data sets by name (EIGENSCOPE_DATA), or null.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Downloads data sets that are known by name and not on this machine, into the cache; null never reaches for a network.</summary>
    public NetworkAccess? Network { get; init; }

    /// <summary>Where a long run keeps how far it is, and goes on from if something is there; null keeps nothing. Taken by <c>study</c>.</summary>
    public CheckpointFile? Checkpoint { get; init; }
}
