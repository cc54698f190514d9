using System.Numerics;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The four walks through a chain of layers, over one slice of samples, on the calling thread: up with values, down with cotangents, up with tangents, down with the cotangents' tangents.
/// Every derivative the library offers is a combination of these.
/// </summary>
internal sealed class NetworkPass<T>(Network network, Loss loss, BlasBackend blas)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Layer> _layers = network.Layers;

    /// <summary>Fills the values of a loaded slice; with <paramref name="keep"/>, a pullback may follow.</summary>
    public void Up(SliceState<T> slice, ReadOnlySpan<T> parameters, bool keep)
    {
        for (int i = 0; i < _layers.Count; i++)
            _layers[i].Value(blas, parameters, slice.Value(i), slice.Value(i + 1), slice.Stash(i), keep);
    }

    /// <summary>Evaluates the loss at the slice's logits and leaves its cotangents there.</summary>
    public double EvaluateLoss(SliceState<T> slice) =>
        loss.Evaluate<T>(slice.Value(_layers.Count), slice.Labels, slice.Weights, slice.Cotangent(_layers.Count), slice.LossState);

    /// <summary>
    /// Sends the loss's cotangents down to the output of layer <paramref name="lowest"/>, keeping them in the slice; accumulates the wanted gradients on the way.
    /// With <paramref name="keepCurvature"/>, Hessian products may follow.
    /// </summary>
    public void Down(SliceState<T> slice, ReadOnlySpan<T> parameters, int lowest, ParameterGradient<T> wanted, bool keepCurvature)
    {
        for (int i = _layers.Count - 1; i >= lowest; i--)
        {
            MatrixSpan<T> below = i > lowest ? slice.Cotangent(i) : default;
            if (keepCurvature)
                _layers[i].KeepCurvature(slice.Layer(i), slice.Cotangent(i + 1));
            _layers[i].Pullback(blas, parameters, slice.Layer(i), slice.Cotangent(i + 1), below, wanted);
        }
    }

    /// <summary>Sends a parameter direction up from layer <paramref name="lowest"/>; returns the tangents of the logits.</summary>
    public MatrixSpan<T> UpTangent(SliceState<T> slice, ReadOnlySpan<T> parameters, int lowest, ParameterTangent<T> direction, TangentBuffers<T> buffers)
    {
        for (int i = lowest; i < _layers.Count; i++)
        {
            ReadOnlyMatrixSpan<T> dx = i > lowest ? buffers.Tangent(i, slice.Rows) : default;
            _layers[i].Tangent(blas, parameters, direction, slice.Layer(i), dx, buffers.Tangent(i + 1, slice.Rows));
        }
        return buffers.Tangent(_layers.Count, slice.Rows);
    }

    /// <summary>Row i of r ← w_s (∂²ℓ/∂z²)_s times row i of v, s the slice's sample <paramref name="first"/> + i.</summary>
    public void MultiplyLossHessian(SliceState<T> slice, int first, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r) =>
        loss.MultiplyHessian(slice.LossState.RowRange(first, v.Rows), slice.Weights.Slice(first, v.Rows), v, r);

    /// <summary>
    /// Sends cotangents of the logits (in the first cotangent buffer) down to the parameters of layers ≥ <paramref name="lowest"/>. With <paramref name="curvature"/>, the tangents left by <see cref="UpTangent"/> add
    /// the derivative of the pullback itself: then the result is the Hessian's product, without it the Gauss–Newton's.
    /// </summary>
    public void DownTangent(SliceState<T> slice, ReadOnlySpan<T> parameters, int lowest, ParameterTangent<T> direction, TangentBuffers<T> buffers, ParameterGradient<T> wanted, bool curvature)
    {
        bool first = true;
        for (int i = _layers.Count - 1; i >= lowest; i--)
        {
            LayerSlice<T> layer = slice.Layer(i);
            MatrixSpan<T> above = buffers.Cotangent(first, i + 1, slice.Rows);
            bool inPlace = _layers[i] is ElementwiseLayer;
            MatrixSpan<T> below = i > lowest ? buffers.Cotangent(inPlace ? first : !first, i, slice.Rows) : default;
            _layers[i].Pullback(blas, parameters, layer, above, below, wanted);
            if (curvature)
            {
                ReadOnlyMatrixSpan<T> dx = i > lowest ? buffers.Tangent(i, slice.Rows) : default;
                _layers[i].AddCurvature(blas, direction, layer, dx, below, wanted);
            }
            first = inPlace ? first : !first;
        }
    }

    /// <summary>Sends cotangents of the logits (in the first cotangent buffer) down to the output of layer <paramref name="layer"/>; returns the buffer they end in.</summary>
    public MatrixSpan<T> DownTo(SliceState<T> slice, ReadOnlySpan<T> parameters, int layer, TangentBuffers<T> buffers)
    {
        bool first = true;
        for (int i = _layers.Count - 1; i > layer; i--)
        {
            MatrixSpan<T> above = buffers.Cotangent(first, i + 1, slice.Rows);
            first = _layers[i] is ElementwiseLayer ? first : !first;
            _layers[i].Pullback(blas, parameters, slice.Layer(i), above, buffers.Cotangent(first, i, slice.Rows), default);
        }
        return buffers.Cotangent(first, layer + 1, slice.Rows);
    }
}
