using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>A layer without parameters that maps every group of <see cref="Width"/> contiguous entries by itself, and whose derivative depends on all of the group: the softmax and its logarithm.</summary>
public abstract class GroupedLayer : Layer
{
    private protected GroupedLayer(string name, int size, int width)
        : base(name, size, size)
    {
        if (size < 1 || width < 1 || size % width != 0)
            throw new ArgumentException($"layer '{name}' has rows of {size} entries, which are not made of whole groups of {width}", nameof(width));
        Width = width;
    }

    /// <summary>Entries of a group.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public sealed override bool IsPiecewiseLinear => false;

    internal sealed override bool TangentInPlace => false;

    /// <summary>r ← the derivative of the map times v.</summary>
    private protected abstract void Push<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    /// <summary>r ← the transposed derivative of the map times v.</summary>
    private protected abstract void Pull<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    /// <summary>r += the derivative of <see cref="Pull"/> along ẋ at a fixed cotangent.</summary>
    private protected abstract void AddBend<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, Span<T> r)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    /// <summary>What of a slice the derivatives are made of: the probabilities.</summary>
    private protected abstract ReadOnlySpan<T> Kept<T>(LayerSlice<T> slice)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    internal sealed override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        ReadOnlySpan<T> kept = Kept(slice);
        for (int start = 0; start < dx.Data.Length; start += Width)
            Push(kept.Slice(start, Width), dx.Data.Slice(start, Width), dy.Data.Slice(start, Width));
    }

    internal sealed override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        ReadOnlySpan<T> kept = Kept(slice);
        for (int start = 0; start < inputCotangent.Data.Length; start += Width)
            Pull(kept.Slice(start, Width), outputCotangent.Data.Slice(start, Width), inputCotangent.Data.Slice(start, Width));
    }

    internal sealed override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (dx.Rows == 0)
            return;
        ReadOnlySpan<T> kept = Kept(slice);
        ReadOnlySpan<T> cotangent = slice.OutputCotangent.Data;
        for (int start = 0; start < inputCotangent.Data.Length; start += Width)
            AddBend(kept.Slice(start, Width), cotangent.Slice(start, Width), dx.Data.Slice(start, Width), inputCotangent.Data.Slice(start, Width));
    }
}
