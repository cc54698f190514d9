namespace Eigenscope.Numerics.Blas;

/// <summary>Which implementation of the dense kernels runs.</summary>
public enum BlasKind
{
    /// <summary>The native OpenBLAS library.</summary>
    OpenBlas,

    /// <summary>The managed fallback: works everywhere, slower.</summary>
    Managed,
}
