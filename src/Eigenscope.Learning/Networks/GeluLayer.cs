using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;
using MathNet.Numerics;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y = x Φ(x), Φ the normal distribution function by erf (Hendrycks and Gimpel, 1606.08415). With φ the normal density, σ′ = Φ + x φ and σ″ = (2 − x²) φ.
/// </summary>
public sealed class GeluLayer : ElementwiseLayer
{
    private const double InverseSqrtTwoPi = 0.39894228040143267794;

    internal GeluLayer(string name, int size)
        : base(name, size)
    {
    }

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    // Two planes: σ′, and σ″ times the cotangent of the output.
    internal override int StashSize => 2 * OutputSize;

    internal override void KeepCurvature<T>(LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent)
    {
        ReadOnlySpan<T> x = slice.Input.Data;
        ReadOnlySpan<T> cotangent = outputCotangent.Data;
        Span<T> bend = Plane(slice.Stash, 1);
        for (int i = 0; i < x.Length; i++)
        {
            double z = double.CreateTruncating(x[i]);
            bend[i] = T.CreateTruncating((2.0 - (z * z)) * Density(z)) * cotangent[i];
        }
    }

    private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep)
    {
        Span<T> slope = keep ? Plane(stash, 0) : [];
        for (int i = 0; i < x.Length; i++)
        {
            double z = double.CreateTruncating(x[i]);
            double distribution = 0.5 * SpecialFunctions.Erfc(-z * Constants.Sqrt1Over2);
            y[i] = T.CreateTruncating(z * distribution);
            if (keep)
                slope[i] = T.CreateTruncating(distribution + (z * Density(z)));
        }
    }

    private protected override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.Multiply(Plane(slice.Stash, 0), v, r);

    private protected override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) =>
        TensorPrimitives.MultiplyAdd(Plane(slice.Stash, 1), v, r, r);

    private static double Density(double z) => InverseSqrtTwoPi * Math.Exp(-0.5 * z * z);

    private static Span<T> Plane<T>(Span<T> stash, int plane) => stash.Slice(plane * (stash.Length / 2), stash.Length / 2);
}
