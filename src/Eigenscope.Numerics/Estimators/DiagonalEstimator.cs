using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// diag A from products: the mean of x ⊙ A x over vectors of random signs (Bekas, Kokiopoulou and Saad, Appl. Numer. Math. 57, 2007). Unbiased; the variance of one sample of entry i is Σ_{j≠i} a_ij².
/// </summary>
public static class DiagonalEstimator
{
    /// <summary>Estimates the diagonal; computes it exactly where that takes no more products, with one for a diagonal operator, with n for one of dimension n ≤ <paramref name="samples"/>.</summary>
    /// <param name="operand">A, n × n.</param>
    /// <param name="samples">Number of products allowed, ≥ 2.</param>
    /// <param name="random">Source of the signs; consumed.</param>
    /// <returns>Every entry with its standard error.</returns>
    /// <exception cref="ArgumentException">A is not square, or fewer than 2 samples are asked for.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    public static DiagonalEstimate Estimate(LinearOperator operand, int samples, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, SampledProducts.FewestSamples);
        if (operand.Rows != operand.Columns)
            throw new ArgumentException($"expected a square operator, got {operand.Rows} × {operand.Columns}", nameof(operand));
        int n = operand.Rows;
        double[] mean = new double[n];
        double[] squares = new double[n];
        bool diagonal = operand.Structure.HasFlag(OperatorStructure.Diagonal);
        if (diagonal || SampledProducts.IsExact(operand, samples))
        {
            SampledProducts.ForEach(operand, diagonal ? Math.Min(1, n) : samples, random, (x, product) => Primitives.MultiplyAdd(x, product, mean, mean));
            return new DiagonalEstimate(mean, squares, 0);
        }
        int count = 0;
        SampledProducts.ForEach(operand, samples, random, (x, product) => Accumulate(x, product, ++count, mean, squares));
        Primitives.Divide(squares, (double)samples * (samples - 1), squares);
        Primitives.Sqrt(squares, squares);
        return new DiagonalEstimate(mean, squares, samples);
    }

    // Welford's recurrence, entry by entry.
    private static void Accumulate(ReadOnlySpan<double> x, ReadOnlySpan<double> product, int count, double[] mean, double[] squares)
    {
        for (int i = 0; i < mean.Length; i++)
        {
            double value = x[i] * product[i];
            double difference = value - mean[i];
            mean[i] += difference / count;
            squares[i] += difference * (value - mean[i]);
        }
    }
}
