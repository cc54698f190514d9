using Eigenscope.Analysis;
using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The page of Deep RFM.</summary>
internal static class DeepRfmPage
{
    private const int MostSpectra = 6;

    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Data", ["data", "dataSource", "samples", "testSamples", "classes", "testFraction", "standardize", "targets"]),
        ("Layers", ["layers", "features", "width", "cauchyScale", "seed"]),
        ("Kernel machine", ["kernel", "kernelFormula", "bandwidth", "power", "ridge", "rfmIterations", "memory"]),
        ("Metric", ["metric", "agopExponent", "agopCentred", "agopScaling"]),
    ];

    public static ReportPage Build(DeepRfmPlan plan, DeepRfmResult result, Report report, IReadOnlyList<DeepRfmPictures> pictures)
    {
        PageSection?[] sections = result.Layers.Count == 0 ? [] :
        [
            Collapse(result.Layers),
            Predictions(result),
            Spectra(result.Layers, plan.Classes),
            GramSection.Build(Panels(pictures), plan.Data.Train.ClassNames),
        ];
        DeepRfmLayerReport? last = result.Layers.Count == 0 ? null : result.Layers[^1];
        return new ReportPage
        {
            Title = $"Deep RFM on {plan.Data.Train.Name}",
            Subtitle = $"{Format.Text(result.Samples)} samples of {Format.Text(plan.Classes)} classes, {Format.Text(result.Layers.Count)} layers, no gradient descent; NC1 {(last is null ? Format.Undefined : Format.Text(last.Stages.Mx.Nc1TraceRatio))} after the last metric",
            Generator = $"Eigenscope {PageFacts.Short(report.Version)}",
            IsPartial = result.Partial,
            Findings = report.Findings,
            Facts = PageFacts.Build(report.Config, Groups, report.Environment, report.Version),
            Sections =
            [
                .. sections.OfType<PageSection>(),
                KernelDoubts.Build(Doubts(plan, result, report), report.Environment, DeepRfmFindings.Solves(result)),
                new PageSection { Title = "All numbers in tables", Anchor = "tables", Tables = report.Tables },
            ],
        };
    }

    private static PageSection Collapse(IReadOnlyList<DeepRfmLayerReport> layers)
    {
        List<PageFigure> figures = [Variability(layers), Factors(layers)];
        if (layers.Any(static layer => layer.Stages.X.Nc2SimplexDistance.IsDefined))
            figures.Add(Means(layers));
        return new PageSection
        {
            Title = "Collapse, layer by layer",
            Anchor = "collapse",
            Sentence = "Each layer at three stages: X, rows of unit norm; M½X, after the root of the metric that the layer's own predictor gives; Φ, fresh random features of it, the next layer's input.",
            Figures = figures,
        };
    }

    private static LineFigure Variability(IReadOnlyList<DeepRfmLayerReport> layers) => GlanceSection.Along(
        Names(layers),
        new PageFigureText(
            "collapse-variability",
            "Variability within the classes",
            $"NC1 goes from {Format.Text(layers[0].Stages.X.Nc1TraceRatio)} at the first layer's input to {Format.Text(layers[^1].Stages.Mx.Nc1TraceRatio)} after the last layer's metric.",
            $@"{Formulas.Nc1}, \qquad {Formulas.DeepRfmLayer}"),
        "NC1",
        isLogarithmic: true,
        Stages(layers, static stage => stage.Nc1TraceRatio)) with
    { IsWide = true };

    private static LineFigure Factors(IReadOnlyList<DeepRfmLayerReport> layers)
    {
        LayerLine root = new("metric, M½X / X", [.. layers.Select(static layer => layer.Factors.Root)]), features = new("features, Φ / M½X", [.. layers.Select(static layer => layer.Factors.Features)]);
        LineFigure figure = GlanceSection.Along(
            Names(layers),
            new PageFigureText(
                "collapse-factors",
                "What each step does to NC1",
                $"The metric's root multiplies NC1 by {GlanceSection.Extreme(root, Enumerable.Min)} to {GlanceSection.Extreme(root, Enumerable.Max)}, the random features by {GlanceSection.Extreme(features, Enumerable.Min)} to {GlanceSection.Extreme(features, Enumerable.Max)}; below 1 a step collapses.",
                Formulas.StepFactors),
            "factor on NC1",
            isLogarithmic: true,
            [root, features]);
        return figure with { Lines = [.. figure.Lines, new LineSeries("1", [0.0, Math.Max(1.0, layers.Count - 1.0)], [1.0, 1.0], IsPredicted: true)], Y = Axes.Logarithmic("factor on NC1", [1.0, .. figure.Lines.SelectMany(static line => line.Y).OfType<double>()]) };
    }

    private static LineFigure Means(IReadOnlyList<DeepRfmLayerReport> layers) => GlanceSection.Along(
        Names(layers),
        new PageFigureText(
            "collapse-means",
            "Class means and the simplex",
            $"NC2, the mean squared distance of the class means' cosines from a simplex's, goes from {Format.Text(layers[0].Stages.X.Nc2SimplexDistance)} at the first layer's input to {Format.Text(layers[^1].Stages.Mx.Nc2SimplexDistance)} after the last layer's metric.",
            Formulas.SimplexDistance),
        "NC2, simplex distance",
        isLogarithmic: true,
        Stages(layers, static stage => stage.Nc2SimplexDistance));

    private static LayerLine[] Stages(IReadOnlyList<DeepRfmLayerReport> layers, Func<CollapseReport, Number> value) =>
    [
        new("X", [.. layers.Select(layer => value(layer.Stages.X))]),
        new("M½X", [.. layers.Select(layer => value(layer.Stages.Mx))]),
        new("Φ", [.. layers.Select(layer => value(layer.Stages.Phi))]),
    ];

    private static PageSection Predictions(DeepRfmResult result)
    {
        IReadOnlyList<DeepRfmLayerReport> layers = result.Layers;
        DeepRfmLayerReport last = layers[^1];
        LayerLine train = new("training", [.. layers.Select(static layer => Number.Of(1.0 - layer.TrainAccuracy))]);
        LayerLine test = new("test", [.. layers.Select(static layer => layer.TestAccuracy.Value is { } accuracy ? Number.Of(1.0 - accuracy) : layer.TestAccuracy)]);
        string held = last.TestAccuracy.Value is { } right ? $" and {Format.Percent(right)} of {Format.Text(result.TestSamples)} test samples" : "";
        LineFigure accuracy = GlanceSection.Along(
            Names(layers),
            new PageFigureText("predictions-error", "Errors of the layers' kernel machines", $"The last layer's machine is right on {Format.Percent(last.TrainAccuracy)} of the training samples{held}.", Formulas.Misclassified),
            "share misclassified",
            isLogarithmic: false,
            [train, test]);
        double most = accuracy.Lines.SelectMany(static line => line.Y).OfType<double>().Max();
        LineFigure loss = GlanceSection.Along(
            Names(layers),
            new PageFigureText("predictions-loss", "Losses of the layers' kernel machines", $"The training loss goes from {Format.Text(layers[0].TrainLoss)} in the first layer to {Format.Text(last.TrainLoss)} in the last.", $@"{Formulas.SquaredLoss}, \qquad {Formulas.KernelMachine}"),
            "loss",
            isLogarithmic: true,
            [new("training", [.. layers.Select(static layer => Number.Of(layer.TrainLoss))]), new("test", [.. layers.Select(static layer => layer.TestLoss)])]);
        return new PageSection
        {
            Title = "What the layers predict",
            Anchor = "predictions",
            Sentence = "Each layer has a predictor of its own: kernel ridge regression on the layer's input.",
            Figures = [accuracy with { Y = Axes.Linear("share misclassified", [most], 0.0, Math.Max(most, 1.0 / result.Samples)) }, loss],
        };
    }

    private static PageSection Spectra(IReadOnlyList<DeepRfmLayerReport> layers, int classes)
    {
        DeepRfmLayerReport[] shown = [.. Spread(layers.Count, MostSpectra).Select(i => layers[i])];
        DeepRfmLayerReport first = layers[0], last = layers[^1];
        SpectrumFigure figure = SpectrumFigures.OfLists(
            new PageFigureText(
                "agop-spectra",
                "Average gradient outer products",
                $"The K = {Format.Text(classes)} largest eigenvalues hold {Share(first, classes)} of the trace in the first layer and {Share(last, classes)} in the last.",
                Formulas.Agop),
            "eigenvalue",
            [.. shown.Select(static layer => new SpectrumList($"layer {Format.Text(layer.Layer)}", layer.Agop.Eigenvalues!))],
            [new MarkedRank(classes, "K")]);
        return new PageSection
        {
            Title = "What the predictors look at",
            Anchor = "agop",
            Sentence = "The plain means of the gradients' outer products at the training points; a layer's metric is made of its own.",
            Figures = [figure with { IsOrdered = true, IsWide = true }],
        };
    }

    private static IReadOnlyList<(string Title, GramPicture Picture)> Panels(IReadOnlyList<DeepRfmPictures> pictures) =>
    [
        .. Spread(pictures.Count, 3).Select(i => pictures[i]).SelectMany(static layer => new[]
        {
            ($"layer {Format.Text(layer.Layer)}: X", layer.X),
            ($"layer {Format.Text(layer.Layer)}: M½X", layer.Mx),
            ($"layer {Format.Text(layer.Layer)}: Φ", layer.Phi),
        }),
    ];

    private static IEnumerable<string> Doubts(DeepRfmPlan plan, DeepRfmResult result, Report report)
    {
        if (result.Partial)
            yield return $"The run was interrupted after {Format.Text(result.Layers.Count)} of {Format.Text(plan.Options.Layers)} layers.";
        if (report.Failure is { } failure)
            yield return $"It failed after {Format.Text(result.Layers.Count)} of {Format.Text(plan.Options.Layers)} layers: {failure.TrimEnd('.')}.";
        yield return "The random features are one draw: from Φ of the first layer on, another seed gives other numbers.";
        if (result.TestSamples == 0)
            yield return "There are no test samples: --test-fraction holds some out.";
    }

    // The first, the last, and others evenly between them.
    private static IEnumerable<int> Spread(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)Math.Round((double)i * (count - 1) / (most - 1)));

    private static string Share(DeepRfmLayerReport layer, int classes) =>
        layer.Agop.Trace.Value is { } trace and > 0.0 ? Format.Percent(layer.Agop.Eigenvalues!.Take(classes).Sum() / trace) : "nothing";

    private static string[] Names(IReadOnlyList<DeepRfmLayerReport> layers) => [.. layers.Select(static layer => Format.Text(layer.Layer))];
}
