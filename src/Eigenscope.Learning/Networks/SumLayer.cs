using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// The sum of two earlier results of the same size: where a residual branch joins its shortcut. Addition of values at a join is the mirror image of addition of cotangents at a fork, so the walk through the
/// graph does both, and this layer only marks the place.
/// </summary>
public sealed class SumLayer : Layer
{
    internal SumLayer(string name, int size)
        : base(name, size, size)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => true;

    internal override bool TangentInPlace => true;

    internal override bool CotangentInPlace => true;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) => throw JoinsTwo();

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy) => throw JoinsTwo();

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted) => throw JoinsTwo();

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // Addition is linear and has no parameters.
    }

    private static InvalidOperationException JoinsTwo() => new("a sum has two inputs; the walk through the graph adds them");
}
