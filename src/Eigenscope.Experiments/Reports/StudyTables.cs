using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>A study as tables for people.</summary>
internal static class StudyTables
{
    public static IReadOnlyList<SummaryTable> Build(StudyPlan plan, StudyResult result) =>
    [
        NetworkTables.Collapse(result.Layers, result.Output, Whole(plan, result)), NetworkTables.Weights(result.Layers), LowRankTables.Layers(result.Layers), .. LowRankTables.OnGrids(result.Layers) is { } grids ? [grids] : Array.Empty<SummaryTable>(), .. plan.Measurement.HasSpectra ? [NetworkTables.Spectra(result.Spectra, plan.Data.Train.ClassCount, Whole(plan, result)), PredictionSummary.Table(plan.Data.Train.ClassCount, result.Layers, result.Spectra)] : Array.Empty<SummaryTable>(),
        .. new[] { OriginSummary.Table(result.Spectra), DensityTable.Build(result.Spectra), FeatureLearning.Table(result.Trajectory), LowRankTables.Along(result.Trajectory, "epoch") }.OfType<SummaryTable>(), Trajectory(result, plan.Measurement.HasSpectra),
    ];

    // What ± is of; null where all samples are measured.
    private static string? Whole(StudyPlan plan, StudyResult result) => result.Training is null ? null : plan.Measurement.Whole;

    private static SummaryTable Trajectory(StudyResult result, bool hasSpectra) => new(
        "Along training",
        [Numeric("epoch"), Numeric("loss"), Numeric("accuracy"), Numeric("‖g‖"), Numeric("NC1 last"), .. hasSpectra ? [Numeric("θ₁"), Numeric("g in K")] : Array.Empty<SummaryColumn>()],
        [.. result.Trajectory.Select(point => (IReadOnlyList<string>)
        [
            Format.Text(point.Epoch),
            Format.Text(point.Loss),
            point.Accuracy.ToString("F4", System.Globalization.CultureInfo.InvariantCulture),
            Format.Text(point.GradientNorm),
            point.Layers.Count > 0 ? Format.Text(point.Layers[^1].Input.Collapse.Nc1TraceRatio) : Format.Undefined,
            .. hasSpectra ? [Full(point) is { } top ? At(top.Eigenvalues, 1) : Format.Undefined, Full(point) is { } aligned ? Format.Text(aligned.AlignmentTopK) : Format.Undefined] : Array.Empty<string>(),
        ])],
        ["loss: the objective, decay included; ‖g‖: gradient of the data loss; NC1 last: at the last layer's input" + (hasSpectra ? "; θ₁ and g in K: largest eigenvalue of the full Hessian and share of the gradient in its top-K eigenspace." : ".")]);

    private static TrajectorySpectrum? Full(TrajectoryPoint point) => point.Spectra.FirstOrDefault(static spectrum => spectrum.Scope is "all");

    private static string At(IReadOnlyList<double> values, int rank) => values.Count >= rank ? Format.Text(values[rank - 1]) : Format.Undefined;

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
