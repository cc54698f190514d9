using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of a compression.</summary>
internal static class CompressPage
{
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Model", ["model", "store", "format", "network", "loss", "weightDecay"]),
        ("Data", ["data", "dataSource", "samples", "testSamples", "classes", "isTrainingData"]),
        ("Ranks", ["maxAccuracyDrop", "rank", "energy", "theory", "validationFraction", "validationSamples"]),
        ("Fine-tuning", ["fineTuneEpochs", "learningRate", "batchSize", "seed"]),
    ];

    public static ReportPage Build(CompressPlan plan, CompressResult result, Report report)
    {
        PageSection?[] sections =
        [
            result.Curve.Count > 1 ? Curve(result) : null,
            Weights(result),
            DoubtSection.Build([.. Doubts(plan, result)], report.Environment, [], null, []),
            new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
        ];
        return new ReportPage
        {
            Title = $"Compressed: {plan.Model.Architecture ?? Path.GetFileName(plan.Options.Model)} on {plan.Data.Train.Name}",
            Subtitle = $"{Format.Text(result.ParametersBefore)} parameters to {Format.Text(result.ParametersAfter)} ({Format.Percent(result.ParametersKept)}), accuracy {Format.Accuracy(result.AccuracyBefore)} to {Format.Accuracy(result.AccuracyAfter)} on {Format.Text(result.TestSamples)} {(result.HeldOut ? "held-out " : "")}samples",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections = [.. sections.OfType<PageSection>()],
        };
    }

    private static PageSection Curve(CompressResult result)
    {
        double[] kept = [.. result.Curve.Select(static point => point.ParametersKept), 1.0];
        double?[] accuracy = [.. result.Curve.Select(static point => (double?)point.Accuracy), result.AccuracyBefore];
        LineFigure figure = new()
        {
            Id = "compress-curve",
            Title = "Accuracy against size",
            Sentence = $"With {Format.Percent(result.ParametersKept)} of the parameters the network that is written has accuracy {Format.Accuracy(result.AccuracyAfter)}; whole it has {Format.Accuracy(result.AccuracyBefore)}.",
            Formula = Formulas.Truncation,
            X = Axes.Logarithmic("share of parameters kept", kept.Append(result.ParametersKept)),
            Y = Axes.Linear("accuracy", accuracy.OfType<double>(), Math.Min(result.AccuracyAfter, 0.9), 1.0),
            Lines =
            [
                new LineSeries("one rank for every weight, no fine-tuning", kept, accuracy),
                new LineSeries("ranks chosen", [result.ParametersKept], [result.AccuracyAfter], IsWhole: true),
            ],
            IsWide = true,
        };
        return new PageSection { Title = "Size and accuracy", Anchor = "size", Sentence = $"Accuracies are on {Format.Text(result.TestSamples)} {(result.HeldOut ? "held-out " : "")}samples, and none of the line was used to choose ranks.", Figures = [figure] };
    }

    private static PageSection Weights(CompressResult result) => new()
    {
        Title = "Singular values of the weights",
        Anchor = "weights",
        Sentence = "Every weight as a matrix of outputs by inputs, of a convolution output channels by the entries of a patch; what stands right of the mark was cut.",
        Figures = [.. result.Layers.Select(layer => Spectrum(result, layer))],
    };

    private static SpectrumFigure Spectrum(CompressResult result, CompressedLayerReport layer)
    {
        string kept = layer.Factored
            ? $"{Format.Text(layer.RankAfter)} of {Format.Text(layer.RankBefore)} singular values are kept, with {(layer.EnergyKept.Value is { } energy ? Format.Accuracy(energy) : Format.Undefined)} of Σσ²"
            : "the weight stays whole";
        MarkedRank[] marks = [.. layer.Factored ? [new MarkedRank(layer.RankAfter, "kept")] : Array.Empty<MarkedRank>(), .. result.PredictedRank != layer.RankAfter ? [new MarkedRank(result.PredictedRank, "predicted")] : Array.Empty<MarkedRank>()];
        return SpectrumFigures.OfLists(
            new PageFigureText($"compress-{layer.Name.Replace('.', '-').ToLowerInvariant()}", layer.Name, $"Layer {layer.Name}: {kept}; theory predicts rank {Format.Text(layer.PredictedRank)}, and {Format.Text(layer.RelativePredictedError)} of the norm lies beyond.", Formulas.Truncation),
            "singular value",
            [new SpectrumList("σ", layer.SingularValues)],
            marks);
    }

    private static IEnumerable<string> Doubts(CompressPlan plan, CompressResult result)
    {
        if (result.Partial)
            yield return "The run was interrupted: the network is as it was then, whole and usable.";
        if (CompressFindings.Samples(plan, result) is { } samples)
            yield return samples;
        if (result.Search is { } search)
            yield return $"The search looked at {Format.Text(search.ValidationSamples)} samples that the model {(plan.Model.Format is "onnx" ? "may have been" : "was")} trained on, where it errs less than on others: what a cut costs is judged there{(result.HeldOut ? ", and verified on samples that the search never saw" : "")}.";
        if (result.Search is { Holds: false })
            yield return "On the samples of the accuracies reported the fall is larger than allowed.";
        if (result.FineTuning?.Status is "diverged" or "refused")
            yield return $"Training of the factors {(result.FineTuning.Status is "diverged" ? "diverged" : "cost more than is allowed")} and was left out.";
        yield return "The rank that theory predicts is of a collapsed network at its optimum; a layer that has not collapsed needs more.";
        yield return "Times are of this machine, with what else it did; the two networks were timed in turn.";
    }
}
