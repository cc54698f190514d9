using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>One part a layer: its Hessian, the features that enter it, its weight and gradient, the errors that leave it.</summary>
internal static class LayerSections
{
    private const int MostOpen = 6;

    public static PageSection Build(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, int classes, IReadOnlyList<LayerPrediction>? predictions = null) => new()
    {
        Title = "Layer by layer",
        Anchor = "layers",
        Sentence = layers.Count > MostOpen
            ? $"The first and the last of the {Format.Text(layers.Count)} layers are unfolded; the others open with a click, and all of them in print."
            : spectra.Any(static spectrum => spectrum.Predicted is not null) ? "Dots are measured; thin lines are predicted, with their multiplicities." : null,
        Parts = [.. layers.Select((layer, l) => Part(layer, spectra, classes, predictions?[l] ?? LayerPrediction.Of(layer.Predicted), isOpen: layers.Count <= MostOpen || l == 0 || l == layers.Count - 1))],
    };

    private static PageSection Part(LayerReport layer, IReadOnlyList<SpectrumReport> spectra, int classes, LayerPrediction prediction, bool isOpen)
    {
        string anchor = $"layer-{Anchors.Of(layer.Name)}";
        SpectrumReport? hessian = spectra.FirstOrDefault(spectrum => spectrum is { Operator: "hessian", IncludesWeightDecay: false } && string.Equals(spectrum.Scope, layer.Weight.Parameter, StringComparison.Ordinal));
        List<PageFigure> figures = [];
        if (hessian is not null)
            figures.Add(SpectrumFigures.Of(hessian, $"{anchor}-hessian", "Hessian in the weight", Formulas.LayerHessian, classes));
        figures.AddRange([Weight(layer, anchor, classes, prediction), Features(layer, anchor, classes, prediction), Errors(layer, anchor, classes, prediction)]);
        figures.RemoveAll(static figure => figure is SpectrumFigure { Measured.Count: 0, Predicted.Count: 0 });
        return new PageSection
        {
            Title = $"Layer {layer.Name}, {string.Join(" × ", layer.Weight.Shape.Select(Format.Text))}",
            Anchor = anchor,
            Summary = Summary(layer, hessian),
            Figures = figures,
            IsOpen = isOpen,
        };
    }

    private static string Summary(LayerReport layer, SpectrumReport? hessian)
    {
        List<string> parts = layer.Kind is "dense" ? [] : [layer.Kind];
        parts.AddRange([$"NC1 {SubsetErrors.Nc1(layer.Input)}", $"rank {Format.Text(layer.Weight.NumericalRank)}"]);
        if (hessian is { Eigenvalues.Count: > 0 })
            parts.Add($"θ₁ {SubsetErrors.At(hessian, 1)}");
        if (layer.Gradient.AlignmentTopK.Value is { } aligned)
            parts.Add($"gradient in top K {Format.Percent(aligned)}");
        return string.Join(" · ", parts);
    }

    private static SpectrumFigure Weight(LayerReport layer, string anchor, int classes, LayerPrediction prediction)
    {
        IReadOnlyList<double> sigma = layer.Weight.SingularValues ?? [];
        string after = sigma.Count > classes ? $", and {Format.Text(sigma[classes])} after the first K = {Format.Text(classes)}" : "";
        return SpectrumFigures.OfLists(
            new PageFigureText(
                $"{anchor}-weight",
                "Singular values of the weight and of its gradient",
                $"The weight's largest singular value is {Top(sigma)}{after}; {Rank(layer.Weight.NumericalRank)} are above a thousandth of it.",
                Formulas.SingularValues),
            "singular value",
            [new SpectrumList("weight", sigma, prediction.SingularValues), new SpectrumList("gradient", layer.Gradient.SingularValues ?? [], prediction.GradientSingularValues), .. layer.Weight.OnGrid is { Count: > 0 } grid ? new[] { new SpectrumList("convolution on its circular grid", grid.SingularValues) } : []],
            Ranks(classes),
            prediction.From);
    }

    private static SpectrumFigure Features(LayerReport layer, string anchor, int classes, LayerPrediction prediction)
    {
        IReadOnlyList<double> second = layer.Input.SecondMoment ?? [], covariance = layer.Input.Covariance ?? [];
        return SpectrumFigures.OfLists(
            new PageFigureText(
                $"{anchor}-features",
                "Features that enter",
                $"Of {Format.Text(layer.Input.Dimension)} directions, K − 1 = {Format.Text(classes - 1)} hold {Share(covariance, classes - 1)} of the features' variance.",
                Formulas.Features),
            "eigenvalue",
            [new SpectrumList("second moment", second, prediction.SecondMoment), new SpectrumList("covariance", covariance, prediction.Covariance)],
            Ranks(classes),
            prediction.From);
    }

    private static SpectrumFigure Errors(LayerReport layer, string anchor, int classes, LayerPrediction prediction)
    {
        IReadOnlyList<double> errors = layer.Backpropagated?.SecondMoment ?? [], agop = layer.Agop.Eigenvalues ?? [];
        return SpectrumFigures.OfLists(
            new PageFigureText(
                $"{anchor}-errors",
                agop.Count > 0 ? "Errors that come back, and the average gradient outer product" : "Errors that come back",
                $"The K = {Format.Text(classes)} largest eigenvalues hold {Share(errors, classes)} of the errors' second moment{(agop.Count > 0 ? $" and {Share(agop, classes, layer.Agop.Trace.Value)} of the trace of the {Agop(layer)}" : "")}.",
                agop.Count == 0 ? Formulas.Errors : layer.Agop.IsCentred ? Formulas.ErrorsAndCentredAgop : Formulas.ErrorsAndAgop),
            "eigenvalue",
            [new SpectrumList("errors", errors, prediction.Errors), .. agop.Count > 0 ? new[] { new SpectrumList(Agop(layer), agop) } : []],
            Ranks(classes),
            prediction.From);
    }

    private static IReadOnlyList<MarkedRank> Ranks(int classes) => [new MarkedRank(classes, "K")];

    private static string Top(IReadOnlyList<double> values) => values.Count == 0 ? Format.Undefined : Format.Text(values[0]);

    private static string Rank(Number rank) => rank.IsDefined ? Format.Text(rank) : "none";

    private static string Agop(LayerReport layer) => layer.Agop.IsCentred ? "centred AGOP" : "AGOP";

    // Of a convolution's AGOP the list is not whole, and the trace is known apart from it.
    private static string Share(IReadOnlyList<double> values, int count, double? whole = null)
    {
        double total = whole ?? values.Sum();
        return total > 0.0 ? Format.Percent(values.Take(count).Sum() / total) : "nothing";
    }
}
