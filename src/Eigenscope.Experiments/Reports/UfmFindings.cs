using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of the unconstrained feature model found, in sentences with numbers.</summary>
internal static class UfmFindings
{
    public static IReadOnlyList<string> Describe(UfmPlan plan, UfmResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        findings.Add(End(plan, result));
        if (result.Theory is { } theory)
        {
            findings.Add(Optimum(plan, theory));
            findings.Add(Reached(plan, result, theory));
            if (Beside(plan, theory) is { } beside)
                findings.Add(beside);
            if (Spectrum(result) is { } spectrum)
                findings.Add(spectrum);
        }
        else
        {
            findings.Add($"There is no closed form to compare with: {result.TheoryReason}.");
        }
        if (UfmEndingFindings.Nullity(result) is { } nullity)
            findings.Add(nullity);
        if (result.Attempts.Count > 1)
            findings.Add(Attempts(result));
        if (UfmEndingFindings.Shares(plan, result) is { } shares)
            findings.Add(shares);
        findings.AddRange(SpectrumFindings.Describe(plan.Measurement, result.Spectra, null, result.Layers));
        return findings;
    }

    private static string End(UfmPlan plan, UfmResult result) =>
        $"{Format.Text(result.Parameters)} parameters (features of {Format.Text(plan.Samples)} samples in {Format.Text(plan.Classes)} classes, {Format.Text(plan.Options.Depth)} weights of width {Format.Text(plan.Options.Width)}), minimised to loss {Format.Exact(result.Loss)} "
        + $"(data {Format.Text(result.DataLoss)}, decay {Format.Text(result.DecayLoss)}); {HowItEnded(result)}: the objective's gradient norm is {Format.Text(result.Stationarity)} after {Format.Text(result.Iterations)} iterations.";

    private static string HowItEnded(UfmResult result) => result.Status switch
    {
        "converged" => "the minimiser converged",
        "stalled" => "no step lowers the loss any further",
        "budget-exhausted" => "the iterations were used up before the gradient vanished",
        "interrupted" => "the minimiser was interrupted",
        _ => "gradient descent took all its steps",
    };

    private static string Optimum(UfmPlan plan, TheoryReport theory)
    {
        string threshold = theory.Threshold.IsDefined ? Format.Text(theory.Threshold) : "a value out of range";
        string linear = plan.IsLinear ? "" : " of the linear model";
        string lower = theory.Optimal is "dnc" or "zero" ? "" : $" The {theory.Optimal} solution of rank {Format.Text(theory.Candidates[0].HiddenRank)}{(theory.Optimal is "srg" ? " before the last ReLU" : "")} has a lower loss still, {Format.Exact(theory.Loss)}.";
        if (theory.IsZeroBelowCollapsed)
        {
            string verdict = lower.Length == 0 ? "Zero is optimal" : "Zero has a lower loss than the collapsed solution";
            string branch = theory.Gain.IsDefined ? "; the collapsed solution still exists, with a higher loss" : ", past the spinodal: no collapsed solution exists";
            return $"{verdict}{linear}: weight decay {Format.Text(plan.Options.WeightDecay)} is above the threshold {threshold}{branch}.{lower}";
        }
        return $"The collapsed solution{linear} has loss {Format.Exact(theory.CollapsedLoss.Value ?? double.NaN)}: gain p = {Format.Text(theory.Gain)}, every singular value {Format.Text(theory.SingularValue)}; zero is lower than it from weight decay {threshold} on.{lower}";
    }

    private static string Reached(UfmPlan plan, UfmResult result, TheoryReport theory)
    {
        if (theory.Nearest is null)
            return $"The run ended at rank {Format.Text(theory.Rank)} in none of the known solutions, at loss {Format.Exact(result.Loss)}: {theory.NearestReason}.";
        CandidateReport? candidate = theory.Candidates.FirstOrDefault(known => known.Name == theory.Nearest);
        string loss = candidate is null ? "" : $", whose loss in closed form is {Format.Exact(candidate.Loss)} (the run's differs by {Format.Text(Math.Abs(result.Loss - candidate.Loss))})";
        return theory.Nearest switch
        {
            "dnc" when !plan.IsLinear => $"The run ended in a point of the collapsed solution's structure in logits and weights, rank {Format.Text(theory.Rank)}{loss}; with a ReLU the Hessians need not be those of the closed form.",
            "dnc" => $"The run ended in the collapsed solution, rank {Format.Text(theory.Rank)}{loss}.",
            "srg" => $"The run ended in the strongly regular solution, classes as edges, of rank {Format.Text(theory.HiddenRank)} before the last ReLU and {Format.Text(theory.Rank)} behind it{loss}; that point is a saddle, and descents that lose its symmetry end a little below it.",
            "zero" => $"The run ended in the zero solution{loss}.",
            _ => $"The run ended in the {theory.Nearest} solution, of rank {Format.Text(theory.Rank)} out of {Format.Text(theory.FullRank)}{loss}.",
        };
    }

    private static string? Beside(UfmPlan plan, TheoryReport theory)
    {
        bool isThere = theory.Nearest is "dnc" or "zero";
        ComparisonReport[] known = [.. theory.Comparisons.Where(static comparison => comparison.Difference.IsDefined)];
        if (!isThere || known.Length == 0)
            return null;
        ComparisonReport worst = known.MaxBy(static comparison => Math.Abs(comparison.Difference.Value!.Value))!;
        string which = plan.IsLinear ? "" : " (of the linear model; a ReLU need not follow it)";
        return $"Beside the closed form{which}: {Format.Text(known.Length)} quantities, the farthest off is {worst.Name}, by {Format.Text(Math.Abs(worst.Difference.Value!.Value))} where {Format.Text(worst.Predicted)} is predicted.";
    }

    private static string? Spectrum(UfmResult result)
    {
        SpectrumReport? full = result.Spectra.FirstOrDefault(static spectrum => spectrum is { Scope: "all", IncludesWeightDecay: true, Predicted: not null });
        if (full?.Predicted is not { } predicted || result.Theory is not { Nearest: "dnc" or "zero" })
            return null;
        string groups = string.Join(", ", predicted.Groups.Take(6).Select(static group => $"{Format.Text(group.Value)} ×{group.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)}"));
        string extent = full.Complete ? $"all {Format.Text(full.Dimension)} eigenvalues" : $"the largest {Format.Text(full.Eigenvalues.Count)} of {Format.Text(full.Dimension)} eigenvalues";
        return $"Full Hessian of the objective in the weights, features held fixed: predicted {groups}{(predicted.Groups.Count > 6 ? ", …" : "")}; {extent} agree to {Format.Text(predicted.MaxRelativeError)} of the largest.";
    }

    private static string Attempts(UfmResult result)
    {
        string counts = string.Join(", ", result.Ranks.Select(static rank => $"rank {Format.Text(rank.Rank)} in {Format.Text(rank.Count)} (loss from {Format.Exact(rank.LowestLoss)})"));
        int reported = 1 + Enumerable.Range(0, result.Attempts.Count).First(i => result.Attempts[i].IsReported);
        return $"{Format.Text(result.Attempts.Count)} starts ended in {counts}; start {Format.Text(reported)}, at scale {Format.Text(result.Attempts[reported - 1].InitScale)}, is reported.";
    }
}
