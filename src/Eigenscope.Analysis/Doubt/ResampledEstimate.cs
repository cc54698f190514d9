using Eigenscope.Numerics.Estimators;

namespace Eigenscope.Analysis.Doubt;

/// <summary>A number measured on a sample of the data, with the doubt that comes from there: what another sample of the same size would have given.</summary>
/// <param name="Estimate">The number as measured on all samples given; its standard error; how many resamplings that comes from.</param>
/// <param name="Bias">How far the number is expected to lie above the one of infinitely many samples, as the resampling shows it; not subtracted from the number. Null where the method does not show it.</param>
public sealed record ResampledEstimate(Estimate Estimate, double? Bias);
