using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>How well class means alone predict each layer, and the parts of each layer's Gauss–Newton matrix.</summary>
internal static class GlancePredictions
{
    public static IEnumerable<PageFigure> Build(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        if (layers.Any(static layer => layer.Predicted is not null))
            yield return Prediction(layers, spectra);
        if (layers.Any(static layer => layer.Papyan is { Trace.IsDefined: true, WithinClass.Trace.IsDefined: true }))
            yield return Parts(layers);
    }

    private static LineFigure Prediction(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        PredictionReport?[] predictions = [.. layers.Select(layer => FromClassMeans(spectra, layer))];
        Number missing = Number.Undefined("not predicted");
        LayerLine trace = new("trace", [.. predictions.Select(prediction => prediction?.ExplainedTrace ?? missing)]);
        LayerLine overlap = new("eigenspace", [.. predictions.Select(prediction => prediction?.SubspaceOverlap ?? missing)]);
        LayerLine gradient = new("gradient", [.. layers.Select(layer => layer.Predicted?.Gradient.Share ?? missing)]);
        return GlanceSection.Along(
            GlanceSection.Names(layers, null),
            new PageFigureText(
                "glance-prediction",
                "What class means alone predict",
                !trace.Values.Any(static number => number.IsDefined) ? $"Products of class means span between {GlanceSection.Extreme(gradient, Enumerable.Min)} and {GlanceSection.Extreme(gradient, Enumerable.Max)} of each weight's squared gradient." :
                $"The prediction holds between {GlanceSection.Extreme(trace, Enumerable.Min)} and {GlanceSection.Extreme(trace, Enumerable.Max)} of the trace of a layer's Gauss–Newton matrix{(overlap.Values.Any(static number => number.IsDefined) ? $", and its eigenspace overlaps the Hessian's by {GlanceSection.Extreme(overlap, Enumerable.Min)} to {GlanceSection.Extreme(overlap, Enumerable.Max)}" : "")}.",
                Formulas.ClassMeanPrediction),
            "share predicted",
            isLogarithmic: false,
            [trace, overlap, gradient]);
    }

    private static LineFigure Parts(IReadOnlyList<LayerReport> layers)
    {
        LayerLine within = new("within class", [.. layers.Select(static layer => Share(layer.Papyan, static papyan => papyan.WithinClass))]);
        LayerLine cross = new("cross class", [.. layers.Select(static layer => Share(layer.Papyan, static papyan => papyan.CrossClass))]);
        LayerLine own = new("class", [.. layers.Select(static layer => Share(layer.Papyan, static papyan => papyan.Class))]);
        return GlanceSection.Along(
            GlanceSection.Names(layers, null),
            new PageFigureText(
                "glance-parts",
                "Parts of the layers' Gauss–Newton matrices",
                $"Deviations of single samples from their class make up between {GlanceSection.Extreme(within, Enumerable.Min)} and {GlanceSection.Extreme(within, Enumerable.Max)} of the trace; at collapse they vanish.",
                Formulas.Papyan),
            "share of the trace",
            isLogarithmic: false,
            [within, cross, own]);
    }

    private static Number Share(PapyanReport? papyan, Func<PapyanReport, PapyanPartReport> part) => papyan is { Trace.Value: > 0.0 and { } whole } && part(papyan).Trace.Value is { } trace
        ? Number.Of(trace / whole)
        : Number.Undefined("the layer's Gauss–Newton matrix has no positive trace");

    private static PredictionReport? FromClassMeans(IReadOnlyList<SpectrumReport> spectra, LayerReport layer)
    {
        SpectrumReport? own = spectra.FirstOrDefault(spectrum => spectrum is { Operator: "hessian", IncludesWeightDecay: false } && string.Equals(spectrum.Scope, layer.Weight.Parameter, StringComparison.Ordinal));
        return own?.PredictedFromClassMeans ?? (own?.Predicted is { Source: "class-means" } predicted ? predicted : null);
    }
}
