using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Learning.Tests;

/// <summary>Where tests compute: with the kernels that EIGENSCOPE_BLAS names.</summary>
internal static class TestCompute
{
    /// <summary>One thread.</summary>
    public static Compute Single { get; } = new(Backend(), threads: 1);

    /// <summary>Three threads, more than there are blocks in small problems.</summary>
    public static Compute Several { get; } = new(Backend(), threads: 3);

    private static BlasBackend Backend() => BlasBackends.Load(BlasBackends.Parse(Environment.GetEnvironmentVariable("EIGENSCOPE_BLAS"))).Backend;
}
