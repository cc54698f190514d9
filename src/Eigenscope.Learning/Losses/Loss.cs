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
    /// result ← S J for one sample, S the factor of the loss's Hessian in the logits, ∂²ℓ/∂z² = Sᵀ S: the identity for the mean squared error; for cross-entropy row k is √p_k (e_k − p)ᵀ, p = softmax(z)
    /// (Papyan, "Traces of class/cross-class structure pervade deep learning spectra", JMLR 21, 2020). It does not depend on the label.
    /// </summary>
    /// <param name="logits">z, K entries, finite.</param>
    /// <param name="jacobian">J, K × d: row k belongs to logit k.</param>
    /// <param name="result">K × d; must not overlap <paramref name="jacobian"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void MultiplyHessianFactor(ReadOnlySpan<double> logits, ReadOnlyMatrixSpan<double> jacobian, MatrixSpan<double> result)
    {
        if (jacobian.Rows != logits.Length)
            throw new ArgumentException($"expected one row for each of the {logits.Length} logits, got {jacobian.Rows}", nameof(jacobian));
        if (result.Rows != jacobian.Rows || result.Columns != jacobian.Columns)
            throw new ArgumentException($"expected a {jacobian.Rows} × {jacobian.Columns} result, got {result.Rows} × {result.Columns}", nameof(result));
        MultiplyHessianFactorCore(logits, jacobian, result);
    }

    /// <summary>
    /// The weights ω_k of the terms that the loss's Hessian in the logits is a sum of, ∂²ℓ/∂z² = Σ_k ω_k a_k a_kᵀ with √ω_k a_kᵀ the rows of its factor (<see cref="MultiplyHessianFactor"/>): 1, a_k = e_k, for the mean
    /// squared error; p_k, a_k = e_k − p, for cross-entropy.
    /// </summary>
    /// <param name="logits">z, K entries, finite.</param>
    /// <param name="weights">K entries, overwritten.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void HessianTermWeights(ReadOnlySpan<double> logits, Span<double> weights)
    {
        if (weights.Length != logits.Length)
            throw new ArgumentException($"expected room for {logits.Length} weights, one per logit, got {weights.Length}", nameof(weights));
        HessianTermWeightsCore(logits, weights);
    }

    /// <summary>Whether Σ_k ω_k a_k = 0, as for cross-entropy: then the term of a sample's own class is minus the sum of the others.</summary>
    public abstract bool HessianTermsCancel { get; }

    private protected abstract void HessianTermWeightsCore(ReadOnlySpan<double> logits, Span<double> weights);

    private protected abstract void MultiplyHessianFactorCore(ReadOnlySpan<double> logits, ReadOnlyMatrixSpan<double> jacobian, MatrixSpan<double> result);

    /// <summary>Whether labels are classes, of which the largest logit predicts one.</summary>
    internal virtual bool HasClasses => true;

    /// <summary>How many labels the loss knows with so many outputs, 0 … that less 1: as many classes as outputs.</summary>
    /// <exception cref="ArgumentException">It is not a loss of so many outputs.</exception>
    internal virtual int LabelCount(int outputs) => outputs;

    /// <summary>This loss with a share α in [0, 1) of the target spread evenly over all classes; itself where α is 0. Only training uses it.</summary>
    internal abstract Loss Smoothed(double smoothing);

    /// <summary>
    /// Returns Σ_i w_i ℓ(z_i, y_i) over a slice, writes the cotangents w_i ∂ℓ/∂z_i, and fills the state (one entry per logit) that <see cref="MultiplyHessian"/> and <see cref="MultiplyGradientOuter"/> need.
    /// </summary>
    internal abstract double Evaluate<T>(ReadOnlyMatrixSpan<T> logits, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixSpan<T> cotangent, MatrixSpan<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Row i of r ← w_i (∂²ℓ/∂z²)_i v_i; r may be v.</summary>
    internal abstract void MultiplyHessian<T>(ReadOnlyMatrixSpan<T> state, ReadOnlySpan<double> weights, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Row i of r ← w_i (ℓ′_i · v_i − shift) ℓ′_i, where ℓ′_i is the gradient of the unweighted loss in the logits: the outer product of the loss's gradient with itself; r may be v.
    /// With v_i = J_i u and shift = ḡ · u it is the part that sample i has in a product with the covariance of gradients.
    /// </summary>
    internal void MultiplyGradientOuter<T>(ReadOnlyMatrixSpan<T> state, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, double shift, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> gradient = v.Columns <= 256 ? stackalloc T[v.Columns] : new T[v.Columns];
        for (int i = 0; i < v.Rows; i++)
        {
            WriteGradient<T>(state.Row(i), labels[i], gradient);
            double along = -shift;
            ReadOnlySpan<T> direction = v.Row(i);
            for (int k = 0; k < gradient.Length; k++)
                along += double.CreateTruncating(gradient[k]) * double.CreateTruncating(direction[k]);
            System.Numerics.Tensors.TensorPrimitives.Multiply(gradient, T.CreateTruncating(weights[i] * along), r.Row(i));
        }
    }

    /// <summary>∂ℓ/∂z of one sample, unweighted, from what <see cref="Evaluate"/> left in the state.</summary>
    private protected abstract void WriteGradient<T>(ReadOnlySpan<T> state, int label, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
