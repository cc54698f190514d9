using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A number of each layer, from the input on.</summary>
internal sealed record LayerLine(string Name, IReadOnlyList<Number> Values);
