using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of recursive feature machines on modular arithmetic found, in sentences with numbers.</summary>
internal static class GrokFindings
{
    public static IReadOnlyList<string> Describe(GrokPlan plan, GrokResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        foreach (GrokOperationReport operation in result.Operations)
        {
            findings.Add(Course(plan, operation));
            findings.Add(Features(operation));
            if (operation.Status is not ("finished" or "interrupted"))
                findings.Add($"{operation.Operation} ended early: {operation.Message}.");
        }
        return findings;
    }

    private static string Course(GrokPlan plan, GrokOperationReport operation)
    {
        string start = $"{operation.Operation} modulo {Format.Text(plan.Options.Modulus)}, trained on {Format.Text(operation.TrainSamples)} of {Format.Text(operation.TrainSamples + operation.TestSamples)} pairs: the training loss never exceeds {Format.Text(operation.LargestTrainLoss)}";
        if (!operation.FirstAboveChance.IsDefined)
            return $"{start}; the test accuracy stays near chance ({Format.Percent(operation.Chance)}) in all {Format.Text(operation.Iterations[^1].Iteration)} iterations.";
        string reached = operation.FirstAbove90.IsDefined
            ? $"exceeds 90 % first at iteration {Format.Text(operation.FirstAbove90)}{(operation.FirstAbove99.IsDefined ? $" and 99 % at {Format.Text(operation.FirstAbove99)}" : " and does not exceed 99 %")}"
            : "does not exceed 90 %";
        return $"{start}, while the test accuracy stays near chance ({Format.Percent(operation.Chance)}) before iteration {Format.Text(operation.FirstAboveChance)}, {reached}, and ends at {Format.Percent(operation.TestAccuracy)}.";
    }

    private static string Features(GrokOperationReport operation)
    {
        GrokIterationReport last = operation.Iterations[^1];
        GrokIterationReport? first = operation.Iterations.FirstOrDefault(static point => point.CirculantDeviation.IsDefined);
        if (first is null || first.Iteration == last.Iteration)
            return $"{operation.Operation}: no metric was learned that could be compared.";
        GrokIterationReport before = operation.FirstAboveChance.Value is { } rise && rise > 1.0 ? operation.Iterations[(int)rise - 1] : last;
        return $"{operation.Operation}: the circulant deviation goes from {Format.Text(first.CirculantDeviation)} at iteration {Format.Text(first.Iteration)} to {Format.Text(last.CirculantDeviation)}"
            + (ReferenceEquals(before, last) ? "." : $"; it is {Format.Text(before.CirculantDeviation)} already at iteration {Format.Text(before.Iteration)}, before the test accuracy moves, and the metric's cosine with the last one {Format.Text(before.AgopAlignment)}.");
    }
}
