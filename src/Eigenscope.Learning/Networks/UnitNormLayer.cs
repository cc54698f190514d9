using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Rows to unit Euclidean norm, y = x/‖x‖, without centring and without parameters; a row of zeros stays. With s = 1/‖x‖ the derivative along v is P v = s (v − y (y·v)), a symmetric matrix: tangent and pullback are the same, and the
/// pullback's derivative along ẋ is ṡ (δ − y (y·δ)) − s (ẏ (y·δ) + y (ẏ·δ)) with ẏ = P ẋ and ṡ = −s² (y·ẋ).
/// </summary>
public sealed class UnitNormLayer : Layer
{
    internal UnitNormLayer(string name, int size)
        : base(name, size, size)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    internal override bool KeepsOutput => true;

    // s of every row.
    internal override int StashSize => 1;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double norm = Math.Sqrt(DoubleSums.Dot(x.Row(i), x.Row(i)));
            T inverse = norm > 0.0 ? T.CreateTruncating(1.0 / norm) : T.Zero;
            TensorPrimitives.Multiply(x.Row(i), inverse, y.Row(i));
            if (keep)
                stash[i] = inverse;
        }
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        if (dx.Rows == 0)
            dy.Clear();
        else
            Project(slice, dx, dy);
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (inputCotangent.Rows > 0)
            Project(slice, outputCotangent, inputCotangent);
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (dx.Rows == 0 || inputCotangent.Rows == 0)
            return;
        for (int i = 0; i < dx.Rows; i++)
            AddBend(slice.Output.Row(i), slice.OutputCotangent.Row(i), dx.Row(i), double.CreateTruncating(slice.Stash[i]), inputCotangent.Row(i));
    }

    private static void Project<T>(LayerSlice<T> slice, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < v.Rows; i++)
        {
            ReadOnlySpan<T> y = slice.Output.Row(i);
            T along = T.CreateTruncating(-DoubleSums.Dot(y, v.Row(i)));
            TensorPrimitives.MultiplyAdd(y, along, v.Row(i), r.Row(i));
            TensorPrimitives.Multiply(r.Row(i), slice.Stash[i], r.Row(i));
        }
    }

    // Collected by what each of δ, ẋ and y is multiplied with; ẏ·δ = s (ẋ·δ − (y·ẋ)(y·δ)).
    private static void AddBend<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, double s, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double ofTangent = DoubleSums.Dot(y, dx), ofCotangent = DoubleSums.Dot(y, cotangent), both = DoubleSums.Dot(dx, cotangent);
        double square = s * s;
        TensorPrimitives.MultiplyAdd(cotangent, T.CreateTruncating(-square * ofTangent), target, target);
        TensorPrimitives.MultiplyAdd(dx, T.CreateTruncating(-square * ofCotangent), target, target);
        TensorPrimitives.MultiplyAdd(y, T.CreateTruncating(square * ((3.0 * ofTangent * ofCotangent) - both)), target, target);
    }
}
