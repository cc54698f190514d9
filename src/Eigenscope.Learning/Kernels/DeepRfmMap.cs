using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>One layer of a Deep RFM as a map: x ↦ σ(weight · x/‖x‖ + phases), but for a factor that the next layer's normalisation takes away.</summary>
/// <param name="Weight">W M^½, width × d.</param>
/// <param name="Phases">u, width entries; null for ReLU features.</param>
internal sealed record DeepRfmMap(Tensor<double> Weight, double[]? Phases);
