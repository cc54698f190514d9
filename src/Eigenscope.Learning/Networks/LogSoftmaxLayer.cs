using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y_i = x_i − log Σ_j exp(x_j) over groups of contiguous entries, shifted by the largest so that nothing overflows. With p = exp(y), the tangent is ẋ − p·ẋ, the pullback of δ is δ − p Σδ, and its derivative along ẋ at
/// fixed δ is −ṗ Σδ with ṗ = p ⊙ (ẋ − p·ẋ).
/// </summary>
public sealed class LogSoftmaxLayer : GroupedLayer
{
    internal LogSoftmaxLayer(string name, int size, int width)
        : base(name, size, width)
    {
    }

    internal override bool ValueInPlace => true;

    // p.
    internal override int StashSize => OutputSize;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        for (int start = 0; start < x.Data.Length; start += Width)
        {
            ReadOnlySpan<T> input = x.Data.Slice(start, Width);
            Span<T> output = y.Data.Slice(start, Width);
            double largest = double.CreateTruncating(TensorPrimitives.Max(input));
            double sum = 0.0;
            foreach (T value in input)
                sum += Math.Exp(double.CreateTruncating(value) - largest);
            double logarithm = Math.Log(sum);
            for (int i = 0; i < input.Length; i++)
                output[i] = T.CreateTruncating(double.CreateTruncating(input[i]) - largest - logarithm);
            if (keep)
                TensorPrimitives.Exp<T>(output, stash.Slice(start, Width));
        }
    }

    private protected override ReadOnlySpan<T> Kept<T>(LayerSlice<T> slice) => slice.Stash;

    private protected override void Push<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.Subtract(v, T.CreateTruncating(DoubleSums.Dot(kept, v)), r);

    private protected override void Pull<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.MultiplyAdd(kept, T.CreateTruncating(-DoubleSums.Sum(v)), v, r);

    private protected override void AddBend<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, Span<T> r)
    {
        T mean = T.CreateTruncating(DoubleSums.Dot(kept, dx)), factor = T.CreateTruncating(-DoubleSums.Sum(cotangent));
        for (int i = 0; i < r.Length; i++)
            r[i] += factor * kept[i] * (dx[i] - mean);
    }
}
