namespace Eigenscope.Learning.Networks;

/// <summary>
/// Reads an image as a row of features, for dense layers to follow. The entries keep their order, which is channels-last: feature (row · width + column) · channels + channel.
/// (PyTorch's <c>Flatten</c> gives them channels-first; the columns of the next weight are permuted accordingly.) It is the identity on the row, works in place, and costs nothing.
/// </summary>
public sealed class FlattenLayer : ElementwiseLayer
{
    internal FlattenLayer(string name, ImageShape input)
        : base(name, input.Size) => Input = input;

    /// <summary>Extents of the input.</summary>
    public ImageShape Input { get; }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => true;

    internal override int StashSize => 0;

    // A copy onto itself returns at once.
    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) => x.CopyTo(y);

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) => v.CopyTo(r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
    {
        // The identity has no curvature.
    }
}
