namespace Eigenscope.Numerics.Blas;

/// <summary>How an operand enters a matrix product.</summary>
public enum MatrixOp
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>Transposed.</summary>
    Transpose,
}
