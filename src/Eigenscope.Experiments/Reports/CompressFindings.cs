using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a compression came to, in sentences with numbers.</summary>
internal static class CompressFindings
{
    public static IReadOnlyList<string> Describe(CompressPlan plan, CompressResult result)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add("The run was interrupted: the network is as it was then, whole and usable.");
        findings.Add(Size(plan, result));
        findings.Add(Accuracy(result));
        if (Samples(plan, result) is { } samples)
            findings.Add(samples);
        if (result.Search is { } search)
            findings.Add(Search(search));
        if (result.FineTuning is { } tuning)
            findings.Add(Tuning(result, tuning));
        if (result.Uncut.Count > 0)
            findings.Add(Uncut(result));
        findings.Add(Theory(plan, result));
        findings.Add(Time(result));
        findings.AddRange(plan.Notes);
        return findings;
    }

    /// <summary>What is doubtful about the samples that accuracies are measured on; null for nothing.</summary>
    public static string? Samples(CompressPlan plan, CompressResult result)
    {
        if (!result.HeldOut)
            return plan.IsTrainingData is true ? OwnSamples(plan, result) : $"{plan.DataName} has no held-out samples: accuracies are on all of its {Format.Text(result.TestSamples)} samples. Neither a search nor training has looked at them here; whether the model was trained on them cannot be told.";
        if (plan.IsSetAside)
            return $"{plan.DataName} has no held-out samples of its own: {Format.Text(result.TestSamples)} were set aside, which neither the search nor training of the factors has seen. Whether the model was trained on them cannot be told.";
        return plan.IsTrainingData switch
        {
            true => null,
            false => $"The training samples of {plan.DataName} are not those that the model was trained on: whether the {Format.Text(result.TestSamples)} test samples were among them cannot be told.",
            null => $"The model's file does not say what it was trained on: whether the {Format.Text(result.TestSamples)} test samples of {plan.DataName} were among that cannot be told.",
        };
    }

    /// <summary>A fall of accuracy with its doubt, in points.</summary>
    public static string Points(double drop, double error) => $"{Format.Text(100.0 * drop)} ± {Format.Text(100.0 * error)} points";

    private static string OwnSamples(CompressPlan plan, CompressResult result)
    {
        string seen = (result.Search is not null, result.FineTuning is not null) switch
        {
            (true, true) => ", on which the factors were trained too, and part of which the search looked at",
            (true, false) => ", part of which the search looked at",
            (false, true) => ", on which the factors were trained too",
            _ => "",
        };
        return $"{plan.DataName} has no held-out samples here: accuracies are on the {Format.Text(result.TestSamples)} training samples themselves{seen}, and say little of others. study --test-fraction holds some out.";
    }

    private static string Whole(CompressPlan plan, CompressResult result)
    {
        string why = result.Search is not { } search
            ? $"at the ranks chosen, two factors hold no fewer numbers than any of the {Format.Text(result.Layers.Count)} weights"
            : new PairedAccuracy(search.ValidationSamples, 1.0, 1.0, 0, 0).LargestDrop is var least && least > search.AllowedDrop
                ? $"{Format.Text(search.ValidationSamples)} samples cannot show that a fall is below {Format.Text(100.0 * least)} points, and {Format.Text(100.0 * search.AllowedDrop)} are allowed; a larger --validation-fraction or --max-accuracy-drop helps"
                : "nothing that was tried and holds fewer numbers costs as little as is allowed";
        return $"No weight was cut: {why}. The network is as it was{(plan.Options.FineTuneEpochs > 0 ? ", and was not trained further" : "")}.";
    }

    private static string Size(CompressPlan plan, CompressResult result)
    {
        int factored = result.Layers.Count(static layer => layer.Factored);
        if (factored == 0)
            return Whole(plan, result);
        string ranks = string.Join(", ", result.Layers.Where(static layer => layer.Factored).Take(NumberList.MostWritten).Select(static layer => $"{layer.Name} {Format.Text(layer.RankBefore)} → {Format.Text(layer.RankAfter)}"));
        return $"{Format.Text(result.ParametersBefore)} parameters became {Format.Text(result.ParametersAfter)}, {Format.Percent(result.ParametersKept)} of them; {Format.Percent(result.SingularValuesKept)} of the singular values are kept. {Format.Text(factored)} of {Format.Text(result.Layers.Count)} weights are products of two: rank {ranks}{(factored > NumberList.MostWritten ? ", …" : "")}.";
    }

    private static string Accuracy(CompressResult result)
    {
        string how = result.AccuracyDrop switch
        {
            0.0 => "does not change",
            > 0.0 => $"falls by {Points(result.AccuracyDrop, result.StandardError)}",
            _ => $"rises by {Points(-result.AccuracyDrop, result.StandardError)}",
        };
        return $"Accuracy {how}: {Format.Accuracy(result.AccuracyBefore)} before, {Format.Accuracy(result.AccuracyAfter)} after, on {Format.Text(result.TestSamples)} {(result.HeldOut ? "held-out " : "")}samples, of which {Format.Text(result.Lost)} went wrong and {Format.Text(result.Gained)} right.";
    }

    private static string Search(RankSearchReport search)
    {
        string verdict = search.Holds ? "on the samples of the accuracies above it holds" : "on the samples of the accuracies above it does not hold: the fall there is larger";
        return $"The ranks are the fewest parameters found in {Format.Text(search.Tried)} tries with a fall of at most {Format.Text(100.0 * search.AllowedDrop)} points, two standard errors included, on {Format.Text(search.ValidationSamples)} of the training samples ({Format.Accuracy(search.AccuracyBefore)} before, {Format.Accuracy(search.AccuracyAfter)} after); {verdict}.";
    }

    private static string Tuning(CompressResult result, FineTuningReport tuning) => tuning.Status switch
    {
        "diverged" => "Training of the factors diverged and was left out: a smaller --learning-rate may help.",
        "refused" => $"{Format.Text(tuning.Epochs)} epochs of training the factors cost more accuracy than is allowed on the samples that the search looks at, and were left out: the factors are those of the cut.",
        _ => $"{Format.Text(tuning.Epochs)} epochs of training the factors{(tuning.LearningRate is { } rate ? $" at learning rate {Format.Text(rate)}" : "")} took accuracy from {Format.Accuracy(result.AccuracyTruncated)} after the cut to {Format.Accuracy(result.AccuracyAfter)}.",
    };

    private static string Theory(CompressPlan plan, CompressResult result)
    {
        CompressedLayerReport[] far = [.. result.Layers.Where(layer => layer.RankBefore > result.PredictedRank)];
        string rank = $"Theory predicts rank {Format.Text(result.PredictedRank)}, {(plan.Model.Loss is "cross-entropy" ? "K − 1, as of cross-entropy," : plan.IsCentred ? "K − 1, as of mean squared error with a last bias," : "K, as of mean squared error without a bias,")} for every weight of a collapsed network";
        return far.Length == 0
            ? $"{rank}; no weight here has more singular values."
            : $"{rank}, a prediction and no measurement; what lies beyond it is {string.Join(", ", far.Take(NumberList.MostWritten).Select(static layer => $"{Format.Text(layer.RelativePredictedError)} of {layer.Name}"))}{(far.Length > NumberList.MostWritten ? ", …" : "")} (Frobenius norm).";
    }

    private static string Uncut(CompressResult result) =>
        $"{Format.Text(result.Uncut.Count)} of {Format.Text(result.Uncut.Count + result.Layers.Count)} weights cannot be cut and stay whole: {string.Join(", ", result.Uncut.Take(NumberList.MostWritten).Select(static layer => $"{layer.Name} ({layer.Reason})"))}{(result.Uncut.Count > NumberList.MostWritten ? ", …" : "")}.";

    private static string Time(CompressResult result) =>
        $"Products with weights take {Format.Text(result.FlopsAfter)} operations per sample instead of {Format.Text(result.FlopsBefore)}, and a pass {Format.Text(result.Time.After.Median)} µs per sample ({Format.Text(result.Time.After.Least)} to {Format.Text(result.Time.After.Most)}) instead of {Format.Text(result.Time.Before.Median)} ({Format.Text(result.Time.Before.Least)} to {Format.Text(result.Time.Before.Most)}), medians of {Format.Text(result.Time.Rounds)} rounds in turn.";
}
