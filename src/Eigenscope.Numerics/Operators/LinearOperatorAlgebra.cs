namespace Eigenscope.Numerics.Operators;

/// <summary>
/// Operators built from operators. What is known propagates as follows (S symmetric, P positive semidefinite, D diagonal):
/// <list type="table">
/// <listheader><term>operator</term><description>structure</description></listheader>
/// <item><term>A + B</term><description>the flags both have</description></item>
/// <item><term>c A</term><description>S and D of A; P of A when c ≥ 0</description></item>
/// <item><term>A B</term><description>none; D when both are diagonal, and then P when both are P</description></item>
/// <item><term>Aᵀ</term><description>the flags of A; a symmetric A is its own adjoint</description></item>
/// <item><term>Pᵀ A P (restriction)</term><description>the flags of A</description></item>
/// <item><term>A ⊗ B</term><description>the flags both have</description></item>
/// </list>
/// </summary>
public static class LinearOperatorAlgebra
{
    /// <summary>A + B.</summary>
    /// <param name="left">A, m × n.</param>
    /// <param name="right">B, m × n.</param>
    /// <returns>The sum; it refers to both operators.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static LinearOperator Add(this LinearOperator left, LinearOperator right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Rows != right.Rows || left.Columns != right.Columns)
            throw new ArgumentException($"expected a {left.Rows} × {left.Columns} operator to add to one of that shape, got {right.Rows} × {right.Columns}", nameof(right));
        return new SumOperator(left, right);
    }

    /// <summary>c A.</summary>
    /// <param name="operand">A.</param>
    /// <param name="factor">c, finite.</param>
    /// <returns>The scaled operator; it refers to A.</returns>
    /// <exception cref="ArgumentException">The factor is not finite.</exception>
    public static LinearOperator Scale(this LinearOperator operand, double factor)
    {
        ArgumentNullException.ThrowIfNull(operand);
        if (!double.IsFinite(factor))
            throw new ArgumentException("expected a finite factor, got a NaN or an infinity", nameof(factor));
        return new ScaledOperator(operand, factor);
    }

    /// <summary>A B: first B, then A.</summary>
    /// <param name="outer">A, m × r.</param>
    /// <param name="inner">B, r × n.</param>
    /// <returns>The product; it refers to both operators.</returns>
    /// <exception cref="ArgumentException">A's columns differ from B's rows.</exception>
    public static LinearOperator Compose(this LinearOperator outer, LinearOperator inner)
    {
        ArgumentNullException.ThrowIfNull(outer);
        ArgumentNullException.ThrowIfNull(inner);
        if (outer.Columns != inner.Rows)
            throw new ArgumentException($"expected an operator with {outer.Columns} rows to the right of one with {outer.Columns} columns, got {inner.Rows} × {inner.Columns}", nameof(inner));
        return new ComposedOperator(outer, inner);
    }

    /// <summary>Aᵀ.</summary>
    /// <param name="operand">A.</param>
    /// <returns>The adjoint; A itself when it is symmetric.</returns>
    public static LinearOperator Adjoint(this LinearOperator operand)
    {
        ArgumentNullException.ThrowIfNull(operand);
        return operand.IsSymmetric ? operand : new AdjointOperator(operand);
    }

    /// <summary>Pᵀ A P, where P embeds the indices start … start + count − 1: the diagonal block that belongs to one block of parameters.</summary>
    /// <param name="operand">A, n × n.</param>
    /// <param name="start">First index kept, ≥ 0.</param>
    /// <param name="count">Number of indices kept, ≥ 0.</param>
    /// <returns>A count × count operator; it refers to A.</returns>
    /// <exception cref="ArgumentException">A is not square, or the range leaves 0 … n − 1.</exception>
    public static LinearOperator Restrict(this LinearOperator operand, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(operand);
        if (operand.Rows != operand.Columns)
            throw new ArgumentException($"expected a square operator, got {operand.Rows} × {operand.Columns}", nameof(operand));
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (start > operand.Rows - count)
            throw new ArgumentException($"expected a range within 0 … {operand.Rows - 1}, got {count} indices from {start}", nameof(count));
        return new RestrictedOperator(operand, start, count);
    }

    /// <summary>
    /// A ⊗ B with vectors that are matrices read row by row: for A p × q, B r × s and X q × s,
    /// <c>(A ⊗ B) vec(X) = vec(A X Bᵀ)</c> with <c>vec(X)[i·s + j] = X[i, j]</c>.
    /// </summary>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    /// <returns>A (p·r) × (q·s) operator; it refers to both.</returns>
    /// <exception cref="ArgumentException">A dimension exceeds 2³¹ − 1.</exception>
    public static LinearOperator Kronecker(this LinearOperator left, LinearOperator right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if ((long)left.Rows * right.Rows > int.MaxValue || (long)left.Columns * right.Columns > int.MaxValue)
            throw new ArgumentException($"the Kronecker product of {left.Rows} × {left.Columns} and {right.Rows} × {right.Columns} has a dimension above {int.MaxValue}", nameof(right));
        return new KroneckerOperator(left, right);
    }
}
