namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Sums, and beside each the sum of its terms' magnitudes: what its rounding error is relative to.</summary>
internal sealed class TermSums(int length)
{
    public double[] Values { get; } = new double[length];

    public double[] Magnitudes { get; } = new double[length];

    public void Add(int index, double term)
    {
        Values[index] += term;
        Magnitudes[index] += Math.Abs(term);
    }
}
