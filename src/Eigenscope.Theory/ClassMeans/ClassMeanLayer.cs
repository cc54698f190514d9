using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// The class means that a layer's Gauss–Newton matrix is predicted from: K classes, d_in inputs and d_out outputs of the layer, o logits. Checked once, here; the arrays are shared, not copied.
/// </summary>
public sealed record ClassMeanLayer
{
    /// <summary>Wraps class means.</summary>
    /// <param name="shares">n_c / N, K ≥ 1 of them, positive.</param>
    /// <param name="features">μ_c as rows, K × d_in: class means of what enters the layer.</param>
    /// <param name="jacobians">B_c, K × o × d_out: class means of the logits' derivative in the layer's pre-activation.</param>
    /// <param name="lossHessians">Λ̄_c, K × o × o: class means of the loss's second derivative in the logits, symmetric and positive semidefinite.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, a share that is not positive, or an entry that is not finite.</exception>
    public ClassMeanLayer(IReadOnlyList<double> shares, Tensor<double> features, Tensor<double> jacobians, Tensor<double> lossHessians)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(jacobians);
        ArgumentNullException.ThrowIfNull(lossHessians);
        ClassMeanGuard.Shares(shares, nameof(shares));
        ClassMeanGuard.Means(features, shares.Count, nameof(features));
        if (jacobians.Shape.Length != 3 || jacobians.Rows != shares.Count || jacobians.Length == 0)
            throw new ArgumentException($"expected class means of Jacobians, {shares.Count} × logits × outputs, got {ClassMeanGuard.Describe(jacobians)}", nameof(jacobians));
        ClassMeanGuard.Finite(jacobians, nameof(jacobians));
        ClassMeanGuard.LossHessians(lossHessians, shares.Count, jacobians.Shape[1], nameof(lossHessians));
        (Shares, Features, Jacobians, LossHessians) = (shares, features, jacobians, lossHessians);
    }

    /// <summary>n_c / N.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>μ_c, K × d_in.</summary>
    public Tensor<double> Features { get; }

    /// <summary>B_c, K × o × d_out.</summary>
    public Tensor<double> Jacobians { get; }

    /// <summary>Λ̄_c, K × o × o.</summary>
    public Tensor<double> LossHessians { get; }

    /// <summary>K.</summary>
    public int Classes => Shares.Count;

    /// <summary>o.</summary>
    public int Logits => Jacobians.Shape[1];

    /// <summary>d_in.</summary>
    public int Inputs => Features.Columns;

    /// <summary>d_out.</summary>
    public int Outputs => Jacobians.Shape[2];

    internal ReadOnlyMatrixSpan<double> Jacobian(int c) => new(Jacobians.Row(c), Logits, Outputs);

    internal ReadOnlyMatrixSpan<double> LossHessian(int c) => new(LossHessians.Row(c), Logits, Logits);

    internal double SquaredMeanNorm(int c) => TensorPrimitives.SumOfSquares<double>(Features.Row(c));
}
