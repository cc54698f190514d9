namespace Eigenscope.Numerics.Estimators;

/// <summary>An eigenvalue that was known before and deflated exactly: an atom of the spectral density.</summary>
/// <param name="Value">The eigenvalue.</param>
/// <param name="Mass">Its share of the spectrum, 1/n; an eigenvalue of multiplicity r is r lines.</param>
public sealed record SpectralLine(double Value, double Mass);
