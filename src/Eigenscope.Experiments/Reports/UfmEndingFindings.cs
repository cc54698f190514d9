using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>Where starts ended, and how flat the objective is at the end, in sentences with numbers.</summary>
internal static class UfmEndingFindings
{
    // A run that ends in the collapsed solution has its loss up to this.
    private const double Rounding = 1e-9;

    /// <summary>The shares of independent starts; null where there was only one.</summary>
    public static string? Shares(UfmPlan plan, UfmResult result)
    {
        if (plan.Options.Starts < 2 || result.Endings.Count == 0)
            return null;
        int starts = result.Endings.Sum(static ending => ending.Count);
        string shares = string.Join("; ", result.Endings.Select(ending => $"{Format.Text(ending.Count)} in {ending.Name} (share {Format.Text(ending.Share)} ± {Format.Text(ending.StandardError)}, 95 % interval {Format.Text(ending.Low)} to {Format.Text(ending.High)})"));
        return $"Of {Format.Text(starts)} independent starts ended {shares}; Wilson's intervals.{BelowCollapse(plan, result)}";
    }

    /// <summary>Measured and predicted nullity; null where neither operator was solved densely.</summary>
    public static string? Nullity(UfmResult result)
    {
        string[] known = [.. result.Nullity.Where(static nullity => nullity.Count.IsDefined).Select(Describe)];
        return known.Length == 0 ? null : $"Zero eigenvalues of the objective's Hessian: {string.Join("; ", known)}.";
    }

    private static string Describe(NullityReport nullity)
    {
        string scope = nullity.Scope is "all" ? "in the weights" : "in weights and features";
        string predicted = nullity.Predicted.IsDefined ? $", {Format.Text(nullity.Predicted)} predicted from the rotations between layers" : "";
        return $"{Format.Text(nullity.Count)} {scope}{predicted}";
    }

    private static string BelowCollapse(UfmPlan plan, UfmResult result)
    {
        if (result.Theory?.CollapsedLoss.Value is not { } collapsed)
            return "";
        UfmAttemptReport[] below = [.. result.Attempts.Take(plan.Options.Starts).Where(attempt => attempt.Loss.Value <= collapsed * (1.0 + Rounding))];
        string ranks = below.Length == 0 ? "" : $", with ranks {Format.Text(below.Min(static attempt => attempt.HiddenRank))} to {Format.Text(below.Max(static attempt => attempt.HiddenRank))} before the last activation";
        return $" {Format.Text(below.Length)} ended at or below the loss of the collapsed solution{ranks}.";
    }
}
