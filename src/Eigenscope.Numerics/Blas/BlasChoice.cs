namespace Eigenscope.Numerics.Blas;

/// <summary>Which dense kernels a user asks for.</summary>
public enum BlasChoice
{
    /// <summary>OpenBLAS where it is installed, otherwise the managed kernels.</summary>
    Auto,

    /// <summary>OpenBLAS or an error.</summary>
    OpenBlas,

    /// <summary>The managed kernels.</summary>
    Managed,
}
