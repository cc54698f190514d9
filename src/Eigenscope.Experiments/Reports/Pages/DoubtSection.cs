using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Where the tool doubts itself: everything a reader should know before citing a number.</summary>
internal static class DoubtSection
{
    private const double LargePredictionError = 0.1;
    private const int MostNamed = 4;
    private const double LargeStandardError = 0.05;

    /// <summary>Builds the section; the command's own doubts come first.</summary>
    public static PageSection Build(IReadOnlyList<string> own, RunEnvironment environment, IReadOnlyList<LayerReport> layers, OutputReport? output, IReadOnlyList<SpectrumReport> spectra, PapyanReport? parts = null, string whole = SubsetErrors.TrainingSamples)
    {
        string[] points = [.. own, .. Kernels(environment), .. spectra.Where(static spectrum => spectrum.SameAs is null).SelectMany(OfSpectrum), .. PartsSummary.Iterated(parts, layers).SelectMany(static entry => OfPart(entry.Name, entry.Part)), .. layers.SelectMany(OfAgop), .. SubsetErrors.Doubts(layers, output, spectra, whole), .. Predictions(spectra), .. Densities(spectra), .. Products(spectra), .. Undefined(layers, output)];
        return new PageSection
        {
            Title = "Where the tool doubts itself",
            Anchor = "doubts",
            Sentence = points.Length == 0 ? "Nowhere in this run: every spectrum converged, every number is defined, and nothing was cut short." : null,
            Points = points,
        };
    }

    /// <summary>Doubts about training: an interrupted run, attempts that diverged or ended in a lower rank.</summary>
    public static IEnumerable<string> OfTraining(bool isPartial, IReadOnlyList<AttemptReport> attempts)
    {
        if (isPartial)
            yield return "The run was interrupted: what is missing here was not reached.";
        foreach ((AttemptReport attempt, int i) in attempts.Select(static (attempt, i) => (attempt, i)))
        {
            if (attempt.Status is "diverged")
                yield return $"Training attempt {Format.Text(i + 1)} diverged{(attempt.LearningRate is { } rate ? $" at learning rate {Format.Text(rate)}" : "")}.";
            else if (!attempt.IsReported)
                yield return $"Training attempt {Format.Text(i + 1)} ended in rank {Format.Text(attempt.Rank)} at objective {Format.Text(attempt.Loss)}, and is not the one reported.";
        }
    }

    private static IEnumerable<string> Kernels(RunEnvironment environment)
    {
        if (environment.BlasFallbackReason is { } reason)
            yield return $"The slower managed kernels computed all this: {reason.TrimEnd('.')}.";
        if (environment.Precision is "float32")
            yield return "The network computed in float32: derivatives carry about seven digits, whatever the residuals say.";
    }

    private static IEnumerable<string> OfSpectrum(SpectrumReport spectrum)
    {
        string name = $"{spectrum.Operator} {spectrum.Scope}";
        if (spectrum.Status is not "converged")
            yield return $"{name}: {spectrum.Status}. {spectrum.Message}";
        if (spectrum.TraceReason is { } reason)
            yield return $"{name}: no trace, {reason}.";
        if (spectrum.Trace is { } trace && trace.StandardError > LargeStandardError * Math.Abs(trace.Mean))
            yield return $"{name}: its trace, {Format.Text(trace.Mean)}, was sampled, with standard error {Format.Text(trace.StandardError)}.";
    }

    private static IEnumerable<string> OfPart(string name, PapyanPartReport part)
    {
        if (SpectrumFindings.IsOpen(part.Status!))
            yield return $"Gauss–Newton matrix, {name}: {part.Status}{(part is { Residuals: { Count: > 0 } residuals, Tolerance: { } tolerance } ? $", with residuals up to {Format.Text(residuals.Max())} where {Format.Text(tolerance)} was asked for" : "")}.";
    }

    private static IEnumerable<string> OfAgop(LayerReport layer)
    {
        if (layer.Agop.Status is { } status && SpectrumFindings.IsOpen(status))
            yield return $"AGOP at the input of {layer.Name}: {status}. {layer.Agop.Message}";
    }

