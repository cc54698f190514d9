namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>One list of measured values, as marks.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Ranks">Rank of each mark, ascending.</param>
/// <param name="Values">Value of each mark; on a logarithmic axis the magnitude.</param>
/// <param name="IsNegative">Whether the marks stand for negative values, of which the magnitude is drawn.</param>
/// <param name="Category">What the values live on, which colours and shapes then show: class, cross-class, within-class, mixed, network-curvature or unknown; null where that is not told apart.</param>
public sealed record SpectrumSeries(string Name, IReadOnlyList<int> Ranks, IReadOnlyList<double> Values, bool IsNegative = false, string? Category = null);
