using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What class means predict of the layers, as a table and in sentences.</summary>
internal static class PredictionSummary
{
    public static SummaryTable Table(int classes, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        List<IReadOnlyList<string>> rows = [];
        List<(string What, string Where, Number Number)> numbers = [];
        List<string> notes =
        [
            "θ̂: eigenvalues of Σ_c (n_c/N) (B_cᵀ Λ̄_c B_c) ⊗ μ_c μ_cᵀ, from class means alone, beside θ of the layer's Hessian; error: largest |θ̂_j − θ_j| / |θ₁|; overlap: of the two top-k eigenspaces; trace: of the prediction over that of the layer's Gauss–Newton matrix; g in span: share of the data gradient in the span of products of class means.",
        ];
        foreach ((LayerReport layer, SpectrumReport spectrum, PredictionReport prediction) in Predicted(layers, spectra))
        {
            Number share = layer.Predicted?.Gradient.Share ?? Number.Undefined("not measured");
            double[] predicted = PredictedEigenvalues.Expand(prediction.Groups, classes);
            rows.Add(
            [
                layer.Weight.Parameter,
                At(predicted, 1),
                At(spectrum.Eigenvalues, 1),
                At(predicted, classes),
                At(spectrum.Eigenvalues, classes),
                Format.Text(prediction.MaxRelativeError),
                Format.Text(prediction.SubspaceOverlap),
                prediction.SubspaceOverlapUsed is { } used ? Format.Text(used) : Format.Undefined,
                Format.Text(prediction.ExplainedTrace),
                Format.Text(share),
            ]);
            numbers.AddRange([("error", layer.Name, prediction.MaxRelativeError), ("overlap", layer.Name, prediction.SubspaceOverlap), ("trace", layer.Name, prediction.ExplainedTrace), ("share of the gradient", layer.Name, share)]);
        }
        notes.AddRange(UndefinedNotes.Lines(numbers, [.. layers.Select(static layer => layer.Name)]));
        string[] headers = ["θ̂₁", "θ₁", "θ̂_K", "θ_K", "error", "overlap", "k", "trace", "g in span"];
        return new SummaryTable("Predicted from class means", [new SummaryColumn("layer Hessian", IsNumeric: false), .. headers.Select(static header => new SummaryColumn(header, IsNumeric: true))], rows, notes);
    }

    public static IEnumerable<string> Findings(int classes, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        (LayerReport Layer, SpectrumReport Spectrum, PredictionReport Prediction)[] predicted =
            [.. Predicted(layers, spectra).Where(static entry => entry.Prediction.Groups.Count > 0 && entry.Spectrum.Eigenvalues is [> 0.0, ..])];
        if (predicted.Length == 0)
            yield break;
        string ratios = NumberList.Text([.. predicted.Select(static entry => Number.Of(entry.Prediction.Groups[0].Value / entry.Spectrum.Eigenvalues[0]))]);
        string traces = NumberList.Text([.. predicted.Select(static entry => entry.Prediction.ExplainedTrace)]);
        string overlaps = NumberList.Text([.. predicted.Select(static entry => entry.Prediction.SubspaceOverlap)]);
        yield return $"From class means alone, the largest eigenvalue of the layers' Hessians is predicted at {ratios} times its measured value (layers {Names(predicted)}); the predicted eigenspaces overlap the measured ones by {overlaps}, and hold {traces} of the Gauss–Newton matrices' trace.";
        (LayerReport Layer, SpectrumReport Spectrum, PredictionReport Prediction)[] spanned = [.. predicted.Where(static entry => entry.Layer.Predicted is { Gradient.Share.IsDefined: true })];
        if (spanned.Length > 0)
        {
            string shares = NumberList.Text([.. spanned.Select(static entry => entry.Layer.Predicted!.Gradient.Share)]);
            yield return $"The at most {Format.Text((long)classes * classes)} products of class means before and after a layer span {shares} of its squared data gradient ({(spanned.Length == 1 ? "layer" : "layers")} {Names(spanned)}).";
        }
    }

    private static string Names((LayerReport Layer, SpectrumReport Spectrum, PredictionReport Prediction)[] predicted) =>
        predicted.Length == 1 ? predicted[0].Layer.Name : $"{predicted[0].Layer.Name} to {predicted[^1].Layer.Name}";

    private static IEnumerable<(LayerReport Layer, SpectrumReport Spectrum, PredictionReport Prediction)> Predicted(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra) =>
        from layer in layers
        let spectrum = spectra.FirstOrDefault(candidate => candidate.Operator is "hessian" && string.Equals(candidate.Scope, layer.Weight.Parameter, StringComparison.Ordinal))
        let prediction = spectrum?.PredictedFromClassMeans ?? spectrum?.Predicted
        where prediction is not null
        select (layer, spectrum, prediction);

    private static string At(IReadOnlyList<double> values, int rank) => values.Count >= rank ? Format.Text(values[rank - 1]) : Format.Undefined;
}
