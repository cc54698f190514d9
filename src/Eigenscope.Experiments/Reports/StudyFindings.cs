using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a study found, in sentences with numbers.</summary>
internal static class StudyFindings
{
    private const double Gap = 2.0;

    // Eigenvalues below this share of the largest may be zeros with noise; a gap among them says nothing.
    private const double Rounding = 1e-8;

    public static IReadOnlyList<string> Describe(StudyPlan plan, StudyResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        findings.Add(Training(plan, result));
        if (result.Layers.Count > 1)
            findings.Add(Collapse(result));
        if (result.Layers.FirstOrDefault(static layer => layer.Input.SecondMoment is [0.0, ..]) is { } dead)
            findings.Add($"All features that enter layer {dead.Name} are zero: from there on the network does not see its input.");
        if (Rank(plan, result) is { } rank)
            findings.Add(rank);
        findings.AddRange(FeatureLearning.Findings(result.Layers));
        findings.AddRange(Outliers(plan, result));
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

    private static string Collapse(StudyResult result)
    {
        Number[] nc1 = [.. result.Layers.Select(static layer => layer.Input.Collapse.Nc1TraceRatio)];
        if (nc1.Length > NumberList.MostWritten && nc1.All(static number => number.IsDefined))
            return LongCollapse(result.Layers);
        string list = string.Join(" → ", result.Layers.Select(static layer => SubsetErrors.Nc1(layer.Input)));
        if (nc1.Any(static number => !number.IsDefined))
            return $"NC1 at the layers' inputs: {list}.";
        bool falls = nc1.Zip(nc1.Skip(1), static (above, below) => below.Value < above.Value).All(static step => step);
        return falls ? $"Within-class variability falls layer by layer: NC1 {list}." : $"Within-class variability does not fall at every layer: NC1 {list}.";
    }

    // Of many layers the ends, and where the order is broken: twenty numbers in a row say nothing.
    private static string LongCollapse(IReadOnlyList<LayerReport> layers)
    {
        double[] nc1 = [.. layers.Select(static layer => layer.Input.Collapse.Nc1TraceRatio.Value!.Value)];
        string[] names = [.. layers.Select(static layer => layer.Name)];
        string ends = $"NC1 goes from {SubsetErrors.Nc1(layers[0].Input)} at the input of {names[0]} to {SubsetErrors.Nc1(layers[^1].Input)} at that of {names[^1]}";
        string[] rises = [.. Enumerable.Range(1, nc1.Length - 1).Where(i => nc1[i] >= nc1[i - 1]).Select(i => names[i])];
        return rises.Length == 0
            ? $"Within-class variability falls layer by layer: {ends}."
            : $"Within-class variability does not fall at every layer: {ends}, and rises at {Format.Text(rises.Length)} of {Format.Text(nc1.Length - 1)} steps (to {PlaceNames.List(rises, names)}).";
    }

    private static string? Rank(StudyPlan plan, StudyResult result)
    {
        int full = plan.FullRank;
        return result.LogitRank >= full
            ? null
            : $"The class means of the logits span {Format.Text(result.LogitRank)} of {Format.Text(full)} directions: training ended in a solution of lower rank{Restarts(result)}; more epochs, a smaller weight decay or a larger initial scale may help.";
    }

    private static string Restarts(StudyResult result) =>
        result.Attempts.Count > 1 ? $", also after {Format.Text(result.Attempts.Count - 1)} more attempts" : "";

    private static IEnumerable<string> Outliers(StudyPlan plan, StudyResult result)
    {
        int classes = plan.Data.Train.ClassCount;
        foreach (SpectrumReport spectrum in result.Spectra)
        {
            if (spectrum.Operator is not "hessian" || spectrum.Scope is not "all" || spectrum.Eigenvalues.Count <= classes * classes)
                continue;
            IReadOnlyList<double> values = spectrum.Eigenvalues;
            int widest = Enumerable.Range(1, classes * classes).Where(i => values[i] > Rounding * values[0]).DefaultIfEmpty(0).MaxBy(i => i == 0 ? 0.0 : values[i - 1] / values[i]);
            if (widest > 0 && values[widest - 1] / values[widest] >= Gap)
                yield return $"The full Hessian's widest gap among its top K² + 1 eigenvalues is after the first {Format.Text(widest)}: {SubsetErrors.At(spectrum, widest)} above {SubsetErrors.At(spectrum, widest + 1)}.";
        }
    }

    private static int Reported(StudyResult result) => Enumerable.Range(0, result.Attempts.Count).First(i => result.Attempts[i].IsReported);
}
