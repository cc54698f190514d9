using System.Text.Json;

namespace Eigenscope.Experiments.Store;

/// <summary>One run as the index has it.</summary>
internal sealed record IndexedRun
{
    public required string Id { get; init; }

    public required string Command { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public string? Error { get; init; }

    public required ulong Seed { get; init; }

    public double? Loss { get; init; }

    public double? Accuracy { get; init; }

    public double? TestAccuracy { get; init; }

    public double? Seconds { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The facts as they are kept; of ten thousand runs few are looked at.</summary>
    public string? FactsText { get; init; }

    /// <summary>The facts; none for a run that failed.</summary>
    public RunFacts Facts => FactsText is { } text ? JsonSerializer.Deserialize<RunFacts>(text, StoreJson.Compact)! : new RunFacts();

    /// <summary>Reads a run's folder, or why it failed. A damaged one is a failed run whose error says so.</summary>
    public static IndexedRun Of(RunStore store, string id, bool isFinished)
    {
        try
        {
            return isFinished ? Of(store.Read(id)) : store.ReadFailure(id) is { } failure ? Of(failure) : Unreadable(id, $"{store.FailureOf(id)} cannot be read");
        }
        catch (DamagedRunException damage)
        {
            return Unreadable(id, $"its folder is damaged: {damage.Message}");
        }
    }

    private static IndexedRun Of(RunRecord record) => new()
    {
        Id = record.Id,
        Command = record.Command,
        Name = record.Name,
        Status = record.Status,
        Error = record.Error,
        Seed = record.Seed,
        Loss = record.Facts?.Loss,
        Accuracy = record.Facts?.Accuracy,
        TestAccuracy = record.Facts?.TestAccuracy,
        Seconds = record.Seconds,
        Finished = record.Finished,
        Options = record.Options,
        FactsText = record.Facts is { } facts ? JsonSerializer.Serialize(facts, StoreJson.Compact) : null,
    };

    private static IndexedRun Unreadable(string id, string error) => new()
    {
        Id = id,
        Command = "?",
        Name = "?",
        Status = RunRecord.Failed,
        Error = error,
        Seed = 0,
        Finished = DateTimeOffset.UnixEpoch,
        Options = new Dictionary<string, string>(StringComparer.Ordinal),
    };
}
