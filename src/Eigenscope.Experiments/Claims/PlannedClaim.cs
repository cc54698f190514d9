using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Claims;

/// <summary>A claim with its command lines, as changed by <c>--set</c>.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Set">What was changed.</param>
/// <param name="Runs">Its runs, each with the name it has in the claim.</param>
internal sealed record PlannedClaim(Claim Claim, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Set, IReadOnlyList<(ClaimRun Of, SweepRun Run)> Runs)
{
    /// <summary>Why it cannot be judged, as is known before anything is run; null where it can.</summary>
    public string? Obstacle { get; init; }
}
