using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What every run says about its spectra: how many eigenvalues were asked for, and whether all of them converged, those of the parts of Gauss–Newton matrices too.</summary>
internal static class SpectrumFindings
{
    private const int MostNamed = 4;

    public static IEnumerable<string> Describe(MeasurementPlan plan, IReadOnlyList<SpectrumReport> spectra, PapyanReport? parts, IReadOnlyList<LayerReport> layers)
    {
        if (AgopVerdict(layers) is { } agops)
            yield return agops;
        if (!plan.HasSpectra)
            yield break;
        long outliers = (long)plan.Classes * plan.Classes;
        if (plan.Pairs <= outliers)
            yield return $"Of each operator the {Format.Text(plan.Pairs)} largest eigenvalues were asked for, fewer than K² = {Format.Text(outliers)}; --top asks for more.";
        yield return Verdict(spectra, PartsSummary.Iterated(parts, layers));
    }

    /// <summary>Whether everything that was iterated for converged: spectra, parts of Gauss–Newton matrices, AGOPs.</summary>
    /// <param name="spectra">All spectra.</param>
    /// <param name="parts">The parts of the whole network's Gauss–Newton matrix, or null.</param>
    /// <param name="layers">The layers, with theirs.</param>
    public static bool HaveConverged(IEnumerable<SpectrumReport> spectra, PapyanReport? parts, IReadOnlyList<LayerReport> layers) =>
        !spectra.Any(static spectrum => IsOpen(spectrum.Status)) && !PartsSummary.Iterated(parts, layers).Any(static entry => IsOpen(entry.Part.Status!)) && !layers.Any(static layer => layer.Agop.Status is { } status && IsOpen(status));

    /// <summary>Whether a status says that eigenvalues are not what was asked for.</summary>
    public static bool IsOpen(string status) => status is not ("converged" or "invariant-subspace");

    // Of AGOPs whose eigenvalues were iterated for; null where every matrix was formed.
    private static string? AgopVerdict(IReadOnlyList<LayerReport> layers)
    {
        LayerReport[] iterated = [.. layers.Where(static layer => layer.Agop.Status is not null)];
        if (iterated.Length == 0)
            return null;
        string[] open = [.. iterated.Where(static layer => IsOpen(layer.Agop.Status!)).Select(static layer => $"{layer.Name} ({layer.Agop.Status})")];
        return open.Length == 0
            ? $"The largest eigenvalues of the AGOP converged at the inputs of all {Format.Text(iterated.Length)} convolutions where they were iterated for; the largest residual is {Format.Text(Largest(iterated.Select(static layer => layer.Agop.Residuals ?? [])))}."
            : $"At the inputs of {Format.Text(open.Length)} of {Format.Text(iterated.Length)} convolutions the largest eigenvalues of the AGOP did not converge: {Named(open)}.";
    }

    /// <summary>The verdict in a sentence.</summary>
    /// <param name="spectra">All spectra.</param>
    /// <param name="parts">Parts that were iterated for, by name.</param>
    public static string Verdict(IReadOnlyList<SpectrumReport> spectra, IReadOnlyList<(string Name, PapyanPartReport Part)> parts)
    {
        if (spectra.Count == 0 && parts.Count == 0)
            return "No spectrum was computed.";
        string[] open = [.. spectra.Where(static spectrum => IsOpen(spectrum.Status)).Select(static spectrum => $"{spectrum.Operator} {spectrum.Scope} ({spectrum.Status})")];
        string[] openParts = [.. parts.Where(static entry => IsOpen(entry.Part.Status!)).Select(static entry => $"{entry.Name} ({entry.Part.Status})")];
        if (open.Length == 0 && openParts.Length == 0)
            return Converged(spectra, parts);
        string[] sentences =
        [
            open.Length > 0 ? $"{Format.Text(open.Length)} of {Format.Text(spectra.Count)} spectra did not converge: {Named(open)}." : "",
            openParts.Length > 0 ? $"Of {Format.Text(parts.Count)} parts of Gauss–Newton matrices that were iterated for, {Format.Text(openParts.Length)} did not converge: {Named(openParts)}." : "",
        ];
        return string.Join(' ', sentences.Where(static sentence => sentence.Length > 0));
    }

    private static string Converged(IReadOnlyList<SpectrumReport> spectra, IReadOnlyList<(string Name, PapyanPartReport Part)> parts)
    {
        string worst = Format.Text(Largest(spectra.Select(static spectrum => spectrum.Residuals)));
        return parts.Count == 0
            ? $"All {Format.Text(spectra.Count)} spectra converged; the largest residual is {worst}."
            : $"All {Format.Text(spectra.Count)} spectra and {Format.Text(parts.Count)} {(parts.Count == 1 ? "part" : "parts")} of Gauss–Newton matrices that {(parts.Count == 1 ? "was" : "were")} iterated for converged; the largest residual is {worst}, of the parts {Format.Text(Largest(parts.Select(static entry => entry.Part.Residuals ?? [])))}.";
    }

    private static double Largest(IEnumerable<IReadOnlyList<double>> residuals) => residuals.SelectMany(static list => list).DefaultIfEmpty(0.0).Max();

    private static string Named(string[] names) => string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? $" and {Format.Text(names.Length - MostNamed)} more" : "");
}
