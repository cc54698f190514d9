namespace Eigenscope.Experiments.Sweeps;

/// <summary>The options of <c>sweep</c>, as a user gives them.</summary>
public sealed record SweepOptions
{
    /// <summary>The recipe, a YAML file.</summary>
    public required string Recipe { get; init; }

    /// <summary>What carries its runs out, and what is asked of it.</summary>
    public EngineOptions Engine { get; init; } = new();
}
