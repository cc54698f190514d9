using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Claims;

/// <summary>The options of <c>reproduce</c>, as a user gives them.</summary>
public sealed record ReproduceOptions
{
    /// <summary>Claims by name, by the key or number of their paper, or "oracles"; several add up.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Whether all claims are looked at. Default false.</summary>
    public bool All { get; init; }

    /// <summary>Whether claims are only listed. Default false.</summary>
    public bool List { get; init; }

    /// <summary>How long it may take: "90s", "10m", "2h"; null for as long as it takes.</summary>
    public string? Budget { get; init; }

    /// <summary>Options of runs, or settings, that are changed: "weight-decay=0.1". Default none.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Whether a claim that is not reproduced makes the command fail. Default false.</summary>
    public bool Strict { get; init; }

    /// <summary>What carries its runs out, and what is asked of it.</summary>
    public EngineOptions Engine { get; init; } = new();
}
