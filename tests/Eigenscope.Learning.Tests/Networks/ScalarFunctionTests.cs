using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Functions of one number: at kinks against what PyTorch 1.13 gives there, far out against limits, and everywhere against difference quotients.</summary>
public sealed class ScalarFunctionTests
{
    private const double Least = 1e-300;

    /// <summary>Function, point, value, slope and second derivative; found by torch.autograd.grad in double.</summary>
    public static TheoryData<ScalarFunction, double, double, double> Kinks() => new()
    {
        { new LeakyReluFunction(0.1), 0.0, 0.0, 0.1 },
        { new EluFunction(0.7), 0.0, 0.0, 0.7 },
        { new EluFunction(1.6732632423543772, 1.0507009873554805), 0.0, 0.0, 1.7580993408473766 },
        { new HardSigmoidFunction(), -3.0, 0.0, 0.0 },
        { new HardSigmoidFunction(), 3.0, 1.0, 0.0 },
        { new HardSwishFunction(), -3.0, 0.0, -0.5 },
        { new HardSwishFunction(), 3.0, 3.0, 1.5 },
        { new AbsFunction(), 0.0, 0.0, 0.0 },
        { new ClipFunction(-1.0, 2.0), -1.0, -1.0, 1.0 },
        { new ClipFunction(-1.0, 2.0), 2.0, 2.0, 1.0 },
        { new ClipFunction(0.0), 0.0, 0.0, 1.0 },
        { new ClipFunction(3.0, 2.0), 0.0, 2.0, 0.0 },
        { new ClipFunction(3.0, 2.0), 2.5, 2.0, 0.0 },
        { new ClipFunction(3.0, 2.0), 4.0, 2.0, 0.0 },
        { new PowerFunction(0.0), 0.0, 1.0, 0.0 },
        { new PowerFunction(0.5), 0.0, 0.0, double.PositiveInfinity },
        { new PowerFunction(1.0), 0.0, 0.0, 1.0 },
        { new PowerFunction(1.5), 0.0, 0.0, 0.0 },
        { new PowerFunction(2.0), 0.0, 0.0, 0.0 },
        { new PowerFunction(3.0), 0.0, 0.0, 0.0 },
        { new SqrtFunction(), 0.0, 0.0, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Kinks))]
    public void Kinks_are_those_of_PyTorch(ScalarFunction function, double x, double value, double slope)
    {
        Assert.Equal(value, function.Value(x));
        Assert.Equal(slope, function.Slope(x), 1e-15);
    }

    [Theory]
    [MemberData(nameof(Kinks))]
    public void A_layer_takes_the_same_slope(ScalarFunction function, double x, double value, double slope)
    {
        FunctionLayer layer = new("function", 1, function);
        Assert.Equal([value], LayerProbe.Value(layer, [x], [], keep: true));
        Assert.Equal((float)value, LayerProbe.Value(layer, [(float)x], [], keep: false)[0]);
        Assert.Equal(2.0 * slope, LayerProbe.Pullback(layer, [x], [], [2.0])[0], 1e-15);
        Assert.Equal(2.0 * slope, LayerProbe.Tangent(layer, [x], [], [2.0])[0], 1e-15);
    }

    public static TheoryData<ScalarFunction, double, double, double> Limits() => new()
    {
        { new SigmoidFunction(), 1000.0, 1.0, 0.0 },
        { new SigmoidFunction(), -1000.0, 0.0, 0.0 },
        { new SoftplusFunction(), 1000.0, 1000.0, 1.0 },
        { new SoftplusFunction(), -1000.0, 0.0, 0.0 },
        { new EluFunction(), -1000.0, -1.0, 0.0 },
        { new GeluTanhFunction(), 1e200, 1e200, 1.0 },
        { new GeluTanhFunction(), -1e200, 0.0, 0.0 },
        { new ErfFunction(), 1000.0, 1.0, 0.0 },
        { new ErfFunction(), -1000.0, -1.0, 0.0 },
        { new HardSwishFunction(), 1e6, 1e6, 1.0 },
        { new HardSwishFunction(), -1e6, 0.0, 0.0 },
        { new ClipFunction(), 1e300, 1e300, 1.0 },
        { new ClipFunction(double.NegativeInfinity, 6.0), 7.0, 6.0, 0.0 },
        { new LeakyReluFunction(0.2), -1e300, -2e299, 0.2 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Far_out_functions_are_at_their_limits(ScalarFunction function, double x, double value, double slope)
    {
        Assert.Equal(value, function.Value(x), 1e-15 * Math.Max(1.0, Math.Abs(value)));
        Assert.Equal(slope, function.Slope(x), Least);
        Assert.Equal(0.0, function.Bend(x), Least);
    }

    // Digits that a careless formula would lose: e⁻⁴⁰ + …, and x + x²/2 + ….
    [Fact]
    public void Small_values_keep_their_digits()
    {
        Assert.Equal(Math.Exp(-40.0), new SoftplusFunction().Value(-40.0), 1e-15 * Math.Exp(-40.0));
        Assert.Equal(-1e-10 + 5e-21, new EluFunction().Value(-1e-10), 1e-25);
        Assert.Equal(Math.Exp(-40.0), new SigmoidFunction().Slope(40.0), 1e-15 * Math.Exp(-40.0));
    }

    public static TheoryData<ScalarFunction, double[]> Smooth() => new()
    {
        { new EluFunction(0.7), [-2.0, -0.3, 0.4] },
        { new SigmoidFunction(), [-3.0, 0.2, 4.0] },
        { new SoftplusFunction(), [-3.0, 0.2, 4.0] },
        { new ErfFunction(), [-1.2, 0.1, 2.0] },
        { new GeluTanhFunction(), [-2.0, -0.1, 1.5] },
        { new ExpFunction(), [-2.0, 1.0] },
        { new LogFunction(), [0.3, 2.0] },
        { new SqrtFunction(), [0.3, 2.0] },
        { new ReciprocalFunction(), [-0.5, 0.7, 3.0] },
        { new PowerFunction(1.7), [0.3, 2.0] },
        { new PowerFunction(3.0), [-1.5, 2.0] },
        { new PowerFunction(-2.0), [-1.5, 2.0] },
        { new SquareFunction(), [-1.5, 2.0] },
        { new HardSwishFunction(), [-4.0, -2.0, 1.0, 5.0] },
        { new LeakyReluFunction(0.2), [-1.0, 2.0] },
        { new HardSigmoidFunction(0.3, 0.4), [-2.0, 0.5, 4.0] },
        { new AbsFunction(), [-1.0, 2.0] },
        { new ClipFunction(-0.5, 0.5), [-1.0, 0.1, 2.0] },
    };

    // A central difference of step h has an error of h² f‴/6 and of rounding over h: with h = 1e-5 some 1e-9 for functions of order one.
    [Theory]
    [MemberData(nameof(Smooth))]
    public void Derivatives_are_difference_quotients(ScalarFunction function, double[] points)
    {
        const double Step = 1e-5;
        foreach (double x in points)
        {
            double scale = 1.0 + Math.Abs(function.Value(x)) + Math.Abs(function.Slope(x)) + Math.Abs(function.Bend(x));
            Assert.Equal((function.Value(x + Step) - function.Value(x - Step)) / (2.0 * Step), function.Slope(x), 1e-8 * scale);
            Assert.Equal((function.Slope(x + Step) - function.Slope(x - Step)) / (2.0 * Step), function.Bend(x), 1e-8 * scale);
            if (function.IsPiecewiseLinear)
                Assert.Equal(0.0, function.Bend(x));
        }
    }

    [Fact]
    public void A_NaN_stays_one()
    {
        foreach (ScalarFunction function in Smooth().Select(static row => (ScalarFunction)row[0]))
            Assert.True(double.IsNaN(function.Value(double.NaN)), function.ToString());
    }
}
