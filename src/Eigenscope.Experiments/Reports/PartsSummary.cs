namespace Eigenscope.Experiments.Reports;

/// <summary>The three parts of the Gauss–Newton matrix of all parameters by their traces.</summary>
internal static class PartsSummary
{
    /// <summary>The parts as sentences and figures name them, largest structure first.</summary>
    /// <param name="parts">The split.</param>
    public static IReadOnlyList<(string Name, PapyanPartReport Part)> Named(PapyanReport parts) => [("class", parts.Class), ("cross-class", parts.CrossClass), ("within-class", parts.WithinClass)];

    /// <summary>The parts whose eigenvalues were iterated for, of the whole network first: "within-class part of all".</summary>
    /// <param name="whole">The parts of the whole network's matrix, or null.</param>
    /// <param name="layers">The layers, with theirs.</param>
    public static IReadOnlyList<(string Name, PapyanPartReport Part)> Iterated(PapyanReport? whole, IReadOnlyList<LayerReport> layers) =>
    [
        .. layers.Select(static layer => (Scope: layer.Weight.Parameter, Parts: layer.Papyan)).Prepend((Scope: "all", Parts: whole))
            .Where(static entry => entry.Parts is not null)
            .SelectMany(static entry => Named(entry.Parts!).Where(static part => part.Part.Status is not null).Select(part => ($"{part.Name} part of {entry.Scope}", part.Part))),
    ];

    /// <summary>A sentence; null where a trace is not known.</summary>
    /// <param name="parts">The split, or null.</param>
    public static string? Finding(PapyanReport? parts)
    {
        if (parts is not { Trace.Value: > 0.0 and { } whole })
            return null;
        IReadOnlyList<(string Name, PapyanPartReport Part)> named = Named(parts);
        if (named.Any(static entry => !entry.Part.Trace.IsDefined))
            return null;
        string shares = string.Join(", ", named.Select(entry => $"{entry.Name} part {Share(entry.Part, whole)}"));
        string error = parts.TraceStandardError is { } doubt ? $" ± {Format.Text(doubt)}" : "";
        string method = named.Any(static entry => entry.Part.TraceStandardError is not null) ? "; ± are standard errors of traces that were sampled" : "";
        return $"The Gauss–Newton matrix of all parameters has trace {Format.Text(whole)}{error}: {shares}{method}.";
    }

    private static string Share(PapyanPartReport part, double whole) =>
        part.TraceStandardError is { } error ? $"{Format.Percent(part.Trace.Value!.Value / whole)[..^2]} ± {Format.Percent(error / whole)}" : Format.Percent(part.Trace.Value!.Value / whole);
}
