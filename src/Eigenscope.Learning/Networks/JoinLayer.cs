using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Where several earlier results become one. Every other layer reads one boundary; of a join, the walk through the graph does the work itself: bringing values together at a join is the mirror image of bringing
/// cotangents together at a fork. A join is linear, has no parameters and keeps nothing.
/// </summary>
public abstract class JoinLayer : Layer
{
    private protected JoinLayer(string name, int size)
        : base(name, size, size)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public sealed override bool IsPiecewiseLinear => true;

    internal sealed override int StashSize => 0;

    internal sealed override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) => throw HasSeveral();

    internal sealed override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy) => throw HasSeveral();

    internal sealed override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted) => throw HasSeveral();

    internal sealed override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // A join is linear and has no parameters.
    }

    private static InvalidOperationException HasSeveral() => new("a join has several inputs; the walk through the graph brings them together");
}
