namespace Eigenscope.Numerics.Estimators;

/// <summary>A Frobenius norm and its square, each with its doubt.</summary>
/// <param name="Squared">‖A‖_F² = E ‖A x‖², unbiased.</param>
/// <param name="Norm">‖A‖_F, the root of the first; its standard error is that of the square over 2 ‖A‖_F (first order), and its bias is of second order.</param>
public sealed record FrobeniusEstimate(Estimate Squared, Estimate Norm);
