using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>y = σ(x), entry by entry, for a <see cref="ScalarFunction"/> σ. Values and both derivatives are computed in double, whatever the network's precision.</summary>
public sealed class FunctionLayer : ElementwiseLayer
{
    internal FunctionLayer(string name, int size, ScalarFunction function)
        : base(name, size) => Function = function;

    /// <summary>σ.</summary>
    public ScalarFunction Function { get; }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => Function.IsPiecewiseLinear;

    internal override bool ValueInPlace => IsPiecewiseLinear;

    // σ′; and where it changes, σ″ times the cotangent of the output.
    internal override int StashSize => Planes * OutputSize;

    private int Planes => IsPiecewiseLinear ? 1 : 2;

    internal override void KeepCurvature<T>(LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent)
    {
        if (IsPiecewiseLinear)
            return;
        ReadOnlySpan<T> x = slice.Input.Data;
        ReadOnlySpan<T> cotangent = outputCotangent.Data;
        Span<T> bend = Plane(slice.Stash, 1);
        for (int i = 0; i < x.Length; i++)
            bend[i] = T.CreateTruncating(Function.Bend(double.CreateTruncating(x[i])) * double.CreateTruncating(cotangent[i]));
    }

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep)
    {
        Span<T> slope = keep ? Plane(stash, 0) : [];
        for (int i = 0; i < x.Length; i++)
        {
            double z = double.CreateTruncating(x[i]);
            if (keep)
                slope[i] = T.CreateTruncating(Function.Slope(z));
            y[i] = T.CreateTruncating(Function.Value(z));
        }
    }

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.Multiply(Plane(slice.Stash, 0), v, r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.MultiplyAdd(Plane(slice.Stash, 1), v, r, r);

    private Span<T> Plane<T>(Span<T> stash, int plane) => stash.Slice(plane * (stash.Length / Planes), stash.Length / Planes);
}
