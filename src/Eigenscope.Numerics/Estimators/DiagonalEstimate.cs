namespace Eigenscope.Numerics.Estimators;

/// <summary>A sampled diagonal with the doubt of every entry.</summary>
/// <param name="Mean">The estimate, n entries.</param>
/// <param name="StandardError">Standard error of every entry; 0 where computed exactly.</param>
/// <param name="Samples">Number of independent samples; 0 for a diagonal computed exactly.</param>
public sealed record DiagonalEstimate(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardError, int Samples);
