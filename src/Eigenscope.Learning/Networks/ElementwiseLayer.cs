using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A layer without parameters that maps each entry by the same scalar function σ. A subclass gives σ, the product with σ′ and the product with σ″ times the loss's cotangent;
/// it works on contiguous runs of entries and may rebuild its derivatives from the output alone (then nothing else is kept).
/// </summary>
public abstract class ElementwiseLayer : Layer
{
    private protected ElementwiseLayer(string name, int size)
        : base(name, size, size)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterBlock> Parameters => [];

    internal sealed override bool TangentInPlace => IsPiecewiseLinear;

    internal sealed override bool CotangentInPlace => true;

    /// <summary>y ← σ(x); with <paramref name="keep"/>, fills the stash.</summary>
    private protected abstract void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>r ← σ′ ⊙ v; r may be v.</summary>
    private protected abstract void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>r ← r + σ″ ⊙ (cotangent of the output) ⊙ v.</summary>
    private protected abstract void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    internal sealed override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) =>
        Map(x.Data, y.Data, stash, keep);

    internal sealed override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy) =>
        MultiplySlope(slice, dx.Data, dy.Data);

    internal sealed override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (inputCotangent.Rows > 0)
            MultiplySlope(slice, outputCotangent.Data, inputCotangent.Data);
    }

    internal sealed override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (!IsPiecewiseLinear && dx.Rows > 0 && inputCotangent.Rows > 0)
            AddBend(slice, dx.Data, inputCotangent.Data);
    }
}
