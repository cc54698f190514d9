using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Testing.Operators;

/// <summary>An operator beside its dense matrix, which was written by hand or by a slow reference that shares no code with the operator.</summary>
/// <param name="Name">The case's name in a test report.</param>
/// <param name="Create">Makes the operator for a context of 1, 2 or 3 threads.</param>
/// <param name="Dense">The matrix, m × n.</param>
/// <param name="Tolerance">Largest allowed difference relative to the largest entry of the matrix; the default is 1000 rounding errors of double precision.</param>
public sealed record OperatorCase(string Name, Func<Compute, LinearOperator> Create, double[,] Dense, double Tolerance = 1000 * OperatorCase.Precision)
{
    /// <summary>2⁻⁵².</summary>
    public const double Precision = 2.220446049250313e-16;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
