using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Store;

/// <summary>What a store says of one run: <c>run.json</c> in its folder, written last.</summary>
public sealed record RunRecord
{
    /// <summary>Name of a run that was carried out.</summary>
    public const string Done = "done";

    /// <summary>Name of a run that ended with a message in place of a result, or whose folder is damaged.</summary>
    public const string Failed = "failed";

    /// <summary>Name of a run of a sweep that the store has nothing of.</summary>
    public const string Missing = "missing";

    /// <summary>Version of this file's shape.</summary>
    public int Format { get; init; } = RunStore.Format;

    /// <summary>Sixteen hexadecimal digits: a hash of command, options, seed, precision, threads and the data's content where it is the user's own.</summary>
    public required string Id { get; init; }

    /// <summary>The command: "ufm".</summary>
    public required string Command { get; init; }

    /// <summary>The sweep that it was first part of.</summary>
    public required string Name { get; init; }

    /// <summary>The options that differ from the command's own defaults, by their name without dashes, as the recipe gives them.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads that it computed with.</summary>
    public required int Threads { get; init; }

    /// <summary>done or failed.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed; null, and not written, when it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Version of the program that carried it out.</summary>
    public required string Version { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>How long it took; of a run that went on from a checkpoint, since it did.</summary>
    public required double Seconds { get; init; }

    /// <summary>The numbers that tables and pages of many runs show; null for a run that failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunFacts? Facts { get; init; }

    /// <summary>The other files of the folder.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];
}

/// <summary>A file of a run's folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, in hexadecimal digits.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256);
