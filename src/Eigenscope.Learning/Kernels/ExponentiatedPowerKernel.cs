using System.Globalization;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>k(x, z) = exp(−(‖x − z‖/L)^p), 0 &lt; p ≤ 2, positive definite for these p (Schoenberg 1938). p = 1 is <see cref="LaplaceKernel"/>.</summary>
public sealed class ExponentiatedPowerKernel : Kernel
{
    /// <summary>Creates the kernel.</summary>
    /// <param name="bandwidth">L &gt; 0.</param>
    /// <param name="power">p in (0, 2].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public ExponentiatedPowerKernel(double bandwidth, double power)
    {
        Bandwidth = RequirePositive(bandwidth, nameof(bandwidth));
        Power = RequirePositive(power, nameof(power));
        if (power > 2.0)
            throw new ArgumentOutOfRangeException(nameof(power), power, "expected at most 2: beyond it the kernel is not positive definite");
    }

    /// <summary>L.</summary>
    public double Bandwidth { get; }

    /// <summary>p.</summary>
    public double Power { get; }

    /// <inheritdoc/>
    public override string Name => "power";

    /// <inheritdoc/>
    public override string Formula => string.Create(CultureInfo.InvariantCulture, $"exp(−(‖x − z‖/{Bandwidth:g6})^{Power:g6})");

    /// <inheritdoc/>
    public override bool IsRadial => true;

    internal override void ToValues(Span<double> geometry)
    {
        TensorPrimitives.Divide(geometry, Bandwidth * Bandwidth, geometry);
        TensorPrimitives.Pow(geometry, 0.5 * Power, geometry);
        TensorPrimitives.Negate<double>(geometry, geometry);
        TensorPrimitives.Exp<double>(geometry, geometry);
    }

    // s = p r^(p−2) k / L^p.
    internal override void ToSlopes(Span<double> geometry)
    {
        double scale = Math.Pow(Bandwidth, -Power);
        for (int i = 0; i < geometry.Length; i++)
        {
            double power = Math.Pow(geometry[i], 0.5 * Power) * scale;
            bool isKink = Power < 2.0 && geometry[i] < LeastDistance * LeastDistance;
            geometry[i] = isKink ? 0.0
                : Power == 2.0 ? 2.0 * scale * Math.Exp(-power)
                : Power * power / geometry[i] * Math.Exp(-power);
        }
    }
}
