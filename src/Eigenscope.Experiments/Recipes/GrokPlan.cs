using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked run of <c>grok</c>.</summary>
internal sealed record GrokPlan
{
    public required GrokOptions Options { get; init; }

    /// <summary>What is learned, one after the other.</summary>
    public required IReadOnlyList<ModularOperation> Operations { get; init; }

    /// <summary>The machine.</summary>
    public required RfmOptions Machine { get; init; }

    /// <summary>b of the Gaussian kernel; null for another kernel.</summary>
    public required double? Bandwidth { get; init; }
}
