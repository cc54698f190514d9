using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>One part of the split.</summary>
/// <param name="Rank">Number of eigenvalues above 1e-10 of the largest eigenvalue of the whole; undefined where the list of eigenvalues ends above that.</param>
/// <param name="Trace">Its trace.</param>
/// <param name="Eigenvalues">Its largest, descending, at most K²; null, and not written, where they were not computed.</param>
/// <param name="TraceStandardError">Standard error of the trace; null, and not written, where it was computed exactly.</param>
/// <param name="Status">The verdict on the eigenvalues where they were iterated for; null, and not written, where they come from a Gram matrix.</param>
/// <param name="Residuals">‖Av − θv‖ / max|θ| of eigenvalues that were iterated for, computed after the solve; null, and not written, where they come from a Gram matrix.</param>
/// <param name="Tolerance">The relative residual that was asked for; null, and not written, where nothing was iterated.</param>
public sealed record PapyanPartReport(
    Number Rank,
    Number Trace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Eigenvalues,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TraceStandardError = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Residuals = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Tolerance = null);
