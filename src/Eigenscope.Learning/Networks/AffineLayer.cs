using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y = s ⊙ x + t with constants of one sample's size: what a model adds to, multiplies with or masks its activations by without learning it. The tangent is s ⊙ ẋ, the pullback s ⊙ δ; nothing curves.
/// A shift may be infinite, as masks of attention are.
/// </summary>
public sealed class AffineLayer : Layer
{
    private readonly double[] _scale;
    private readonly double[] _shift;

    internal AffineLayer(string name, double[] scale, double[] shift)
        : base(name, scale.Length, scale.Length)
    {
        if (scale.Length == 0 || shift.Length != scale.Length)
            throw new ArgumentException($"layer '{name}' expects as many shifts as scales, at least one, got {shift.Length} and {scale.Length}", nameof(shift));
        if (Array.Exists(scale, static value => !double.IsFinite(value)) || Array.Exists(shift, double.IsNaN))
            throw new ArgumentException($"layer '{name}' has a scale that is not finite or a shift that is no number", nameof(scale));
        _scale = [.. scale];
        _shift = [.. shift];
    }

    /// <summary>s.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>t.</summary>
    public IReadOnlyList<double> Shift => _shift;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => true;

    internal override bool TangentInPlace => true;

    internal override bool CotangentInPlace => true;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(2 * InputSize);
        Span<T> scale = rented.AsSpan(0, InputSize), shift = rented.AsSpan(InputSize, InputSize);
        TensorPrimitives.ConvertTruncating<double, T>(_scale, scale);
        TensorPrimitives.ConvertTruncating<double, T>(_shift, shift);
        for (int i = 0; i < x.Rows; i++)
            TensorPrimitives.MultiplyAdd(x.Row(i), scale, shift, y.Row(i));
        ArrayPool<T>.Shared.Return(rented);
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy) => Multiply(dx, dy);

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (inputCotangent.Rows > 0)
            Multiply(outputCotangent, inputCotangent);
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // The pullback is the same wherever the input is.
    }

    // r ← s ⊙ v; r may be v.
    private void Multiply<T>(ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(InputSize);
        Span<T> scale = rented.AsSpan(0, InputSize);
        TensorPrimitives.ConvertTruncating<double, T>(_scale, scale);
        for (int i = 0; i < v.Rows; i++)
            TensorPrimitives.Multiply(v.Row(i), scale, r.Row(i));
        ArrayPool<T>.Shared.Return(rented);
    }
}
