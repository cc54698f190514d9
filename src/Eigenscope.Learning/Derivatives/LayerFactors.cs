using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The Jacobians of every sample's logits in the output of one layer, N × K × d. With the layer's input they are all that a Gauss–Newton product of the layer's parameters needs, or one with the moments of
/// gradients: two matrix products and one pass over this array. The Hessian's block is its Gauss–Newton part where every layer above is piecewise linear.
/// </summary>
internal sealed class LayerFactors<T>(int layer, int samples, int outputs, int columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowsAtOnce = 8;
    private readonly T[] _jacobians = new T[samples * outputs * columns];

    /// <summary>Index of the layer.</summary>
    public int Layer => layer;

    public Span<T> Slice(int start, int count) => _jacobians.AsSpan(start * outputs * columns, count * outputs * columns);

    /// <summary>Adds what the samples of a slice, the first of which is <paramref name="start"/>, have in a product with the layer's block.</summary>
    public void AddProduct(LinearizationWalk<T> walk, LinearizationPart<T> part, SliceState<T> slice, int start, LossMetric metric, double shift, ParameterTangent<T> direction, ParameterGradient<T> wanted)
    {
        MatrixSpan<T> tangent = Tangent(walk, part, slice, direction);
        MatrixSpan<T> logits = walk.Top(part, slice.Rows);
        // A few samples at a time, so that their Jacobians are read from memory once and come from cache the second time.
        for (int row = 0; row < slice.Rows; row += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, slice.Rows - row);
            MatrixSpan<T> rows = tangent.RowRange(row, count);
            MatrixSpan<T> above = logits.RowRange(row, count);
            Multiply(start + row, rows, above);
            metric.Multiply(slice, row, shift, above, above);
            MultiplyAdjoint(start + row, above, rows);
        }
        Pullback(walk, slice, tangent, wanted);
    }

    /// <summary>The tangents of the slice's logits in a direction of the layer's parameters.</summary>
    public MatrixSpan<T> Up(LinearizationWalk<T> walk, LinearizationPart<T> part, SliceState<T> slice, int start, ParameterTangent<T> direction)
    {
        MatrixSpan<T> logits = walk.Top(part, slice.Rows);
        Multiply(start, Tangent(walk, part, slice, direction), logits);
        return logits;
    }

    /// <summary>Adds to the layer's gradient what cotangents of the slice's logits (in their passing buffer) give.</summary>
    public void Down(LinearizationWalk<T> walk, LinearizationPart<T> part, SliceState<T> slice, int start, ParameterGradient<T> wanted)
    {
        MatrixSpan<T> cotangent = part.Buffers.Tangent(layer + 1, slice.Rows);
        MultiplyAdjoint(start, walk.Top(part, slice.Rows), cotangent);
        Pullback(walk, slice, cotangent, wanted);
    }

    private MatrixSpan<T> Tangent(LinearizationWalk<T> walk, LinearizationPart<T> part, SliceState<T> slice, ParameterTangent<T> direction)
    {
        MatrixSpan<T> tangent = part.Buffers.Tangent(layer + 1, slice.Rows);
        walk.Network.Layers[layer].Tangent(walk.Compute.Blas, walk.Theta, direction, slice.Layer(layer), default, tangent);
        return tangent;
    }

    private void Pullback(LinearizationWalk<T> walk, SliceState<T> slice, MatrixSpan<T> cotangent, ParameterGradient<T> wanted) =>
        walk.Network.Layers[layer].Pullback(walk.Compute.Blas, walk.Theta, slice.Layer(layer), cotangent, default, wanted);

    /// <summary>Row i of the logits ← J_{start+i} times row i of t.</summary>
    private void Multiply(int start, ReadOnlyMatrixSpan<T> t, MatrixSpan<T> logits)
    {
        for (int i = 0; i < t.Rows; i++)
        {
            for (int k = 0; k < outputs; k++)
                logits[i, k] = TensorPrimitives.Dot(Row(start + i, k), t.Row(i));
        }
    }

    /// <summary>Row i of t ← J_{start+i}ᵀ times row i of the logits.</summary>
    private void MultiplyAdjoint(int start, ReadOnlyMatrixSpan<T> logits, MatrixSpan<T> t)
    {
        for (int i = 0; i < t.Rows; i++)
        {
            Span<T> row = t.Row(i);
            TensorPrimitives.Multiply(Row(start + i, 0), logits[i, 0], row);
            for (int k = 1; k < outputs; k++)
                TensorPrimitives.MultiplyAdd(Row(start + i, k), logits[i, k], row, row);
        }
    }

    private ReadOnlySpan<T> Row(int sample, int output) => _jacobians.AsSpan(((sample * outputs) + output) * columns, columns);
}
