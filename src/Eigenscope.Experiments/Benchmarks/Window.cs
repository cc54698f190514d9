namespace Eigenscope.Experiments.Benchmarks;

/// <summary>What was measured within one window of some tenths of a second, so that all of it met the same machine.</summary>
/// <param name="GemmRate">Flops a second of the large matrix product.</param>
/// <param name="GradientSeconds">One gradient.</param>
/// <param name="ProductSeconds">One product; a block's time divided by b.</param>
/// <param name="Scaling">The smaller of the two scalings of a pair of loops, before and after; see <see cref="CoreScaling"/>.</param>
internal readonly record struct Window(double GemmRate, double GradientSeconds, double ProductSeconds, double Scaling)
{
    /// <summary>Whether the cores were there.</summary>
    public bool IsKept => Scaling >= CoreScaling.Required;
}
