using System.Globalization;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>k(x, z) = exp(−‖x − z‖²/(2L²)).</summary>
public sealed class GaussianKernel : Kernel
{
    /// <summary>Creates the kernel.</summary>
    /// <param name="bandwidth">L &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">L is not positive and finite.</exception>
    public GaussianKernel(double bandwidth) => Bandwidth = RequirePositive(bandwidth, nameof(bandwidth));

    /// <summary>L.</summary>
    public double Bandwidth { get; }

    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <inheritdoc/>
    public override string Formula => string.Create(CultureInfo.InvariantCulture, $"exp(−‖x − z‖²/(2·{Bandwidth:g6}²))");

    /// <inheritdoc/>
    public override bool IsRadial => true;

    internal override void ToValues(Span<double> geometry)
    {
        TensorPrimitives.Multiply(geometry, -0.5 / (Bandwidth * Bandwidth), geometry);
        TensorPrimitives.Exp<double>(geometry, geometry);
    }

    // s = k/L².
    internal override void ToSlopes(Span<double> geometry)
    {
        ToValues(geometry);
        TensorPrimitives.Divide(geometry, Bandwidth * Bandwidth, geometry);
    }
}
