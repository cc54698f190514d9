using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Counts the zero eigenvalues of the objective's Hessian where it was solved densely. Between two factors of rank r of the linear model, d dimensions apart, the rotations W_{l+1}Qᵀ, Q W_l move a point in rd − r(r+1)/2 directions
/// without changing the objective; L + 1 factors have L such places, the weights alone L − 1.
/// </summary>
internal static class UfmNullity
{
    public static IReadOnlyList<NullityReport> Count(UfmPlan plan, UfmAttemptReport reached, IReadOnlyList<SpectrumReport> spectra) =>
    [
        .. spectra.Where(static spectrum => spectrum is { Operator: "hessian", IncludesWeightDecay: true, Scope: "all" or "all+features" })
            .Select(spectrum => new NullityReport(spectrum.Scope, Count(spectrum), Predict(plan, reached, spectrum.Scope is "all"), spectrum.MultiplicityTolerance)),
    ];

    private static Number Count(SpectrumReport spectrum) => spectrum.Complete
        ? Number.Of(spectrum.Eigenvalues.Count(value => Math.Abs(value) <= spectrum.MultiplicityTolerance))
        : Number.Undefined("only a part of the eigenvalues was computed");

    private static Number Predict(UfmPlan plan, UfmAttemptReport reached, bool isWeightsOnly)
    {
        if (!plan.IsLinear)
            return Number.Undefined("rotations between the layers do not leave a ReLU model as it is");
        if (reached.Nearest is null)
            return Number.Undefined("the run did not end in a known solution");
        double rank = reached.Rank;
        double places = plan.Options.Depth - (isWeightsOnly ? 1 : 0);
        double shift = plan.Options is { Bias: true, Loss: "cross-entropy" } ? 1.0 : 0.0;
        return Number.Of((places * ((rank * plan.Options.Width) - (0.5 * rank * (rank + 1.0)))) + shift);
    }
}
