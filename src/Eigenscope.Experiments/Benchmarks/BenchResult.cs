using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>The result of <c>bench</c>.</summary>
/// <param name="Gemm">This machine's rate of large matrix products.</param>
/// <param name="Rows">One row for each operator.</param>
/// <param name="Scaling">How costs grow; left out unless asked for.</param>
/// <param name="Partial">True when it was interrupted: rows or series are missing. Left out otherwise.</param>
public sealed record BenchResult(
    GemmRates Gemm,
    IReadOnlyList<BenchRow> Rows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BenchScaling>? Scaling,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial);

/// <summary>Rates of large matrix products over all threads, in GFLOP/s; medians over the windows that count.</summary>
/// <param name="Float32">In single precision.</param>
/// <param name="Float64">In double precision.</param>
public sealed record GemmRates(double Float32, double Float64);

/// <summary>What a product of one operator costs.</summary>
public sealed record BenchRow
{
    /// <summary>The network, "mlp-784-512x4-10", or kernel, points, dimension and outputs, "laplace-8000-784-10".</summary>
    public required string Model { get; init; }

    /// <summary>gradient, training-step, linearize, hessian, gauss-newton, empirical-fisher, jacobian, or "layer " and a parameter's name; of a kernel machine fit-agop.</summary>
    public required string Operator { get; init; }

    /// <summary>float32 or float64.</summary>
    public required string Precision { get; init; }

    /// <summary>Vectors of a block, b.</summary>
    public required int Block { get; init; }

    /// <summary>Milliseconds for one product: a block's time divided by b; median over windows.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Flops of the product's matrix products at the rate measured in the same windows; median.</summary>
    public required double FloorMilliseconds { get; init; }

    /// <summary>Time over floor, median over windows of the ratio within a window. Convolutions computed without unfolding can be below 1: they are faster than the plain matrix product.</summary>
    public required double RatioToFloor { get; init; }

    /// <summary>Time over that of the gradient in the same window, median; undefined for a kernel machine.</summary>
    public required Number RatioToGradient { get; init; }

    /// <summary>
    /// Managed bytes that the product needs beyond the network, the samples and the caller's vectors: what linearisation and scratch hold, and what one product allocates and drops.
    /// Of a kernel machine, what one fit allocates. Packing buffers inside the native kernels are not counted (a fixed few MB a thread).
    /// </summary>
    public required long PeakBytes { get; init; }

    /// <summary>Bytes of the activations: the values at every layer boundary for all samples, inputs and logits included, to compare <see cref="PeakBytes"/> with; of a kernel machine those of the kernel matrix.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Bytes of one parameter vector in the network's precision, or of the coefficients.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Windows whose measurements count: two cores were there before and after. With 0, the numbers are from disturbed windows.</summary>
    public required int WindowsKept { get; init; }

    /// <summary>Windows that were left out.</summary>
    public required int WindowsDiscarded { get; init; }
}
