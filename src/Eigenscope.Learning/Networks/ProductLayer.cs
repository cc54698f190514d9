using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y = a ⊙ b for rows [a | b]: the product of two activations that a <see cref="ConcatLayer"/> has put side by side. The tangent is ȧ ⊙ b + a ⊙ ḃ, the pullback of δ is [δ ⊙ b | δ ⊙ a],
/// and its derivative at fixed δ is [δ ⊙ ḃ | δ ⊙ ȧ].
/// </summary>
public sealed class ProductLayer : Layer
{
    internal ProductLayer(string name, int size)
        : base(name, checked(2 * size), size) => ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        for (int i = 0; i < x.Rows; i++)
            TensorPrimitives.Multiply(First(x.Row(i)), Second(x.Row(i)), y.Row(i));
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        for (int i = 0; i < dx.Rows; i++)
        {
            TensorPrimitives.Multiply(First(dx.Row(i)), Second(slice.Input.Row(i)), dy.Row(i));
            TensorPrimitives.MultiplyAdd(First(slice.Input.Row(i)), Second(dx.Row(i)), dy.Row(i), dy.Row(i));
        }
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        for (int i = 0; i < inputCotangent.Rows; i++)
        {
            Span<T> below = inputCotangent.Row(i);
            TensorPrimitives.Multiply(outputCotangent.Row(i), Second(slice.Input.Row(i)), below[..OutputSize]);
            TensorPrimitives.Multiply(outputCotangent.Row(i), First(slice.Input.Row(i)), below[OutputSize..]);
        }
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (dx.Rows == 0)
            return;
        for (int i = 0; i < inputCotangent.Rows; i++)
        {
            ReadOnlySpan<T> cotangent = slice.OutputCotangent.Row(i);
            Span<T> first = inputCotangent.Row(i)[..OutputSize], second = inputCotangent.Row(i)[OutputSize..];
            TensorPrimitives.MultiplyAdd(cotangent, Second(dx.Row(i)), first, first);
            TensorPrimitives.MultiplyAdd(cotangent, First(dx.Row(i)), second, second);
        }
    }

    private ReadOnlySpan<T> First<T>(ReadOnlySpan<T> row) => row[..OutputSize];

    private ReadOnlySpan<T> Second<T>(ReadOnlySpan<T> row) => row[OutputSize..];
}
