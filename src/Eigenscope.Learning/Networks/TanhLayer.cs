using System.Numerics;
using System.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>y = tanh(x). Both derivatives follow from the output: σ′ = 1 − y², σ″ = −2 y σ′.</summary>
public sealed class TanhLayer : ElementwiseLayer
{
    internal TanhLayer(string name, int size)
        : base(name, size)
    {
    }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => true;

    internal override bool KeepsOutput => true;

    internal override bool KeepsInputCotangent => true;

    internal override int StashSize => 0;

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) =>
        TensorPrimitives.Tanh(x, y);

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        VectorLoops.Run<T, Slope<T>>(slice.Output.Data, v, r);

    // σ″ δ = −2 y σ′ δ, and σ′ δ is the cotangent at the input, which the slice holds.
    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
    {
        ReadOnlySpan<T> y = slice.Output.Data;
        ReadOnlySpan<T> cotangent = slice.InputCotangent.Data;
        T minusTwo = T.CreateChecked(-2.0);
        int i = 0;
        Vector<T> factor = new(minusTwo);
        for (; i <= r.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> bend = factor * new Vector<T>(y[i..]) * new Vector<T>(cotangent[i..]) * new Vector<T>(v[i..]);
            (new Vector<T>(r[i..]) + bend).CopyTo(r[i..]);
        }
        for (; i < r.Length; i++)
            r[i] += minusTwo * y[i] * cotangent[i] * v[i];
    }

    private readonly struct Slope<T> : IBinary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Vector<T> Apply(Vector<T> output, Vector<T> v) => v - (output * output * v);

        public static T Apply(T output, T v) => v - (output * output * v);
    }
}
