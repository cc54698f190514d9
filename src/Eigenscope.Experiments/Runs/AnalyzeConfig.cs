using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of an analysis as it was used, defaults and choices included; null where it acts on nothing.</summary>
internal static class AnalyzeConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(AnalyzePlan plan, RunSettings settings, int threads)
    {
        AnalyzeOptions options = plan.Options;
        MeasurementPlan measurement = plan.Measurement;
        bool hasSolves = measurement.HasSpectra || measurement.HasCostlyProducts;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["model"] = options.Model,
            ["store"] = options.Store,
            ["format"] = plan.Model.Format,
            ["architecture"] = options.Architecture,
            ["names"] = options.Names,
            ["data"] = plan.DataName,
            ["dataSource"] = plan.Samples.Origin,
            ["samples"] = plan.Samples.Count,
            ["classes"] = plan.Samples.ClassNames.Count > 0 ? plan.Samples.ClassNames.Count : null,
            ["standardize"] = options.Standardize,
            ["loss"] = plan.Samples.Loss.Name,
            ["targets"] = plan.Samples.Targets,
            ["weightDecay"] = plan.WeightDecay,
            ["operators"] = OperatorNames.IsNone(options.Operators) ? [] : OperatorNames.Split(options.Operators).Distinct(StringComparer.Ordinal).ToArray(),
            ["scopes"] = plan.Scopes,
            ["includeWeightDecay"] = measurement.HasSpectra ? options.IncludeWeightDecay : null,
            ["density"] = measurement.Operators.Count > 0 ? options.Density : null,
            ["halves"] = measurement is { HasSpectra: true, IsSubset: true, HasCostlyProducts: false } ? measurement.HasHalves : null,
            ["convolutionSpectrum"] = measurement.HasCostlyProducts ? options.ConvolutionSpectrum : null,
            ["nfaExponent"] = options.NfaExponent,
            ["agopCentred"] = options.AgopCentred,
            ["agopAtPositions"] = measurement.HasCostlyProducts ? measurement.HasLargeAgops : null,
            ["batch"] = options.Batch,
            ["memory"] = plan.Memory,
            ["top"] = hasSolves ? plan.Pairs : null,
            ["bottom"] = measurement.Operators.Contains(OperatorNames.Hessian, StringComparer.Ordinal) ? options.Bottom : null,
            ["tolerance"] = hasSolves ? plan.Tolerance : null,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
