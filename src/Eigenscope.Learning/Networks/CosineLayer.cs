using System.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>y = cos(x), of random Fourier features. σ′ = −sin x, kept; σ″ = −y.</summary>
public sealed class CosineLayer : ElementwiseLayer
{
    internal CosineLayer(string name, int size)
        : base(name, size)
    {
    }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    // Two planes: σ′, and σ″ times the cotangent of the output.
    internal override int StashSize => 2 * OutputSize;

    internal override void KeepCurvature<T>(LayerSlice<T> slice, Numerics.Tensors.ReadOnlyMatrixSpan<T> outputCotangent)
    {
        Span<T> bend = Plane(slice.Stash, 1);
        TensorPrimitives.Cos(slice.Input.Data, bend);
        TensorPrimitives.Multiply(bend, outputCotangent.Data, bend);
        TensorPrimitives.Negate<T>(bend, bend);
    }

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep)
    {
        TensorPrimitives.Cos(x, y);
        if (!keep)
            return;
        Span<T> slope = Plane(stash, 0);
        TensorPrimitives.Sin(x, slope);
        TensorPrimitives.Negate<T>(slope, slope);
    }

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.Multiply(Plane(slice.Stash, 0), v, r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.MultiplyAdd(Plane(slice.Stash, 1), v, r, r);

    private static Span<T> Plane<T>(Span<T> stash, int plane) => stash.Slice(plane * (stash.Length / 2), stash.Length / 2);
}
