namespace Eigenscope.Learning.Kernels;

/// <summary>
/// A positive definite kernel k(x, z) of points already mapped by the root of a metric, so that its geometry is Euclidean: a radial kernel is a function of r² = ‖x − z‖², an inner-product kernel of x·z.
/// A subclass turns blocks of that one number into values and into slopes; everything else is written once.
/// </summary>
public abstract class Kernel
{
    private protected Kernel()
    {
    }

    /// <summary>Its name in options and reports.</summary>
    public abstract string Name { get; }

    /// <summary>Its formula with its parameters, for reports.</summary>
    public abstract string Formula { get; }

    /// <summary>Whether it depends on ‖x − z‖ alone; else on x·z alone. A radial kernel has k(x, x) = 1, exactly.</summary>
    public abstract bool IsRadial { get; }

    /// <summary>Replaces r² (or x·z) by k.</summary>
    internal abstract void ToValues(Span<double> geometry);

    /// <summary>
    /// Replaces r² by s with ∇_x k(x, z) = s (z − x), or x·z by s with ∇_x k(x, z) = s z. Where a radial kernel has a kink, at distances below <see cref="LeastDistance"/>, s is 0: the term is dropped.
    /// </summary>
    internal abstract void ToSlopes(Span<double> geometry);

    /// <summary>γ and b of an inner-product kernel whose slope is γ (x·z + b); null for every other.</summary>
    internal virtual (double Factor, double Offset)? LinearSlope => null;

    /// <summary>Distance below which two points count as one in gradients of a kernel that is not smooth there.</summary>
    internal const double LeastDistance = 1e-10;

    private protected static double RequirePositive(double value, string name) =>
        value > 0.0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "expected a finite number > 0");
}
