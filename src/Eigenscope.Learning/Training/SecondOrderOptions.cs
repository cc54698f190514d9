namespace Eigenscope.Learning.Training;

/// <summary>How <see cref="SecondOrderMinimizer"/> descends: L-BFGS first, then Newton steps within a trust region.</summary>
public sealed record SecondOrderOptions
{
    /// <summary>The objective's gradient norm at which a point counts as stationary, &gt; 0. Default 1e-10.</summary>
    public double GradientTolerance { get; init; } = 1e-10;

    /// <summary>Most L-BFGS iterations, ≥ 0; 0 goes to Newton at once. Default 500.</summary>
    public int LbfgsIterations { get; init; } = 500;

    /// <summary>Newton takes over when the gradient norm is at most this share of the one at the start, ≥ 0, or when L-BFGS finds no further descent. Default 1e-4.</summary>
    public double LbfgsTolerance { get; init; } = 1e-4;

    /// <summary>Most Newton steps, refused ones included, ≥ 0. Default 100.</summary>
    public int NewtonIterations { get; init; } = 100;

    /// <summary>Most Hessian products of all Newton steps together, ≥ 0. Default 20,000.</summary>
    public int MaxProducts { get; init; } = 20_000;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting out of the range its documentation gives.</exception>
    internal void Check()
    {
        Require(GradientTolerance > 0.0 && double.IsFinite(GradientTolerance), nameof(GradientTolerance), GradientTolerance, "a positive finite gradient norm");
        Require(LbfgsTolerance >= 0.0 && double.IsFinite(LbfgsTolerance), nameof(LbfgsTolerance), LbfgsTolerance, "a finite share of at least 0");
        Require(LbfgsIterations >= 0, nameof(LbfgsIterations), LbfgsIterations, "at least 0");
        Require(NewtonIterations >= 0, nameof(NewtonIterations), NewtonIterations, "at least 0");
        Require(MaxProducts >= 0, nameof(MaxProducts), MaxProducts, "at least 0");
    }

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}");
    }
}
