using Eigenscope.Numerics.Blas;

namespace Eigenscope.Experiments.Tests.Studies;

/// <summary>A test that needs OpenBLAS, and is reported as skipped, with the reason, where it cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenBlasFactAttribute : FactAttribute
{
    public OpenBlasFactAttribute()
    {
        Skip = BlasBackends.Load(BlasChoice.Auto).FallbackReason;
    }
}
