using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Numerics.Tests;

/// <summary>The context that tests of everything above the kernels run in.</summary>
internal static class TestCompute
{
    private const int Threads = 2;

    public static Compute Auto { get; } = new(BlasBackends.Load(BlasChoice.Auto).Backend, Threads);

    public static Compute Managed { get; } = new(BlasBackends.Load(BlasChoice.Managed).Backend, Threads);
}
