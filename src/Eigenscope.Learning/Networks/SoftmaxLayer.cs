using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y_i = exp(x_i) / Σ_j exp(x_j) over groups of contiguous entries, shifted by the largest so that nothing overflows. The derivative along v is y ⊙ (v − y·v), a symmetric matrix: tangent and pullback are the same, and the pullback's
/// derivative along ẋ at fixed δ is ẏ ⊙ (δ − y·δ) − y (ẏ·δ) with ẏ = y ⊙ (ẋ − y·ẋ).
/// </summary>
public sealed class SoftmaxLayer : GroupedLayer
{
    internal SoftmaxLayer(string name, int size, int width)
        : base(name, size, width)
    {
    }

    internal override bool ValueInPlace => true;

    internal override bool KeepsOutput => true;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        for (int start = 0; start < x.Data.Length; start += Width)
        {
            Span<T> output = y.Data.Slice(start, Width);
            ShiftedExponentials(x.Data.Slice(start, Width), output);
            TensorPrimitives.Multiply(output, T.CreateTruncating(1.0 / DoubleSums.Sum<T>(output)), output);
        }
    }

    /// <summary>r ← exp(x − max x); returns the maximum. r may be x.</summary>
    internal static T ShiftedExponentials<T>(ReadOnlySpan<T> x, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = TensorPrimitives.Max(x);
        TensorPrimitives.Subtract(x, largest, r);
        TensorPrimitives.Exp<T>(r, r);
        return largest;
    }

    private protected override ReadOnlySpan<T> Kept<T>(LayerSlice<T> slice) => slice.Output.Data;

    private protected override void Push<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r) => Project(kept, v, r);

    private protected override void Pull<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r) => Project(kept, v, r);

    // By what each of y ⊙ δ ⊙ ẋ, y ⊙ ẋ, y ⊙ δ and y is multiplied with; ẏ·δ = Σ y δ ẋ − (y·ẋ)(y·δ).
    private protected override void AddBend<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, Span<T> r)
    {
        double ofTangent = DoubleSums.Dot(kept, dx), ofCotangent = DoubleSums.Dot(kept, cotangent), both = 0.0;
        for (int i = 0; i < kept.Length; i++)
            both += double.CreateTruncating(kept[i]) * (double.CreateTruncating(dx[i]) - ofTangent) * double.CreateTruncating(cotangent[i]);
        (T tangentMean, T cotangentMean, T change) = (T.CreateTruncating(ofTangent), T.CreateTruncating(ofCotangent), T.CreateTruncating(both));
        for (int i = 0; i < kept.Length; i++)
            r[i] += kept[i] * (((dx[i] - tangentMean) * (cotangent[i] - cotangentMean)) - change);
    }

    // r ← y ⊙ (v − y·v); r may be v.
    private static void Project<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(v, T.CreateTruncating(DoubleSums.Dot(y, v)), r);
        TensorPrimitives.Multiply(r, y, r);
    }
}
