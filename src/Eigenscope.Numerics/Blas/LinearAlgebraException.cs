namespace Eigenscope.Numerics.Blas;

/// <summary>A factorisation met a NaN or an infinity, or its iteration failed.</summary>
public sealed class LinearAlgebraException : ArithmeticException
{
    /// <summary>Creates the exception.</summary>
    public LinearAlgebraException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What failed, on what.</param>
    public LinearAlgebraException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What failed, on what.</param>
    /// <param name="innerException">The cause.</param>
    public LinearAlgebraException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
