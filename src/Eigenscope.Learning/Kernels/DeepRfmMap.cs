using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>One layer of a Deep RFM as a map: x ↦ gain · σ(weight · x/‖x‖ + phases).</summary>
/// <param name="Weight">W M^½, width × d.</param>
/// <param name="Phases">u, width entries; null for ReLU features.</param>
/// <param name="Gain">1, or √(2/width) for cosine features.</param>
internal sealed record DeepRfmMap(Tensor<double> Weight, double[]? Phases, double Gain);
