namespace Eigenscope.Experiments.Claims;

/// <summary>A command that a claim's numbers are read off.</summary>
/// <param name="Name">Its name within the claim.</param>
/// <param name="Command">The command: "ufm".</param>
/// <param name="Options">Its options by name without dashes; of a switch "true". What is not named has the command's default.</param>
public sealed record ClaimRun(string Name, string Command, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>How many seeds it is run with, ≥ 1. Default 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Seconds of one core that one seed takes, about; only the choice of what fits a budget depends on it.</summary>
    public required double Seconds { get; init; }
}
