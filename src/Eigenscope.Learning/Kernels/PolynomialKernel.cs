using System.Globalization;

namespace Eigenscope.Learning.Kernels;

/// <summary>k(x, z) = c (x·z + b)^q, c &gt; 0, b ≥ 0, q ≥ 1: positive semidefinite.</summary>
public sealed class PolynomialKernel : Kernel
{
    /// <summary>Creates the kernel.</summary>
    /// <param name="factor">c &gt; 0.</param>
    /// <param name="offset">b ≥ 0.</param>
    /// <param name="degree">q ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public PolynomialKernel(double factor, double offset, int degree)
    {
        Factor = RequirePositive(factor, nameof(factor));
        if (!(offset >= 0.0 && double.IsFinite(offset)))
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "expected a finite number ≥ 0: below it the kernel is not positive semidefinite");
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        (Offset, Degree) = (offset, degree);
    }

    /// <summary>3 (xᵀ M z)², the quadratic kernel of arXiv 2407.20199.</summary>
    public static PolynomialKernel Quadratic { get; } = new(3.0, 0.0, 2);

    /// <summary>c.</summary>
    public double Factor { get; }

    /// <summary>b.</summary>
    public double Offset { get; }

    /// <summary>q.</summary>
    public int Degree { get; }

    /// <inheritdoc/>
    public override string Name => "polynomial";

    /// <inheritdoc/>
    public override string Formula => string.Create(CultureInfo.InvariantCulture, $"{Factor:g6} (x·z + {Offset:g6})^{Degree}");

    /// <inheritdoc/>
    public override bool IsRadial => false;

    internal override (double Factor, double Offset)? LinearSlope => Degree == 2 ? (2.0 * Factor, Offset) : null;

    internal override void ToValues(Span<double> geometry) => Raise(geometry, Factor, Degree);

    // s = c q (x·z + b)^(q−1).
    internal override void ToSlopes(Span<double> geometry) => Raise(geometry, Factor * Degree, Degree - 1);

    private void Raise(Span<double> geometry, double factor, int power)
    {
        for (int i = 0; i < geometry.Length; i++)
        {
            double value = factor, shifted = geometry[i] + Offset;
            for (int q = 0; q < power; q++)
                value *= shifted;
            geometry[i] = value;
        }
    }
}
