namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of recursive feature machines on modular arithmetic found; its properties, in camel case, are <c>result</c> in the JSON.</summary>
public sealed record GrokResult
{
    /// <summary>The operations in the order in which they were learned.</summary>
    public required IReadOnlyList<GrokOperationReport> Operations { get; init; }

    /// <summary>Whether every operation went through all its iterations.</summary>
    public required bool Converged { get; init; }

    /// <summary>Whether the run was interrupted and this is what was done so far.</summary>
    public required bool Partial { get; init; }
}
