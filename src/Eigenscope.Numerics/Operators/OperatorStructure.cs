namespace Eigenscope.Numerics.Operators;

/// <summary>What is known about a linear operator. A flag is a promise that the conformance suite checks; absence promises nothing.</summary>
[Flags]
public enum OperatorStructure
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>A = Aᵀ.</summary>
    Symmetric = 1,

    /// <summary>Symmetric with non-negative eigenvalues; implies <see cref="Symmetric"/>.</summary>
    PositiveSemidefinite = 2,

    /// <summary>Non-zero on the diagonal only; implies <see cref="Symmetric"/>.</summary>
    Diagonal = 4,
}
