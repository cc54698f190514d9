using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>One part of the split.</summary>
/// <param name="Rank">Number of eigenvalues above 1e-10 of the largest eigenvalue of the whole.</param>
/// <param name="Trace">Its trace.</param>
/// <param name="Eigenvalues">Its largest, descending, at most K²; null, and not written, where they were not computed.</param>
public sealed record PapyanPartReport(
    Number Rank,
    Number Trace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Eigenvalues);
