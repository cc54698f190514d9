using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Reports;

/// <summary>A layer's Gauss–Newton matrix as the sum of three positive semidefinite parts (Papyan, JMLR 21, 2020).</summary>
/// <param name="Trace">Trace of the whole.</param>
/// <param name="WithinClass">Of the deviations of single samples from the mean of their class and logit.</param>
/// <param name="CrossClass">Of the deviations of those means from the mean over logits.</param>
/// <param name="Class">Of the means over logits.</param>
/// <param name="ClassCrossCosine">tr(A B) / (‖A‖_F ‖B‖_F) of the last two: 0 where their images are orthogonal.</param>
/// <param name="TraceStandardError">Standard error of the trace; null, and not written, where it was computed exactly.</param>
public sealed record PapyanReport(
    Number Trace,
    PapyanPartReport WithinClass,
    PapyanPartReport CrossClass,
    PapyanPartReport Class,
    Number ClassCrossCosine,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TraceStandardError = null)
{
    /// <summary>Writes a split as a report.</summary>
    /// <param name="split">The split.</param>
    /// <returns>The report.</returns>
    internal static PapyanReport Of(PapyanSplit split) =>
        new(split.Trace, Part(split.WithinClass), Part(split.CrossClass), Part(split.Class), split.ClassCrossCosine, Doubt(split.TraceStandardError));

    private static PapyanPartReport Part(PapyanPart part) => new(
        part.Rank,
        part.Trace,
        part.Eigenvalues.Count > 0 ? part.Eigenvalues : null,
        Doubt(part.TraceStandardError),
        part.Convergence is { } verdict ? SpectrumMeasurement.StatusName(verdict.Status) : null,
        part.Residuals.Count > 0 ? part.Residuals : null,
        part.Convergence?.Tolerance);

    private static double? Doubt(double standardError) => standardError > 0.0 ? standardError : null;
}
