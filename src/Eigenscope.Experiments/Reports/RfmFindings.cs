using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a recursive feature machine came to, in sentences with numbers.</summary>
internal static class RfmFindings
{
    public static IReadOnlyList<string> Describe(RfmPlan plan, RfmResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        findings.Add(Scores(plan, result));
        if (Seen(result) is { } seen)
            findings.Add(seen);
        if (result.Iterations.Count > 1)
            findings.Add(Beside(result));
        if (result.Ending is not ("finished" or "loaded" or "interrupted"))
            findings.Add($"It ended early: {result.Message.TrimEnd('.')}.");
        if (result.Agop is { Eigenvalues: { } values, Trace.Value: { } trace and > 0.0 })
            findings.Add(Gradient(result, values, trace));
        if (result.Iterations.Count > 1)
            findings.Add($"The metric of each iteration is {result.MetricFrom}. The AGOP reported is the plain mean, before all of that.");
        findings.Add(KernelSolves.Describe(Solves(result)));
        findings.AddRange(KernelSolves.Open(Solves(result)));
        return findings;
    }

    /// <summary>The iterations' solves, with their names.</summary>
    public static IReadOnlyList<(string Where, KernelSolveReport Solve)> Solves(RfmResult result) =>
        [.. result.Iterations.Select(static iteration => ($"iteration {Format.Text(iteration.Iteration)}", iteration.Solver))];

    /// <summary>The error of an iteration on test samples, or its loss where targets are real.</summary>
    public static string Test(RfmIterationReport iteration) => iteration switch
    {
        { TestError.Value: { } error, TestErrorStandardError.Value: { } doubt } => $"{Format.Percent(error)} ± {Format.Percent(doubt)}",
        { TestError.Value: { } error } => Format.Percent(error),
        { TestExplained.Value: { } explained } => $"loss {Format.Text(iteration.TestLoss)}, {Format.Percent(explained)} of the variance explained",
        { TestLoss.IsDefined: true } => $"loss {Format.Text(iteration.TestLoss)}",
        _ => Format.Undefined,
    };

    /// <summary>That test samples were trained on; null when none was.</summary>
    public static string? Seen(RfmResult result) => result.TestSamplesSeen == 0
        ? null
        : $"{Format.Text(result.TestSamplesSeen)} of the {Format.Text(result.TestSamples)} test samples coincide with training samples of the machine: on them the test says nothing.";

    private static string Scores(RfmPlan plan, RfmResult result)
    {
        RfmIterationReport best = result.Iterations[result.Best];
        string machine = result.Ending is "loaded"
            ? $"A machine of {Format.Text(result.Samples)} points, loaded, on {plan.Name}"
            : $"A recursive feature machine on {plan.Name} ({Format.Text(result.Samples)} samples of {Format.Text(result.Dimension)} coordinates{(plan.Classes is { } classes ? $", {Format.Text(classes.Count)} classes" : "")}), iteration {Format.Text(result.Best)}{Choice(result)}";
        string train = best.TrainError.Value is { } error ? $" misclassifies {Format.Percent(error)} of the training samples" : best.TrainLoss.IsDefined ? $" has training loss {Format.Text(best.TrainLoss)}" : "";
        string test = result.TestSamples == 0
            ? "; there are no test samples"
            : best.TestError.IsDefined
                ? $"{(train.Length > 0 ? " and" : " misclassifies")} {Test(best)} of {Format.Text(result.TestSamples)} test samples"
                : $"{(train.Length > 0 ? ";" : ":")} on {Format.Text(result.TestSamples)} test samples {Test(best)}";
        return $"{machine}{(train.Length == 0 && !best.TestError.IsDefined ? "" : train)}{test}.";
    }

    private static string Choice(RfmResult result) => result.ValidationSamples > 0 ? $", of lowest loss on {Format.Text(result.ValidationSamples)} validation samples," : "";

    private static string Beside(RfmResult result)
    {
        RfmIterationReport plain = result.Iterations[0], last = result.Iterations[^1];
        if (result.TestSamples == 0)
            return $"Plain kernel ridge regression, iteration 0, has training loss {Format.Text(plain.TrainLoss)}, the last iteration {Format.Text(last.TrainLoss)}.";
        string doubt = plain.TestErrorStandardError.IsDefined ? "; ± is the binomial standard error of that many samples, and all iterations are tested on the same ones" : "";
        return $"On the test samples plain kernel ridge regression, iteration 0, has {What(plain)}{Test(plain)}, the last iteration {Test(last)}{doubt}.";
    }

    private static string What(RfmIterationReport iteration) => iteration.TestError.IsDefined ? "error " : "";

    private static string Gradient(RfmResult result, IReadOnlyList<double> values, double trace)
    {
        int outputs = Math.Min(result.Outputs, values.Count);
        int coordinate = result.AgopDiagonal!.Select(static (value, i) => (value, i)).MaxBy(static entry => entry.value).i;
        return $"Its AGOP has trace {Format.Text(trace)}; the {(outputs == 1 ? "largest eigenvalue holds" : $"{Format.Text(outputs)} largest eigenvalues, one an output, hold")} {Format.Percent(values.Take(outputs).Sum() / trace)} of it, and coordinate {Format.Text(coordinate)} alone {Format.Percent(result.AgopDiagonal![coordinate] / trace)}.";
    }
}
