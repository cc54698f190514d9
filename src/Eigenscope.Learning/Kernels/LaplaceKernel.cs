using System.Globalization;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>k(x, z) = exp(−‖x − z‖/L), the kernel of recursive feature machines (Radhakrishnan et al., Science 2024; arXiv 2402.13728 with L = 2). It has a kink at x = z.</summary>
public sealed class LaplaceKernel : Kernel
{
    /// <summary>Creates the kernel.</summary>
    /// <param name="bandwidth">L &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">L is not positive and finite.</exception>
    public LaplaceKernel(double bandwidth) => Bandwidth = RequirePositive(bandwidth, nameof(bandwidth));

    /// <summary>L.</summary>
    public double Bandwidth { get; }

    /// <inheritdoc/>
    public override string Name => "laplace";

    /// <inheritdoc/>
    public override string Formula => string.Create(CultureInfo.InvariantCulture, $"exp(−‖x − z‖/{Bandwidth:g6})");

    /// <inheritdoc/>
    public override bool IsRadial => true;

    internal override void ToValues(Span<double> geometry)
    {
        TensorPrimitives.Sqrt<double>(geometry, geometry);
        TensorPrimitives.Multiply(geometry, -1.0 / Bandwidth, geometry);
        TensorPrimitives.Exp<double>(geometry, geometry);
    }

    // s = k/(L r). The distance is kept on the stack in pieces, so that both factors come from vector kernels.
    internal override void ToSlopes(Span<double> geometry)
    {
        Span<double> room = stackalloc double[256];
        for (int start = 0; start < geometry.Length; start += room.Length)
        {
            Span<double> piece = geometry.Slice(start, Math.Min(room.Length, geometry.Length - start));
            Span<double> distance = room[..piece.Length];
            TensorPrimitives.Sqrt<double>(piece, distance);
            TensorPrimitives.Multiply(distance, -1.0 / Bandwidth, piece);
            TensorPrimitives.Exp<double>(piece, piece);
            TensorPrimitives.Multiply(distance, Bandwidth, distance);
            TensorPrimitives.Divide<double>(piece, distance, piece);
            DropCoincident(distance, piece);
        }
    }

    private void DropCoincident(ReadOnlySpan<double> scaledDistance, Span<double> slopes)
    {
        double least = LeastDistance * Bandwidth;
        if (TensorPrimitives.Min(scaledDistance) >= least)
            return;
        for (int i = 0; i < slopes.Length; i++)
        {
            if (scaledDistance[i] < least)
                slopes[i] = 0.0;
        }
    }
}
