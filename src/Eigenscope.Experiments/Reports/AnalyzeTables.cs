using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>An analysis as tables for people.</summary>
internal static class AnalyzeTables
{
    public static IReadOnlyList<SummaryTable> Build(AnalyzePlan plan, AnalyzeResult result)
    {
        string? whole = plan.Measurement.IsSubset ? plan.Measurement.Whole : null;
        SummaryTable?[] tables =
        [
            NetworkTables.Collapse(result.Layers, result.Output, whole),
            NetworkTables.Weights(result.Layers),
            Savings(result),
            LowRankTables.Layers(result.Layers),
            LowRankTables.OnGrids(result.Layers),
            plan.Measurement.HasSpectra ? NetworkTables.Spectra(result.Spectra, plan.Classes, whole) : null,
            plan.Measurement is { HasSpectra: true, NoClasses: null } ? PredictionSummary.Table(plan.Classes, result.Layers, result.Spectra) : null,
            OriginSummary.Table(result.Spectra),
            DensityTable.Build(result.Spectra),
        ];
        return [.. tables.OfType<SummaryTable>()];
    }

    private static SummaryTable Savings(AnalyzeResult result) => new(
        "What can go",
        [new SummaryColumn("layer", IsNumeric: false), .. new[] { "NC1", "rank", "of", "parameters", "left", "can go", "Σσ² kept", "accuracy then" }.Select(static header => new SummaryColumn(header, IsNumeric: true))],
        [.. result.Savings.Layers.Select((layer, l) => (IReadOnlyList<string>)
        [
            layer.Name,
            SubsetErrors.Nc1(result.Layers[l].Input),
            Format.Text(layer.Rank),
            Format.Text(layer.FullRank),
            Format.Text(layer.ParametersBefore),
            Format.Text(layer.ParametersAfter),
            Format.Percent(layer.Saved),
            layer.EnergyKept.Value is { } energy ? Format.Accuracy(energy) : Format.Undefined,
            layer.Accuracy.Value is { } accuracy ? Format.Accuracy(accuracy) : Format.Undefined,
        ])],
        ["rank: σ above 1e-3 σ₁; left: r (m + n) numbers of two factors of that rank r, where those are fewer than the m n of the weight; accuracy then: on these samples, with this weight alone cut; – where it stays whole. compress searches the ranks at which accuracy holds."]);
}
