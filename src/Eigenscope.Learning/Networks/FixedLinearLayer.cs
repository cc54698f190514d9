using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A layer y = A x with a fixed matrix A and no parameters: an average, a permutation. A subclass gives the products with A and with its transpose; the tangent is the value of the tangent, and nothing curves.
/// </summary>
public abstract class FixedLinearLayer : Layer
{
    private protected FixedLinearLayer(string name, int inputSize, int outputSize)
        : base(name, inputSize, outputSize)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public sealed override bool IsPiecewiseLinear => true;

    internal sealed override bool ValueInPlace => false;

    internal sealed override bool TangentInPlace => false;

    internal sealed override int StashSize => 0;

    /// <summary>y ← A x for every row.</summary>
    private protected abstract void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>δx ← Aᵀ δy for every row.</summary>
    private protected abstract void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    internal sealed override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) => Map(x, y);

    internal sealed override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        if (dx.Rows > 0)
            Map(dx, dy);
        else
            dy.Clear();
    }

    internal sealed override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (inputCotangent.Rows > 0)
            MapTransposed(outputCotangent, inputCotangent);
    }

    internal sealed override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // The pullback is the same matrix wherever the input is.
    }
}
