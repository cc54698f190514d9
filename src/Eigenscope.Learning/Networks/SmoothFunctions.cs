using MathNet.Numerics;

namespace Eigenscope.Learning.Networks;

/// <summary>1 / (1 + e⁻ˣ).</summary>
public sealed record SigmoidFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Logistic(x);

    /// <inheritdoc/>
    public override double Slope(double x) => Logistic(x) * Logistic(-x);

    /// <inheritdoc/>
    public override double Bend(double x)
    {
        double above = Logistic(x), below = Logistic(-x);
        return above * below * (below - above);
    }

    internal static double Logistic(double x) => 1.0 / (1.0 + Math.Exp(-x));
}

/// <summary>log(1 + eˣ).</summary>
public sealed record SoftplusFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Math.Max(x, 0.0) + LogOfOnePlus(Math.Exp(-Math.Abs(x)));

    /// <inheritdoc/>
    public override double Slope(double x) => SigmoidFunction.Logistic(x);

    /// <inheritdoc/>
    public override double Bend(double x) => SigmoidFunction.Logistic(x) * SigmoidFunction.Logistic(-x);

    // What rounding takes from 1 + u it takes from the logarithm in the same ratio.
    private static double LogOfOnePlus(double u)
    {
        double sum = 1.0 + u;
        return sum == 1.0 ? u : Math.Log(sum) * u / (sum - 1.0);
    }
}

/// <summary>erf x = 2/√π ∫₀ˣ exp(−t²) dt.</summary>
public sealed record ErfFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => SpecialFunctions.Erf(x);

    /// <inheritdoc/>
    public override double Slope(double x) => 2.0 * Constants.InvSqrtPi * Math.Exp(-x * x);

    /// <inheritdoc/>
    public override double Bend(double x) => -2.0 * x * Slope(x);
}

/// <summary>½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the approximation of GELU by tanh (Hendrycks and Gimpel, 1606.08415).</summary>
public sealed record GeluTanhFunction : ScalarFunction
{
    private const double Factor = 0.79788456080286535588;
    private const double Cubic = 0.044715;

    /// <inheritdoc/>
    public override double Value(double x) => 0.5 * x * (1.0 + Tanh(x));

    /// <inheritdoc/>
    public override double Slope(double x)
    {
        double t = Tanh(x), rest = 1.0 - (t * t);
        return rest == 0.0 ? 0.5 * (1.0 + t) : 0.5 * (1.0 + t + (x * rest * ArgumentSlope(x)));
    }

    /// <inheritdoc/>
    public override double Bend(double x)
    {
        double t = Tanh(x), rest = 1.0 - (t * t), slope = ArgumentSlope(x);
        return rest == 0.0 ? 0.0 : rest * (slope + (0.5 * x * ((6.0 * Factor * Cubic * x) - (2.0 * t * slope * slope))));
    }

    private static double Tanh(double x) => Math.Tanh(Factor * x * (1.0 + (Cubic * x * x)));

    private static double ArgumentSlope(double x) => Factor * (1.0 + (3.0 * Cubic * x * x));
}

/// <summary>eˣ.</summary>
public sealed record ExpFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Math.Exp(x);

    /// <inheritdoc/>
    public override double Slope(double x) => Math.Exp(x);

    /// <inheritdoc/>
    public override double Bend(double x) => Math.Exp(x);
}

/// <summary>The natural logarithm; −∞ at 0, no number below.</summary>
public sealed record LogFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Math.Log(x);

    /// <inheritdoc/>
    public override double Slope(double x) => 1.0 / x;

    /// <inheritdoc/>
    public override double Bend(double x) => -1.0 / (x * x);
}

/// <summary>√x; no number below 0, where the slope is infinite.</summary>
public sealed record SqrtFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Math.Sqrt(x);

    /// <inheritdoc/>
    public override double Slope(double x) => 0.5 / Math.Sqrt(x);

    /// <inheritdoc/>
    public override double Bend(double x) => -0.25 / (x * Math.Sqrt(x));
}

/// <summary>1 / x.</summary>
public sealed record ReciprocalFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => 1.0 / x;

    /// <inheritdoc/>
    public override double Slope(double x) => -1.0 / (x * x);

    /// <inheritdoc/>
    public override double Bend(double x) => 2.0 / (x * x * x);
}

/// <summary>xᵖ with a fixed p; a negative x to a broken power is no number.</summary>
/// <param name="Exponent">p.</param>
public sealed record PowerFunction(double Exponent) : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Math.Pow(x, Exponent);

    /// <summary>p xᵖ⁻¹; 0 everywhere where p is 0.</summary>
    /// <inheritdoc/>
    public override double Slope(double x) => Exponent == 0.0 ? 0.0 : Exponent * Math.Pow(x, Exponent - 1.0);

    /// <summary>p (p − 1) xᵖ⁻²; 0 everywhere where p is 0 or 1.</summary>
    /// <inheritdoc/>
    public override double Bend(double x) => Exponent is 0.0 or 1.0 ? 0.0 : Exponent * (Exponent - 1.0) * Math.Pow(x, Exponent - 2.0);
}

/// <summary>x².</summary>
public sealed record SquareFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => x * x;

    /// <inheritdoc/>
    public override double Slope(double x) => 2.0 * x;

    /// <inheritdoc/>
    public override double Bend(double x) => 2.0;
}
