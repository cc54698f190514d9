namespace Eigenscope.Experiments.Reports;

/// <summary>Where numbers were computed: together with the seed, what decides the bits.</summary>
/// <param name="Blas">The dense kernels: "OpenBLAS 0.3.21 (Haswell)".</param>
/// <param name="BlasFallbackReason">Why the managed kernels run although OpenBLAS was welcome, or null.</param>
/// <param name="Threads">Number of threads.</param>
/// <param name="Precision">float32 or float64.</param>
/// <param name="Machine">Operating system, architecture and processor.</param>
/// <param name="Framework">The .NET runtime.</param>
public sealed record RunEnvironment(string Blas, string? BlasFallbackReason, int Threads, string Precision, string Machine, string Framework);
