using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Reports;

/// <summary>What an analysis found, in sentences with numbers and their doubt.</summary>
internal static class AnalyzeFindings
{
    private const int MostLayers = 6;

    // A step along the gradient that would gain less of the objective than this is nothing to speak of.
    private const double SmallGain = 1e-3;

    public static IReadOnlyList<string> Describe(AnalyzePlan plan, AnalyzeResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: what follows is what was done so far.");
        findings.Add(Network(plan, result));
        findings.AddRange(result.Notes);
        findings.Add(Minimum(result));
        if (plan.Samples.NoClasses is null && result.Layers.Count > 1)
            findings.Add(NetworkFindings.Collapse(result.Layers));
        findings.AddRange(Layers(plan, result));
        if (NetworkFindings.Dead(result.Layers) is { } dead)
            findings.Add(dead);
        findings.AddRange(Sharpness(result));
        findings.AddRange(FeatureLearning.Findings(result.Layers));
        findings.AddRange(plan.Samples.NoClasses is null ? NetworkFindings.Gap(plan.Classes, result.Spectra) : []);
        findings.AddRange(OriginSummary.Findings(plan.Classes, result.Layers, result.Spectra));
        if (PartsSummary.Finding(result.Papyan) is { } parts)
            findings.Add(parts);
        findings.AddRange(PredictionSummary.Findings(plan.Classes, result.Layers, result.Spectra));
        findings.AddRange(SpectrumFindings.Describe(plan.Measurement, result.Spectra, result.Papyan, result.Layers));
        return findings;
    }

    private static string Network(AnalyzePlan plan, AnalyzeResult result)
    {
        string known = result.Model.IsTrainingData switch
        {
            true => ", those that it was trained on,",
            false => ", not those that it was trained on although it was the same data,",
            _ => "",
        };
        string accuracy = result is { AccuracyInterval: { } interval, Accuracy.Value: { } share } ? $" and accuracy {Format.Accuracy(share)} (95 % interval {Format.Accuracy(interval.Low)} to {Format.Accuracy(interval.High)})" : "";
        string decay = result.DecayLoss > 0.0 ? $" ({plan.Samples.Loss.Name} {Format.Text(result.DataLoss)}, weight decay {Format.Text(result.DecayLoss)})" : "";
        string test = result.Test is { } held ? $"; on {Format.Text(held.Samples)} {(plan.Options.Data is null ? "held-out" : "test")} samples of the data {(held.Accuracy.Value is { } right ? $"accuracy is {Format.Accuracy(right)} and " : "")}the data loss {Format.Text(held.Loss)}" : "";
        return $"{Path.GetFileName(plan.Path)} has {Format.Text(result.Parameters)} parameters in {Format.Text(result.Layers.Count)} layers with weights. On {Format.Text(result.MeasuredSamples)} samples of {plan.Samples.Name}{known} its {(result.DecayLoss > 0.0 ? "objective" : plan.Samples.Loss.Name)} is {Format.Text(result.Loss)}{decay}{accuracy}{test}.";
    }

    private static string Minimum(AnalyzeResult result)
    {
        string norm = $"the gradient of the objective has norm {Format.Text(result.Stationarity)}";
        if (result.Descent.RelativeGain.Value is { } gain)
        {
            string step = $"one step along it would lower the objective by {Format.Text(result.Descent.Gain)}, {Format.Text(100.0 * gain)} % of it";
            return gain < SmallGain ? $"The network is close to stationary: {norm}, and by the curvature along it {step}." : $"The network is not at a minimum: {norm}, and by the curvature along it {step}; what theory says of minima need not hold here.";
        }
        return result.Descent.Curvature.Value is { } curvature
            ? $"The network is not at a minimum: {norm}, and the curvature along it is {Format.Text(curvature)}, so that the objective falls ever faster that way."
            : $"{char.ToUpperInvariant(norm[0])}{norm[1..]}.";
    }

    private static IEnumerable<string> Layers(AnalyzePlan plan, AnalyzeResult result)
    {
        IReadOnlyList<LayerSavingReport> layers = result.Savings.Layers;
        for (int l = 0; l < layers.Count && layers.Count <= MostLayers; l++)
            yield return Layer(layers[l], result.Layers[l], result);
        if (layers.Count > MostLayers)
            yield return Many(plan, layers);
        if (result.Savings.Saved > 0.0)
            yield return $"With all weights at these ranks {Format.Text(result.Savings.ParametersAfter)} of {Format.Text(result.Parameters)} parameters are left ({Format.Percent(result.Savings.Saved)} go){Then(result.Savings.Accuracy, result)}; compress searches ranks at which accuracy holds.";
    }

