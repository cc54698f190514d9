namespace Eigenscope.Learning.Networks;

/// <summary>x above 0, α x elsewhere; at 0 the slope is α.</summary>
/// <param name="Alpha">α, PyTorch's <c>negative_slope</c>.</param>
public sealed record LeakyReluFunction(double Alpha = 0.01) : ScalarFunction
{
    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    /// <inheritdoc/>
    public override double Value(double x) => x > 0.0 ? x : Alpha * x;

    /// <inheritdoc/>
    public override double Slope(double x) => x > 0.0 ? 1.0 : Alpha;
}

/// <summary>
/// γ x above 0, γ α (eˣ − 1) elsewhere: ELU (Clevert, Unterthiner and Hochreiter, 1511.07289) with γ = 1, SELU (Klambauer et al., 1706.02515) with its constants α = 1.6733 and γ = 1.0507. At 0 the slope is γ α.
/// </summary>
/// <param name="Alpha">α.</param>
/// <param name="Gamma">γ, 1 for ELU.</param>
public sealed record EluFunction(double Alpha = 1.0, double Gamma = 1.0) : ScalarFunction
{
    /// <inheritdoc/>
    public override double Value(double x) => Gamma * (x > 0.0 ? x : Alpha * ExpMinusOne(x));

    /// <inheritdoc/>
    public override double Slope(double x) => Gamma * (x > 0.0 ? 1.0 : Alpha * Math.Exp(x));

    /// <inheritdoc/>
    public override double Bend(double x) => x < 0.0 ? Gamma * Alpha * Math.Exp(x) : 0.0;

    // tanh(x/2) = (eˣ − 1)/(eˣ + 1): no digits cancel near 0.
    private static double ExpMinusOne(double x) => Math.Tanh(0.5 * x) * (Math.Exp(x) + 1.0);
}

/// <summary>α x + β, cut at 0 and at 1; at both kinks the slope is 0. PyTorch's has α = 1/6 and β = ½.</summary>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
public sealed record HardSigmoidFunction(double Alpha = 1.0 / 6.0, double Beta = 0.5) : ScalarFunction
{
    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    /// <inheritdoc/>
    public override double Value(double x) => Math.Min(Math.Max((Alpha * x) + Beta, 0.0), 1.0);

    /// <inheritdoc/>
    public override double Slope(double x) => (Alpha * x) + Beta is > 0.0 and < 1.0 ? Alpha : 0.0;
}

/// <summary>x times the hard sigmoid of slope 1/6 (Howard et al., 1905.02244): 0 below −3, x above 3, x (x + 3)/6 between. At both kinks the slope is that from between, −½ and 3/2.</summary>
public sealed record HardSwishFunction : ScalarFunction
{
    private const double Kink = 3.0;

    /// <inheritdoc/>
    public override double Value(double x) => x * Math.Min(Math.Max(x + Kink, 0.0), 2.0 * Kink) / (2.0 * Kink);

    /// <inheritdoc/>
    public override double Slope(double x) => x < -Kink ? 0.0 : x <= Kink ? (x / Kink) + 0.5 : 1.0;

    /// <inheritdoc/>
    public override double Bend(double x) => x is > -Kink and < Kink ? 1.0 / Kink : 0.0;
}

/// <summary>|x|; at 0 the slope is 0.</summary>
public sealed record AbsFunction : ScalarFunction
{
    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    /// <inheritdoc/>
    public override double Value(double x) => Math.Abs(x);

    /// <inheritdoc/>
    public override double Slope(double x) => x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}

/// <summary>x cut to an interval; at both ends the slope is 1. Where the interval is empty (its least number above its largest) everything becomes the largest. ReLU6 is this with 0 and 6.</summary>
/// <param name="Least">The lower end, −∞ for none.</param>
/// <param name="Largest">The upper end, ∞ for none.</param>
public sealed record ClipFunction(double Least = double.NegativeInfinity, double Largest = double.PositiveInfinity) : ScalarFunction
{
    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    /// <inheritdoc/>
    public override double Value(double x) => Math.Min(Math.Max(x, Least), Largest);

    /// <inheritdoc/>
    public override double Slope(double x) => x >= Least && x <= Largest ? 1.0 : 0.0;
}
