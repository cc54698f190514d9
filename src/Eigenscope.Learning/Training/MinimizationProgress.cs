namespace Eigenscope.Learning.Training;

/// <summary>What is known after an iteration of <see cref="SecondOrderMinimizer"/> without any extra work.</summary>
/// <param name="LbfgsIterations">L-BFGS iterations done.</param>
/// <param name="NewtonIterations">Newton steps tried.</param>
/// <param name="Products">Hessian products done.</param>
/// <param name="Loss">The objective: data loss plus decay.</param>
/// <param name="GradientNorm">The norm of its gradient.</param>
/// <param name="Parameters">The point, flat; the minimiser's own array, valid and unchanged during the call only.</param>
public sealed record MinimizationProgress(int LbfgsIterations, int NewtonIterations, int Products, double Loss, double GradientNorm, ReadOnlyMemory<double> Parameters);
