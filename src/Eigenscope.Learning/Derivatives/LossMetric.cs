using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The matrix in the logits that lies between the tangents that come up and the cotangents that go down: the loss's Hessian, or the outer product of its gradient.
/// With a mean ḡ of the samples' gradients, the moment is taken about it: Σ w (g − ḡ)(g − ḡ)ᵀ v = Σ w ((g − ḡ) · v) g, because Σ w (g − ḡ) = 0. Nothing is subtracted from the sum, so nothing cancels there.
/// </summary>
internal sealed class LossMetric(Loss loss, CurvatureKind kind, double[]? mean = null)
{
    /// <summary>The matrix whose products are wanted.</summary>
    public CurvatureKind Kind => kind;

    /// <summary>ḡ · v, found once for each vector.</summary>
    public double Shift(ReadOnlySpan<double> vector) => mean is null ? 0.0 : TensorPrimitives.Dot(vector, mean);

    /// <summary>Row i of r ← the metric of the slice's sample <paramref name="first"/> + i, weight included, times row i of v; r may be v.</summary>
    public void Multiply<T>(SliceState<T> slice, int first, double shift, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixSpan<T> state = slice.LossState.RowRange(first, v.Rows);
        ReadOnlySpan<double> weights = slice.Weights.Slice(first, v.Rows);
        if (kind == CurvatureKind.GradientMoment)
            loss.MultiplyGradientOuter(state, slice.Labels.Slice(first, v.Rows), weights, shift, v, r);
        else
            loss.MultiplyHessian(state, weights, v, r);
    }
}
