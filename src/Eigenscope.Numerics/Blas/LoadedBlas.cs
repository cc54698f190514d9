namespace Eigenscope.Numerics.Blas;

/// <summary>The dense kernels that were loaded.</summary>
/// <param name="Backend">The kernels.</param>
/// <param name="FallbackReason">Why <see cref="BlasChoice.Auto"/> fell back on the managed kernels; <see langword="null"/> when it did not.</param>
public sealed record LoadedBlas(BlasBackend Backend, string? FallbackReason);
