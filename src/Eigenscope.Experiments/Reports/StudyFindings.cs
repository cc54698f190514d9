using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a study found, in sentences with numbers.</summary>
internal static class StudyFindings
{
    public static IReadOnlyList<string> Describe(StudyPlan plan, StudyResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        findings.Add(Training(plan, result));
        if (result.Layers.Count > 1)
            findings.Add(NetworkFindings.Collapse(result.Layers));
        if (NetworkFindings.Dead(result.Layers) is { } dead)
            findings.Add(dead);
        if (Rank(plan, result) is { } rank)
            findings.Add(rank);
        findings.AddRange(FeatureLearning.Findings(result.Layers));
        findings.AddRange(NetworkFindings.Gap(plan.Data.Train.ClassCount, result.Spectra));
        findings.AddRange(OriginSummary.Findings(plan.Data.Train.ClassCount, result.Layers, result.Spectra));
        if (PartsSummary.Finding(result.Papyan) is { } parts)
            findings.Add(parts);
        findings.AddRange(PredictionSummary.Findings(plan.Data.Train.ClassCount, result.Layers, result.Spectra));
        findings.AddRange(SpectrumFindings.Describe(plan.Measurement, result.Spectra, result.Papyan, result.Layers));
        return findings;
    }

    private static string Training(StudyPlan plan, StudyResult result)
    {
        string accuracy = result.Training is { } whole
            ? $"{Format.Percent(whole.Accuracy)} on all {Format.Text(whole.Samples)} training samples"
            : Format.Percent(result.Accuracy);
        string test = result.Test is { } held ? $", {Format.Percent(held.Accuracy)} on {Format.Text(held.Samples)} held-out samples" : "";
        string attempts = result.Attempts.Count > 1 ? $" (attempt {Format.Text(1 + Reported(result))} of {Format.Text(result.Attempts.Count)} is reported)" : "";
        return $"Trained {Format.Text(plan.Network.ParameterCount)} parameters on {plan.Data.Train.Name} ({Format.Text(plan.Data.Train.SampleCount)} samples, {Format.Text(plan.Data.Train.ClassCount)} classes) "
            + $"to loss {Format.Text(result.Loss)} (data {Format.Text(result.DataLoss)}, weight decay {Format.Text(result.DecayLoss)}) and accuracy {accuracy}{test}{attempts}; the objective's gradient norm there is {Format.Text(result.Stationarity)}.{Subset(plan, result)}";
    }

    private static string Subset(StudyPlan plan, StudyResult result) => result.Training is null
        ? ""
        : $" Loss, gradient norm and all that follows are measured on {Format.Text(result.MeasuredSamples)} of the {Format.Text(plan.Data.Train.SampleCount)} training samples, classes balanced; accuracy on them is {Format.Percent(result.Accuracy)}. ± is the standard error, as a number of all training samples, that comes of it.";

    private static string? Rank(StudyPlan plan, StudyResult result)
    {
        int full = plan.FullRank;
        return result.LogitRank >= full
            ? null
            : $"The class means of the logits span {Format.Text(result.LogitRank)} of {Format.Text(full)} directions: training ended in a solution of lower rank{Restarts(result)}; more epochs, a smaller weight decay or a larger initial scale may help.";
    }

    private static string Restarts(StudyResult result) =>
        result.Attempts.Count > 1 ? $", also after {Format.Text(result.Attempts.Count - 1)} more attempts" : "";

    private static int Reported(StudyResult result) => Enumerable.Range(0, result.Attempts.Count).First(i => result.Attempts[i].IsReported);
}
