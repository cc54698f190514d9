using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>One operation after its machine was fitted.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Report">What was measured.</param>
/// <param name="Metrics">M_0 … M_T, 2p × 2p each.</param>
internal sealed record LearnedOperation(ModularOperation Operation, GrokOperationReport Report, IReadOnlyList<Tensor<double>> Metrics);
