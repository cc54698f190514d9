namespace Eigenscope.Theory;

/// <summary>A value that theory predicts, and how often.</summary>
/// <param name="Value">An eigenvalue or a singular value.</param>
/// <param name="Count">Its multiplicity, ≥ 1.</param>
public sealed record PredictedGroup(double Value, long Count);
