namespace Eigenscope.Learning.Networks;

/// <summary>
/// A function σ of one number with its first two derivatives, for a <see cref="FunctionLayer"/>. Where σ has a kink the derivative is the one that PyTorch takes there, named at each function; the second derivative there is 0.
/// ReLU, tanh and the exact GELU have layers of their own.
/// </summary>
public abstract record ScalarFunction
{
    private protected ScalarFunction()
    {
    }

    /// <summary>Whether σ″ = 0 almost everywhere.</summary>
    public virtual bool IsPiecewiseLinear => false;

    /// <summary>σ(x).</summary>
    /// <param name="x">Any number.</param>
    public abstract double Value(double x);

    /// <summary>σ′(x).</summary>
    /// <param name="x">Any number.</param>
    public abstract double Slope(double x);

    /// <summary>σ″(x).</summary>
    /// <param name="x">Any number.</param>
    public virtual double Bend(double x) => 0.0;
}
