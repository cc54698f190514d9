namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>x + x₁ε₁ + x₂ε₂ + x₁₂ε₁ε₂ with ε₁² = ε₂² = 0: carries two first derivatives and the mixed second one, exact up to rounding.</summary>
internal readonly record struct HyperDual(double Value, double First, double Second, double Mixed)
{
    public static implicit operator HyperDual(double value) => new(value, 0, 0, 0);

    public static HyperDual operator +(HyperDual x, HyperDual y) => new(x.Value + y.Value, x.First + y.First, x.Second + y.Second, x.Mixed + y.Mixed);

    public static HyperDual operator -(HyperDual x, HyperDual y) => new(x.Value - y.Value, x.First - y.First, x.Second - y.Second, x.Mixed - y.Mixed);

    public static HyperDual operator *(HyperDual x, HyperDual y) => new(
        x.Value * y.Value,
        (x.First * y.Value) + (x.Value * y.First),
        (x.Second * y.Value) + (x.Value * y.Second),
        (x.Mixed * y.Value) + (x.First * y.Second) + (x.Second * y.First) + (x.Value * y.Mixed));

    public static HyperDual Exp(HyperDual x)
    {
        double value = Math.Exp(x.Value);
        return x.Through(value, value, value);
    }

    public static HyperDual Log(HyperDual x) => x.Through(Math.Log(x.Value), 1 / x.Value, -1 / (x.Value * x.Value));

    private HyperDual Through(double value, double slope, double curvature) =>
        new(value, slope * First, slope * Second, (slope * Mixed) + (curvature * First * Second));
}
