using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>Points in the coordinates of a <see cref="KernelGeometry"/>.</summary>
/// <param name="Rows">m × d.</param>
/// <param name="SquaredNorms">m entries; null for an inner-product kernel.</param>
internal sealed record MappedPoints(Tensor<double> Rows, double[]? SquaredNorms);
