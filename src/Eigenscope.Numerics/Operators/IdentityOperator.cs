using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>The identity on R^n.</summary>
public sealed class IdentityOperator : LinearOperator
{
    /// <summary>Creates the identity.</summary>
    /// <param name="dimension">n, ≥ 0.</param>
    public IdentityOperator(int dimension)
        : base(dimension, dimension, OperatorStructure.Diagonal | OperatorStructure.PositiveSemidefinite)
    {
    }

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => x.CopyTo(y);

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => x.CopyTo(y);
}
