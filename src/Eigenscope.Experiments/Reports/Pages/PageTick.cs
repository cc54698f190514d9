namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A value at its place on an axis, which may measure something else, as a logarithm that goes through zero.</summary>
/// <param name="Position">The place.</param>
/// <param name="Value">The value.</param>
public sealed record PageTick(double Position, double Value);
