namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>Roots of a function of one variable that changes sign once in a bracket, to rounding.</summary>
internal static class ScalarRoot
{
    private const int MaxIterations = 400;
    private const double UnitRounding = 2.220446049250313e-16;

    /// <summary>
    /// Newton's iteration, kept inside a bracket that bisection shrinks wherever a step would leave it. Stops when a step no longer moves the iterate by more than
    /// its own rounding, so the answer is exact up to the rounding of the function divided by its slope.
    /// </summary>
    /// <param name="function">Value and derivative; non-negative at <paramref name="low"/>, non-positive at <paramref name="high"/>.</param>
    /// <param name="low">Left end.</param>
    /// <param name="high">Right end.</param>
    public static double Falling(Func<double, (double Value, double Slope)> function, double low, double high)
    {
        double x = low + (0.5 * (high - low));
        for (int i = 0; i < MaxIterations; i++)
        {
            (double value, double slope) = function(x);
            if (value == 0)
                return x;
            if (value > 0)
                low = x;
            else
                high = x;
            double next = x - (value / slope);
            if (!(next > low && next < high))
                next = low + (0.5 * (high - low));
            if (Math.Abs(next - x) <= UnitRounding * Math.Abs(x))
                return next;
            x = next;
        }
        return x;
    }

    /// <summary>Doubles the step right of <paramref name="start"/> until <paramref name="value"/> is no longer positive.</summary>
    public static double RightBracket(Func<double, double> value, double start)
    {
        double step = 1;
        while (value(start + step) > 0)
            step *= 2;
        return start + step;
    }

    /// <summary>log(1 + x) with a relative error of a few roundings for small x too.</summary>
    public static double LogOnePlus(double x)
    {
        double y = 1 + x;
        return y == 1 ? x : Math.Log(y) * (x / (y - 1));
    }
}
