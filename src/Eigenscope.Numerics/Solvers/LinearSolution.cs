using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Solutions of linear systems by iteration.</summary>
/// <param name="Values">One solution a row.</param>
/// <param name="Iterations">Iterations spent.</param>
/// <param name="RelativeResidual">The largest true residual ‖A x − b‖/‖b‖ over the right-hand sides, from fresh products.</param>
/// <param name="Convergence">The verdict.</param>
public sealed record LinearSolution(Tensor<double> Values, int Iterations, double RelativeResidual, Convergence Convergence);