    private static IEnumerable<string> Predictions(IReadOnlyList<SpectrumReport> spectra) => spectra
        .Where(static spectrum => spectrum.Predicted is { MaxRelativeError.Value: > LargePredictionError })
        .GroupBy(static spectrum => (spectrum.Operator, spectrum.Predicted!.Source))
        .Select(static group =>
        {
            (string Scope, double Error)[] off = [.. group.Select(static spectrum => (spectrum.Scope, spectrum.Predicted!.MaxRelativeError.Value!.Value)).OrderByDescending(static entry => entry.Item2)];
            string named = string.Join(", ", off.Take(MostNamed).Select(static entry => $"{entry.Scope} by {Format.Text(entry.Error)}"));
            return $"The prediction ({group.Key.Source}) of the {group.Key.Operator} is off by more than {Format.Text(LargePredictionError)} of the largest eigenvalue in {named}{(off.Length > MostNamed ? $" and {Format.Text(off.Length - MostNamed)} more" : "")}; what it assumes does not hold there.";
        });

    private static IEnumerable<string> Densities(IReadOnlyList<SpectrumReport> spectra)
    {
        foreach (SpectrumReport spectrum in spectra.Where(static spectrum => spectrum is { Density: not null, SameAs: null }))
        {
            foreach ((DensityCurveReport? curve, string scale) in new[] { (spectrum.Density!.Linear, "linear"), (spectrum.Density.Log, "logarithmic") })
            {
                if (curve is not null && DensityResolution.UnresolvedShare(curve) is var open and > 0.0)
                    yield return $"Density of {spectrum.Operator} {spectrum.Scope}, {scale} scale: at {Format.Percent(open)} of its mass the last quarter of the Lanczos steps changed it by more than its band is wide.";
            }
        }
    }

    private static IEnumerable<string> Products(IReadOnlyList<SpectrumReport> spectra)
    {
        SpectrumReport[] open = [.. spectra.Where(static spectrum => !spectrum.Complete)];
        if (open.Length > 0)
            yield return $"{Format.Text(open.Length)} of {Format.Text(spectra.Count)} spectra were solved by products with the operator, from the top only: no such method can be certain to have seen every copy of a repeated eigenvalue.";
    }

    // Numbers that do not exist, under the reason they share.
    private static IEnumerable<string> Undefined(IReadOnlyList<LayerReport> layers, OutputReport? output)
    {
        string[] places = [.. layers.Select(static layer => layer.Name)];
        IEnumerable<(string What, string Where, Number Number)> numbers = layers.SelectMany(static layer => OfCollapse(layer.Input.Collapse, layer.Name)
            .Append(("the gradient's alignment", layer.Name, layer.Gradient.AlignmentTopK))
            .Append(("the NFA correlation", layer.Name, layer.Nfa.Pearson))
            .Append(("the NFA correlation of what training added", layer.Name, layer.NfaChange.Pearson))
            .Append(("the share of collapse done by the weight", layer.Name, layer.CollapseSteps.RightShare))
            .Append(("the trace of the AGOP", layer.Name, layer.Agop.Trace))
            .Concat(layer.Papyan is { } parts ? [("the rank of the within-class part of the Gauss–Newton matrix", layer.Name, parts.WithinClass.Rank)] : Array.Empty<(string, string, Number)>()));
        if (output is not null)
            numbers = numbers.Concat(OfCollapse(output.Collapse, PlaceNames.Logits));
        numbers = numbers.Concat(SubsetErrors.OfCollapse(layers, output));
        return numbers.Where(static entry => !entry.Number.IsDefined)
            .GroupBy(static entry => (entry.What, Reason: entry.Number.Reason!))
            .Select(group => $"No value for {group.Key.What} at {PlaceNames.Of(group.Select(static entry => entry.Where), places)}: {group.Key.Reason.TrimEnd('.')}.");
    }

    private static IEnumerable<(string What, string Where, Number Number)> OfCollapse(CollapseReport collapse, string where) =>
    [
        ("NC1", where, collapse.Nc1TraceRatio),
        ("NC1 by the pseudo-inverse", where, collapse.Nc1PseudoInverse),
        ("CDNV", where, collapse.Nc1Cdnv),
        ("the spread of the means' norms", where, collapse.Nc2Equinorm),
        ("the means' angles", where, collapse.Nc2Equiangle),
        ("NC3's alignment", where, collapse.Nc3Alignment),
        ("NC4's agreement", where, collapse.Nc4Agreement),
    ];
}
