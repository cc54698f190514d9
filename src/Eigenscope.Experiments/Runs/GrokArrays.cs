using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Runs;

/// <summary>The metrics of a run for other programs.</summary>
internal static class GrokArrays
{
    /// <summary>Of each operation the metrics M_0 … M_T in one array, (T + 1) × 2p × 2p.</summary>
    public static IReadOnlyList<NamedArray> Collect(IReadOnlyList<LearnedOperation> learned) =>
    [
        .. learned.Select(static operation => new NamedArray(
            $"{GrokRecipe.Name(operation.Operation)}/metrics",
            [.. operation.Metrics.SelectMany(static metric => metric.Storage)],
            [operation.Metrics.Count, operation.Metrics[0].Rows, operation.Metrics[0].Columns])),
    ];
}
