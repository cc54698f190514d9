using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>The solution of (K + μI) α = Y.</summary>
/// <param name="Coefficients">α, n × K.</param>
/// <param name="Method">How it was solved.</param>
/// <param name="Iterations">Iterations of conjugate gradients; 0 for a factorisation.</param>
/// <param name="RelativeResidual">The largest ‖(K + μI) α_c − y_c‖/‖y_c‖, from fresh products; null for a factorisation, whose backward error is rounding.</param>
/// <param name="Convergence">The verdict.</param>
public sealed record RidgeSolution(Tensor<double> Coefficients, RidgeMethod Method, int Iterations, double? RelativeResidual, Convergence Convergence);
