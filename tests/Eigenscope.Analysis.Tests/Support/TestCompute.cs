using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Analysis.Tests.Support;

/// <summary>The kernels under the tests: those that EIGENSCOPE_BLAS names, on two threads.</summary>
internal static class TestCompute
{
    public static Compute Instance { get; } =
        new(BlasBackends.Load(BlasBackends.Parse(Environment.GetEnvironmentVariable("EIGENSCOPE_BLAS"))).Backend, 2);
}