    private static string Layer(LayerSavingReport saving, LayerReport layer, AnalyzeResult result)
    {
        string state = saving.Collapsed switch
        {
            true => $"Layer {saving.Name} is collapsed: NC1 {SubsetErrors.Nc1(layer.Input)} at its input, ",
            false => $"Layer {saving.Name} is not collapsed: NC1 {SubsetErrors.Nc1(layer.Input)} at its input, ",
            null => $"Layer {saving.Name}: ",
        };
        string rank = $"rank {Format.Text(saving.Rank)} of {Format.Text(saving.FullRank)} (σ above 1e-3 σ₁)";
        return saving.Saved > 0.0
            ? $"{state}{rank}; {Format.Percent(saving.Saved)} of its parameters can go, with {(saving.EnergyKept.Value is { } energy ? Format.Accuracy(energy) : Format.Undefined)} of Σσ² kept{Then(saving.Accuracy, result)}."
            : $"{state}{rank}; two factors of that rank save nothing.";
    }

    private static string Many(AnalyzePlan plan, IReadOnlyList<LayerSavingReport> layers)
    {
        string[] names = [.. layers.Select(static layer => layer.Name)];
        LayerSavingReport[] collapsed = [.. layers.Where(static layer => layer.Collapsed is true)];
        LayerSavingReport[] saving = [.. layers.Where(static layer => layer.Saved > 0.0)];
        string ranks = NumberList.Text([.. layers.Select(static layer => layer.Rank)]);
        string first = plan.Samples.NoClasses is null
            ? $"{Format.Text(collapsed.Length)} of {Format.Text(layers.Count)} layers are collapsed, with NC1 up to {Format.Text(RankSavings.CollapsedNc1)} at their inputs{(collapsed.Length > 0 ? $" ({PlaceNames.Of(collapsed.Select(static layer => layer.Name), names)})" : "")}; "
            : "";
        string weights = $"the weights' ranks (σ above 1e-3 σ₁) are {ranks}";
        string go = saving.Length == 0
            ? ", and factors of these ranks save nothing"
            : $", and at {Format.Text(saving.Length)} layers parameters can go: at {saving.MaxBy(static layer => layer.Saved)!.Name} the largest share, {Format.Percent(saving.Max(static layer => layer.Saved))}";
        return first.Length > 0 ? $"{first}{weights}{go}." : $"T{weights[1..]}{go}.";
    }

    private static string Then(Number accuracy, AnalyzeResult result) => accuracy.Value is { } cut && result.Accuracy.Value is { } whole
        ? $"; cut so, accuracy on these samples goes from {Format.Accuracy(whole)} to {Format.Accuracy(cut)}"
        : "";

    private static IEnumerable<string> Sharpness(AnalyzeResult result)
    {
        SharpnessReport sharpness = result.Sharpness;
        if (sharpness.Hessian.IsDefined)
            yield return $"Sharpness: the largest eigenvalue of the Hessian is {Format.Text(sharpness.Hessian, sharpness.StandardError)}{(sharpness.LargestStableStep.IsDefined ? $", so that gradient descent is stable up to a step of {Format.Text(sharpness.LargestStableStep)}" : "")}.";
        LayerSharpnessReport[] layers = [.. sharpness.Layers.Where(static layer => layer.Hessian.IsDefined)];
        if (layers.Length > 1 && layers.MaxBy(static layer => layer.Hessian.Value) is { } sharpest)
            yield return $"Of the layers, {sharpest.Name} is the sharpest: the largest eigenvalues of the layers' Hessians are {NumberList.Text([.. layers.Select(static layer => layer.Hessian)])}, there {Format.Text(sharpest.Hessian, sharpest.StandardError)}.";
        if (result.Spectra.FirstOrDefault(static spectrum => spectrum is { Operator: "hessian", Scope: "all", Smallest.Count: > 0 }) is { } spectrum)
            yield return $"The smallest eigenvalue of the Hessian is {Format.Text(spectrum.Smallest[0])}{(spectrum.Smallest[0] < 0.0 ? ": the point is not a minimum of the data loss" : "")}.";
    }
}
