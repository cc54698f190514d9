using Eigenscope.Analysis.Spectra;

namespace Eigenscope.Experiments.Reports;

/// <summary>Where top eigenvectors live among the parts of the Gauss–Newton matrix: K class outliers and a mini-bulk of K (K − 1) where the network has collapsed, and what is there instead where it has not.</summary>
internal static class OriginSummary
{
    /// <summary>Sentences on the operators over all parameters, and one on the layers' Hessians.</summary>
    /// <param name="classes">K.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="spectra">All spectra.</param>
    public static IEnumerable<string> Findings(int classes, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        foreach (SpectrumReport spectrum in Measured(spectra).Where(static spectrum => spectrum.Scope is "all"))
            yield return $"Full {OperatorTitles.Of(spectrum.Operator)}: {Sentence(spectrum.Origins!, classes)}.";
        OriginReport[] own = [.. OfLayers(layers, spectra)];
        if (own.Length > 0)
        {
            yield return $"Layer Hessians: in {Format.Text(own.Count(static origins => HasOutliers(origins)))} of {Format.Text(own.Length)} more than half of the top K eigenvectors live in the class part, "
                + $"in {Format.Text(own.Count(static origins => HasMiniBulk(origins)))} more than half of the next ones in the cross-class part{Count(own)}.";
        }
    }

    /// <summary>"of the top K = 10 eigenvectors 10 live in the class part; …": without a full stop.</summary>
    /// <param name="origins">Where the eigenvectors of one operator live.</param>
    /// <param name="classes">K.</param>
    public static string Sentence(OriginReport origins, int classes)
    {
        OriginCounts first = origins.Outliers, next = origins.MiniBulk;
        string top = first.Total == classes ? $"the top K = {Format.Text(classes)}" : $"the {Format.Text(first.Total)} measured";
        string sentence = $"of {top} eigenvectors, {Format.Text(first.Class)} {(first.Class == 1 ? "lives" : "live")} in the class part{Others(first, static counts => counts with { Class = 0 })}";
        if (next.Total == 0)
            return sentence;
        string following = next.Total == classes * (classes - 1) ? $"the next {Format.Text(next.Total)}" : $"the {Format.Text(next.Total)} measured after them";
        return $"{sentence}; of {following}, {Format.Text(next.CrossClass)} in the cross-class part{(HasMiniBulk(origins) ? ", the mini-bulk" : "")}{Others(next, static counts => counts with { CrossClass = 0 })}";
    }

    /// <summary>One row for each operator and scope.</summary>
    /// <param name="spectra">All spectra.</param>
    /// <returns>The table; null where no origins were measured.</returns>
    public static SummaryTable? Table(IReadOnlyList<SpectrumReport> spectra)
    {
        SpectrumReport[] measured = [.. Measured(spectra)];
        if (measured.Length == 0)
            return null;
        string[] headers = ["class in top K", "cross-class in next", "within", "mixed", "curvature"];
        return new SummaryTable(
            "Where the top eigenvectors live",
            [new SummaryColumn("operator", IsNumeric: false), new SummaryColumn("scope", IsNumeric: false), .. headers.Select(static header => new SummaryColumn(header, IsNumeric: true)), new SummaryColumn("verdict", IsNumeric: false)],
            [.. measured.Select(static spectrum => Row(spectrum, spectrum.Origins!))],
            [
                "Counted by the part of the Gauss–Newton matrix that gives more than half of vᵀGv; mixed: none does; curvature: less than half of θ is the Gauss–Newton matrix's. Within, mixed and curvature count over top K and next together; next: ranks K + 1 to K², or as many as were measured.",
                "outliers: more than half of the top K live in the class part; mini-bulk: more than half of the next in the cross-class part.",
            ]);
    }

    private static IReadOnlyList<string> Row(SpectrumReport spectrum, OriginReport origins)
    {
        OriginCounts first = origins.Outliers, next = origins.MiniBulk;
        return
        [
            spectrum.Operator,
            spectrum.Scope,
            $"{Format.Text(first.Class)} of {Format.Text(first.Total)}",
            next.Total == 0 ? Format.Undefined : $"{Format.Text(next.CrossClass)} of {Format.Text(next.Total)}",
            Format.Text(first.WithinClass + next.WithinClass),
            Format.Text(first.Mixed + next.Mixed),
            Format.Text(first.NetworkCurvature + next.NetworkCurvature),
            (HasOutliers(origins), HasMiniBulk(origins)) switch
            {
                (true, true) => "outliers, mini-bulk",
                (true, false) => "outliers only",
                (false, true) => "mini-bulk only",
                _ => "neither",
            },
        ];
    }

    private static IEnumerable<SpectrumReport> Measured(IReadOnlyList<SpectrumReport> spectra) => spectra.Where(static spectrum => spectrum is { SameAs: null, Origins.Outliers.Total: > 0 });

    private static IEnumerable<OriginReport> OfLayers(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra)
    {
        HashSet<string> parameters = new(layers.Select(static layer => layer.Weight.Parameter), StringComparer.Ordinal);
        return Measured(spectra).Where(spectrum => spectrum.Operator is "hessian" && parameters.Contains(spectrum.Scope)).Select(static spectrum => spectrum.Origins!);
    }

    private static bool HasOutliers(OriginReport origins) => 2 * origins.Outliers.Class > origins.Outliers.Total;

    private static bool HasMiniBulk(OriginReport origins) => 2 * origins.MiniBulk.CrossClass > origins.MiniBulk.Total;

    private static string Count(OriginReport[] own) => own.Select(static origins => origins.MiniBulk.Total).Distinct().ToArray() is [var count] ? $" ({Format.Text(count)} were measured)" : "";

    // Where the remaining ones live, for an honest reader.
    private static string Others(OriginCounts counts, Func<OriginCounts, OriginCounts> without)
    {
        OriginCounts rest = without(counts);
        (int Count, string Where)[] parts =
        [
            (rest.Class, "class"), (rest.CrossClass, "cross-class"), (rest.WithinClass, "within-class"), (rest.Mixed, "mixed"), (rest.NetworkCurvature, "network curvature"),
        ];
        string list = string.Join(", ", parts.Where(static part => part.Count > 0).Select(static part => $"{Format.Text(part.Count)} {part.Where}"));
        return list.Length == 0 ? "" : $" ({list})";
    }
}
