using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A descending list of values for a figure, with what is predicted of it, descending too, and what its values live on; null for nothing.</summary>
internal sealed record SpectrumList(string Name, IReadOnlyList<double> Values, IReadOnlyList<PredictedGroup>? Predicted = null, string? Category = null);
