using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>Points with their targets.</summary>
/// <param name="Points">n × d.</param>
/// <param name="Targets">n × K.</param>
/// <param name="Labels">n class indices in 0 … K − 1, with which the share of largest outputs that are right is counted; null for regression.</param>
public sealed record RfmData(Tensor<double> Points, Tensor<double> Targets, int[]? Labels);
