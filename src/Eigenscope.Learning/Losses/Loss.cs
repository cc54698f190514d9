using System.Numerics;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Losses;

/// <summary>
/// The loss of one sample as a function of its logits; over data it is averaged with the samples' weights, Σ_i w_i ℓ(z_i, y_i), w_i = 1/N unless said.
/// </summary>
public abstract class Loss
{
    private protected Loss(string name) => Name = name;

    /// <summary>The name used on the command line and in JSON.</summary>
    public string Name { get; }

    /// <summary>
    /// Returns Σ_i w_i ℓ(z_i, y_i) over a slice, writes the cotangents w_i ∂ℓ/∂z_i, and fills the state (one entry per logit) that <see cref="MultiplyHessian"/> needs.
    /// </summary>
    internal abstract double Evaluate<T>(ReadOnlyMatrixSpan<T> logits, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixSpan<T> cotangent, MatrixSpan<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Row i of r ← w_i (∂²ℓ/∂z²)_i v_i; r may be v.</summary>
    internal abstract void MultiplyHessian<T>(ReadOnlyMatrixSpan<T> state, ReadOnlySpan<double> weights, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
