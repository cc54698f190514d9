using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Theory;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Puts the closed form beside measured spectra: that of the zero solution where the run ended there, that of the collapsed one where it ended there, and nothing where it ended elsewhere.
/// With a ReLU, the layers' Hessians of the linear model stand beside any run of full rank before and behind the last ReLU. The predictions depend on the setting alone; of the run only the solution it ended in chooses.
/// </summary>
internal sealed class UfmPredictions(UfmPlan plan, UfmAttemptReport reached)
{
    public IReadOnlyList<SpectrumReport> Attach(IEnumerable<SpectrumReport> spectra) => [.. spectra.Select(Attach)];

    /// <summary>Whether the collapsed solution's numbers belong beside those of the run.</summary>
    public bool IsComparable(UfmOptimum optimum) =>
        optimum.Exists && (reached.Nearest is "dnc" || (!plan.IsLinear && reached.Rank == optimum.Rank && reached.HiddenRank == optimum.Rank));

    private SpectrumReport Attach(SpectrumReport spectrum) =>
        plan.Optimum is { } optimum && Predict(optimum, spectrum) is { } groups
            ? spectrum with { Predicted = Compare(spectrum, groups), PredictedFromClassMeans = spectrum.Predicted }
            : spectrum;

    private IReadOnlyList<PredictedGroup>? Predict(UfmOptimum optimum, SpectrumReport spectrum)
    {
        int layer = Enumerable.Range(0, plan.Options.Depth).FirstOrDefault(l => plan.Weights.WeightLayers[l].Weight.Name == spectrum.Scope, -1);
        if (reached.Nearest is "zero")
            return PredictZero(optimum, spectrum, layer);
        if (!IsComparable(optimum))
            return null;
        if (layer >= 0 && !spectrum.IncludesWeightDecay)
            return UfmSpectra.LayerHessian(optimum, layer + 1);
        return plan.IsLinear ? PredictWhole(optimum, spectrum) : null;
    }

    private IReadOnlyList<PredictedGroup>? PredictWhole(UfmOptimum optimum, SpectrumReport spectrum) => (spectrum.Operator, spectrum.Scope, spectrum.IncludesWeightDecay) switch
    {
        ("hessian", "all", true) => UfmSpectra.FullHessian(optimum),
        ("hessian", "all+features", true) => UfmSpectra.FullHessianWithFeatures(optimum),
        ("hessian", "H1", true) => UfmSpectra.FeatureHessian(optimum),
        // The decay adds λ to every eigenvalue, unless a bias without decay is among the parameters.
        ("hessian", "all", false) when !plan.Options.Bias => [.. UfmSpectra.FullHessian(optimum).Select(group => group with { Value = group.Value - plan.Options.WeightDecay })],
        ("gauss-newton", "all", false) when !plan.Options.Bias => UfmSpectra.GaussNewtonOfWeights(optimum),
        _ => null,
    };

    private IReadOnlyList<PredictedGroup>? PredictZero(UfmOptimum optimum, SpectrumReport spectrum, int layer)
    {
        if (spectrum.IncludesWeightDecay && plan.IsLinear)
        {
            return spectrum.Scope switch
            {
                "all" => UfmSpectra.ZeroFullHessian(optimum.Setting),
                "all+features" => UfmSpectra.ZeroFullHessianWithFeatures(optimum.Setting),
                "H1" => [new PredictedGroup(plan.FeatureDecay, spectrum.Dimension)],
                _ => null,
            };
        }
        return layer >= 0 || !plan.Options.Bias ? [new PredictedGroup(0.0, spectrum.Dimension)] : null;
    }

    private static PredictionReport Compare(SpectrumReport spectrum, IReadOnlyList<PredictedGroup> groups)
    {
        double[] errors = Errors(spectrum.Eigenvalues, groups);
        return new PredictionReport
        {
            Source = PredictionReport.ClosedForm,
            Groups = groups,
            RelativeErrors = errors.Length > 0 ? errors : null,
            MaxRelativeError = errors.Length > 0 ? Number.Of(errors.Max()) : Number.Undefined(Scale(spectrum.Eigenvalues, groups) == 0.0 ? "the spectrum is zero, as predicted" : "no eigenvalue was found"),
            SubspaceOverlap = Number.Undefined("a closed form gives values; eigenspaces are compared with the prediction from class means"),
            ExplainedTrace = ExplainedTrace(spectrum, groups),
        };
    }

    // Sorted by value, both: the groups are expanded as far as eigenvalues were found.
    private static double[] Errors(IReadOnlyList<double> measured, IReadOnlyList<PredictedGroup> groups)
    {
        double scale = Scale(measured, groups);
        if (scale == 0.0)
            return [];
        return [.. PredictedEigenvalues.Expand(groups, measured.Count).Zip(measured, (predicted, value) => Math.Abs(predicted - value) / scale)];
    }

    private static double Scale(IReadOnlyList<double> measured, IReadOnlyList<PredictedGroup> groups) =>
        measured.Count == 0 ? 0.0 : Math.Max(Math.Abs(measured[0]), measured[0] == 0.0 ? Math.Abs(groups[0].Value) : 0.0);

    private static Number ExplainedTrace(SpectrumReport spectrum, IReadOnlyList<PredictedGroup> groups)
    {
        if (spectrum.IncludesWeightDecay || (spectrum.Operator is not "gauss-newton" && spectrum.Scope is "all"))
            return Number.Undefined("only for the Gauss–Newton matrix, which has no negative part");
        double predicted = groups.Sum(static group => group.Value * group.Count);
        return spectrum.Trace is { Mean: > 0.0 } trace ? Number.Of(predicted / trace.Mean) : Number.Undefined("the measured trace is not positive");
    }
}
