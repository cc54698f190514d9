using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// The class means that any layer's Gauss–Newton matrix is predicted from, as explicit rows: R_ck, the gradient of logit k in the layer's weight when the layer's input and the logits' Jacobian in its output are the
/// means of class c. For a dense layer R_ck = B_ck ⊗ μ_c, which <see cref="ClassMeanLayer"/> holds without forming it; for a convolution it is the sum of such products over positions, of patches of the mean
/// input. Checked once, here; the arrays are shared, not copied.
/// </summary>
public sealed record ClassMeanRows
{
    /// <summary>Wraps rows.</summary>
    /// <param name="shares">n_c / N, K ≥ 1 of them, positive.</param>
    /// <param name="rows">R, K × o × n: o rows for each class, n the weight's number of entries.</param>
    /// <param name="lossHessians">Λ̄_c, K × o × o: class means of the loss's second derivative in the logits, symmetric and positive semidefinite.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, a share that is not positive, or an entry that is not finite.</exception>
    public ClassMeanRows(IReadOnlyList<double> shares, Tensor<double> rows, Tensor<double> lossHessians)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(lossHessians);
        ClassMeanGuard.Shares(shares, nameof(shares));
        if (rows.Shape.Length != 3 || rows.Rows != shares.Count || rows.Length == 0)
            throw new ArgumentException($"expected mean gradients, {shares.Count} × logits × entries, got {ClassMeanGuard.Describe(rows)}", nameof(rows));
        ClassMeanGuard.LossHessians(lossHessians, shares.Count, rows.Shape[1], nameof(lossHessians));
        ClassMeanGuard.Finite(rows, nameof(rows));
        (Shares, Rows, LossHessians) = (shares, rows, lossHessians);
    }

    /// <summary>n_c / N.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>R, K × o × n.</summary>
    public Tensor<double> Rows { get; }

    /// <summary>Λ̄_c, K × o × o.</summary>
    public Tensor<double> LossHessians { get; }

    /// <summary>K.</summary>
    public int Classes => Shares.Count;

    /// <summary>o.</summary>
    public int Logits => Rows.Shape[1];

    /// <summary>n.</summary>
    public int Dimension => Rows.Shape[2];

    internal ReadOnlyMatrixSpan<double> Gradient(int c) => new(Rows.Row(c), Logits, Dimension);

    internal ReadOnlyMatrixSpan<double> LossHessian(int c) => new(LossHessians.Row(c), Logits, Logits);
}
