using System.Numerics;
using System.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>y = max(x, 0); the derivative at 0 is 0. NaN passes through.</summary>
public sealed class ReluLayer : ElementwiseLayer
{
    internal ReluLayer(string name, int size)
        : base(name, size)
    {
    }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => true;

    internal override bool KeepsOutput => true;

    internal override int StashSize => 0;

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) =>
        TensorPrimitives.Max(x, T.Zero, y);

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        VectorLoops.Run<T, Mask<T>>(slice.Output.Data, v, r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
    {
        // Curvature is zero almost everywhere; IsPiecewiseLinear keeps the caller away.
    }

    private readonly struct Mask<T> : IBinary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Vector<T> Apply(Vector<T> output, Vector<T> v) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<T>.Zero), v, Vector<T>.Zero);

        public static T Apply(T output, T v) => output > T.Zero ? v : T.Zero;
    }
}
