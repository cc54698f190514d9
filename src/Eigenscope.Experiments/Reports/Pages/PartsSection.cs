using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The parts of the Gauss–Newton matrix, and which of them the top eigenvectors live on.</summary>
internal static class PartsSection
{
    /// <summary>Builds the section.</summary>
    /// <param name="parts">The Gauss–Newton matrix of all parameters in parts, or null.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="spectra">All spectra.</param>
    /// <param name="classes">K.</param>
    /// <returns>The section; null when nothing of it was measured.</returns>
    public static PageSection? Build(PapyanReport? parts, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, int classes)
    {
        PageFigure?[] figures = [Traces(parts), Spectra(parts, classes), Origins(layers, spectra, classes)];
        if (figures.All(static figure => figure is null))
            return null;
        return new PageSection
        {
            Title = "Where curvature comes from",
            Anchor = "parts",
            Sentence = "The Gauss–Newton matrix is the sum of three: the class part, of each class's gradients averaged over samples and logits; the cross-class part, of the averages over samples about it, logit by logit; and the within-class part, of single samples about those. Collapse makes the third vanish and leaves at most K eigenvalues of the first and K (K − 1) of the second: outliers, and under cross-entropy a mini-bulk below them.",
            Figures = [.. figures.OfType<PageFigure>()],
        };
    }

    private static BarFigure? Traces(PapyanReport? parts)
    {
        if (parts is not { Trace.Value: > 0.0 and { } whole } || PartsSummary.Finding(parts) is not { } finding)
            return null;
        IReadOnlyList<(string Name, PapyanPartReport Part)> named = PartsSummary.Named(parts);
        double?[] shares = [.. named.Select(entry => entry.Part.Trace.Value / whole)];
        double?[] errors = [.. named.Select(entry => entry.Part.TraceStandardError / whole)];
        return new BarFigure
        {
            Id = "parts-traces",
            Title = "Shares of the trace",
            Sentence = finding,
            Formula = Formulas.Papyan,
            Names = [.. named.Select(static entry => entry.Name)],
            Values = shares,
            StandardErrors = errors.Any(static error => error is not null) ? errors : null,
            Y = Axes.Linear("share of the trace", [.. shares.Zip(errors, static (share, error) => share!.Value + (error ?? 0.0))], 0.0, 1.0),
            Note = errors.Any(static error => error is not null) ? "Whiskers are standard errors of traces that were sampled." : null,
        };
    }

    private static SpectrumFigure? Spectra(PapyanReport? parts, int classes)
    {
        if (parts is null)
            return null;
        SpectrumList[] lists = [.. PartsSummary.Named(parts).Where(static entry => entry.Part.Eigenvalues is { Count: > 0 }).Select(static entry => new SpectrumList(entry.Name, entry.Part.Eigenvalues!, Category: entry.Name))];
        if (lists.Length == 0)
            return null;
        string levels = string.Join(", ", lists.Select(static list => $"{list.Name} {Format.Text(list.Values[0])}"));
        (string Name, PapyanPartReport Part)[] iterated = [.. PartsSummary.Named(parts).Where(static entry => entry.Part.Status is not null)];
        SpectrumFigure figure = SpectrumFigures.OfLists(
            new PageFigureText("parts-spectra", "Spectra of the three parts", $"Largest eigenvalues: {levels}, with K = {Format.Text(classes)} classes; each part has its own eigenvectors.", Formulas.Papyan),
            "eigenvalue",
            lists,
            [new MarkedRank(classes, "K")]);
        return iterated.Length == 0 ? figure : figure with { Verdict = string.Join("; ", iterated.Select(static entry => Verdict(entry.Name, entry.Part))), IsDoubtful = iterated.Any(static entry => SpectrumFindings.IsOpen(entry.Part.Status!)) };
    }

    private static string Verdict(string name, PapyanPartReport part) =>
        $"{name} part: {part.Status}{(part.Residuals is { Count: > 0 } residuals ? $", largest residual {Format.Text(residuals.Max())}" : "")}";

    private static LineFigure? Origins(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, int classes)
    {
        OriginReport?[] own = [.. layers.Select(layer => spectra.FirstOrDefault(spectrum => spectrum is { Operator: "hessian", IncludesWeightDecay: false } && string.Equals(spectrum.Scope, layer.Weight.Parameter, StringComparison.Ordinal))?.Origins)];
        if (layers.Count < 2 || own.All(static origins => origins is null))
            return null;
        LayerLine outliers = new("class, of the top K", [.. own.Select(static origins => Share(origins?.Outliers, static counts => counts.Class))]);
        LayerLine miniBulk = new("cross-class, of the next", [.. own.Select(static origins => Share(origins?.MiniBulk, static counts => counts.CrossClass))]);
        LayerLine within = new("within-class, of the next", [.. own.Select(static origins => Share(origins?.MiniBulk, static counts => counts.WithinClass))]);
        LayerLine curvature = new("network curvature, of the next", [.. own.Select(static origins => Share(origins?.MiniBulk, static counts => counts.NetworkCurvature))]);
        return GlanceSection.Along(
            GlanceSection.Names(layers, null),
            new PageFigureText(
                "parts-layers",
                "Where the layers' top eigenvectors live",
                $"Between {GlanceSection.Extreme(outliers, Enumerable.Min)} and {GlanceSection.Extreme(outliers, Enumerable.Max)} of the top K = {Format.Text(classes)} eigenvectors of a layer's Hessian live in the class part, and between {GlanceSection.Extreme(miniBulk, Enumerable.Min)} and {GlanceSection.Extreme(miniBulk, Enumerable.Max)} of the next ones in the cross-class part.",
                Formulas.Origins),
            "share of the eigenvectors",
            isLogarithmic: false,
            [outliers, miniBulk, within, curvature]);
    }

    private static Number Share(OriginCounts? counts, Func<OriginCounts, int> part) =>
        counts is { Total: > 0 } ? Number.Of((double)part(counts) / counts.Total) : Number.Undefined("not measured");
}
