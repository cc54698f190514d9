namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A stretch of an axis.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end, not before its beginning.</param>
public sealed record PageInterval(double From, double To);
